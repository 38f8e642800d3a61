package dev.remit.endorsement;

import java.util.Arrays;
import java.util.Optional;
import org.bouncycastle.crypto.ec.CustomNamedCurves;
import org.bouncycastle.crypto.params.ECDomainParameters;

/** A curve that SEV firmware knows (SEV API, appendix C, "CURVE"). */
public enum EcCurve {
  P256(1, "P-256"),
  P384(2, "P-384");

  private static final ECDomainParameters P256_DOMAIN = named(P256);
  private static final ECDomainParameters P384_DOMAIN = named(P384);

  private final int code;
  private final String title;

  EcCurve(int code, String title) {
    this.code = code;
    this.title = title;
  }

  public String title() {
    return title;
  }

  public ECDomainParameters domain() {
    return switch (this) {
      case P256 -> P256_DOMAIN;
      case P384 -> P384_DOMAIN;
    };
  }

  /** Bytes of one coordinate: 32 or 48. */
  public int coordinateSize() {
    return domain().getCurve().getFieldElementEncodingLength();
  }

  int code() {
    return code;
  }

  static Optional<EcCurve> ofCode(long code) {
    return Arrays.stream(values()).filter(curve -> curve.code == code).findFirst();
  }

  private static ECDomainParameters named(EcCurve curve) {
    return new ECDomainParameters(CustomNamedCurves.getByName(curve.title));
  }
}
