package dev.remit.endorsement;

import dev.remit.bytes.Bytes;
import java.math.BigInteger;
import org.bouncycastle.crypto.digests.SHA384Digest;
import org.bouncycastle.crypto.params.ECPrivateKeyParameters;
import org.bouncycastle.crypto.signers.ECDSASigner;
import org.bouncycastle.crypto.signers.HMacDSAKCalculator;

/** A private key on a curve that a test knows. */
public record FakeEcKey(EcCurve curve, BigInteger scalar) {
  /** The key that a text stands for: the same in every run. */
  public static FakeEcKey named(EcCurve curve, String name) {
    var order = curve.domain().getN().subtract(BigInteger.ONE);
    var number = new BigInteger(1, FakeAmd.hash(name).toArray());
    return new FakeEcKey(curve, number.mod(order).add(BigInteger.ONE));
  }

  public EcPublicKey publicKey() {
    return EcPublicKey.of(curve, curve.domain().getG().multiply(scalar));
  }

  /** A signature as a certificate has it: r and s little-endian, 72 bytes each. */
  Bytes sign(KeyAlgorithm algorithm, Bytes message) {
    var signer = new ECDSASigner(new HMacDSAKCalculator(new SHA384Digest()));
    signer.init(true, new ECPrivateKeyParameters(scalar, curve.domain()));
    var both = signer.generateSignature(algorithm.digest(message).toArray());
    return Bytes.concat(FakeAmd.littleEndian(both[0], 72), FakeAmd.littleEndian(both[1], 72));
  }
}
