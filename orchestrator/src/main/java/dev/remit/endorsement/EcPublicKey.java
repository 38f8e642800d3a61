package dev.remit.endorsement;

import dev.remit.bytes.ByteReader;
import dev.remit.bytes.Bytes;
import dev.remit.bytes.MalformedException;
import java.math.BigInteger;
import org.bouncycastle.crypto.params.ECPublicKeyParameters;
import org.bouncycastle.math.ec.ECPoint;

/**
 * A point of a curve, never the one at infinity.
 *
 * @param x affine, big-endian, as long as {@link EcCurve#coordinateSize()} says
 * @param y the same
 */
public record EcPublicKey(EcCurve curve, Bytes x, Bytes y) {
  /** Bytes of a coordinate, and of either half of an ECDSA signature, in a certificate. */
  static final int FIELD_SIZE = 72;

  /** Throws {@link IllegalArgumentException} where the two are no point of the curve. */
  public EcPublicKey {
    if (x.size() != curve.coordinateSize() || y.size() != curve.coordinateSize()) {
      throw new IllegalArgumentException(
          "a coordinate of " + curve.title() + " has " + curve.coordinateSize() + " bytes");
    }
    curve.domain().getCurve().validatePoint(unsigned(x), unsigned(y));
  }

  /** The affine coordinates of a point; throws {@link IllegalArgumentException} at infinity. */
  public static EcPublicKey of(EcCurve curve, ECPoint point) {
    if (point.isInfinity()) {
      throw new IllegalArgumentException("the point at infinity is no key");
    }
    var affine = point.normalize();
    return new EcPublicKey(
        curve,
        Bytes.copyOf(affine.getAffineXCoord().getEncoded()),
        Bytes.copyOf(affine.getAffineYCoord().getEncoded()));
  }

  /** Reads curve, x and y: 4 bytes, then two little-endian fields of 72 bytes. */
  static EcPublicKey parse(ByteReader reader) throws MalformedException {
    int start = reader.position();
    long code = reader.u32le();
    var curve =
        EcCurve.ofCode(code)
            .orElseThrow(() -> new MalformedException(start, "curve " + code + " is unknown"));
    var x = coordinate(reader, curve);
    var y = coordinate(reader, curve);
    try {
      return new EcPublicKey(curve, x, y);
    } catch (IllegalArgumentException e) {
      throw new MalformedException(start, "the key is no point of " + curve.title());
    }
  }

  /** As in a certificate: 148 bytes. */
  Bytes toBytes() {
    return Bytes.concat(
        Bytes.le32(curve.code()),
        x.reversed().paddedTo(FIELD_SIZE),
        y.reversed().paddedTo(FIELD_SIZE));
  }

  public ECPublicKeyParameters parameters() {
    var point = curve.domain().getCurve().createPoint(unsigned(x), unsigned(y));
    return new ECPublicKeyParameters(point, curve.domain());
  }

  private static Bytes coordinate(ByteReader reader, EcCurve curve) throws MalformedException {
    var value = reader.bytes(curve.coordinateSize());
    reader.zeros(FIELD_SIZE - curve.coordinateSize(), "what follows a coordinate");
    return value.reversed();
  }

  private static BigInteger unsigned(Bytes bigEndian) {
    return new BigInteger(1, bigEndian.toArray());
  }
}
