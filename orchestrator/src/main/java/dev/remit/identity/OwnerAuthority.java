package dev.remit.identity;

import dev.remit.bytes.Bytes;
import dev.remit.bytes.SecretBytes;
import dev.remit.endorsement.EcCurve;
import dev.remit.endorsement.EcPublicKey;
import dev.remit.endorsement.KeyAlgorithm;
import dev.remit.endorsement.KeyUsage;
import dev.remit.endorsement.SevCertificate;
import java.math.BigInteger;
import java.util.Arrays;
import org.bouncycastle.crypto.digests.SHA256Digest;
import org.bouncycastle.crypto.params.ECPrivateKeyParameters;
import org.bouncycastle.crypto.signers.ECDSASigner;
import org.bouncycastle.crypto.signers.HMacDSAKCalculator;
import org.bouncycastle.crypto.util.DigestFactory;
import org.bouncycastle.util.BigIntegers;

/**
 * The key by which whoever owns a platform signs its PEK (SEV API, PEK_CERT_IMPORT), and its
 * certificate. Closing wipes the key; while it is made and signs, it passes through numbers on the
 * heap, as in {@link SevSession}.
 *
 * @param certificate OCA on P-384, signed by itself with SHA-256
 * @param privateKey {@code ECPrivateKey} in DER (RFC 5915), 167 bytes, as OpenSSL and sevctl write
 *     it
 */
public record OwnerAuthority(SevCertificate certificate, SecretBytes privateKey)
    implements AutoCloseable {
  // The one shape of a P-384 key with curve and public key. Written around the secret, and not by a
  // library, so that no copy of the secret stays on the heap.
  private static final Bytes BEFORE_KEY = Bytes.ofHex("3081a40201010430");
  private static final Bytes BEFORE_POINT = Bytes.ofHex("a00706052b81040022a16403620004");

  /** Takes the private key, 48 bytes, from the generator. */
  public static OwnerAuthority create(Entropy entropy) {
    var key = SevSession.privateKey(entropy);
    var publicKey = SevSession.publicKey(key);
    var unsigned = SevCertificate.unsigned(KeyUsage.OCA, KeyAlgorithm.ECDSA_SHA256, publicKey);
    var signature = sign(key, unsigned.body());
    return new OwnerAuthority(
        unsigned.signed(
            KeyUsage.OCA,
            KeyAlgorithm.ECDSA_SHA256,
            coordinate(signature[0]),
            coordinate(signature[1])),
        encoded(key, publicKey));
  }

  private static BigInteger[] sign(ECPrivateKeyParameters key, Bytes message) {
    var digest = DigestFactory.createSHA256();
    byte[] hash = new byte[digest.getDigestSize()];
    digest.update(message.toArray(), 0, message.size());
    digest.doFinal(hash, 0);
    // RFC 6979: the number that must never repeat comes from key and message, not from chance.
    var signer = new ECDSASigner(new HMacDSAKCalculator(new SHA256Digest()));
    signer.init(true, key);
    return signer.generateSignature(hash);
  }

  private static Bytes coordinate(BigInteger number) {
    return Bytes.copyOf(BigIntegers.asUnsignedByteArray(EcCurve.P384.coordinateSize(), number));
  }

  private static SecretBytes encoded(ECPrivateKeyParameters key, EcPublicKey publicKey) {
    int size = EcCurve.P384.coordinateSize();
    var encoded = SecretBytes.allocate(BEFORE_KEY.size() + size + BEFORE_POINT.size() + 2 * size);
    byte[] scalar = BigIntegers.asUnsignedByteArray(size, key.getD());
    encoded
        .fill()
        .put(BEFORE_KEY.toArray())
        .put(scalar)
        .put(BEFORE_POINT.toArray())
        .put(publicKey.x().toArray())
        .put(publicKey.y().toArray());
    Arrays.fill(scalar, (byte) 0);
    return encoded;
  }

  @Override
  public void close() {
    privateKey.close();
  }
}
