package dev.remit.simulator.identity;

import static org.assertj.core.api.Assertions.assertThat;

import dev.remit.bytes.Bytes;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.PSSParameterSpec;
import java.security.spec.RSAPublicKeySpec;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Reads the certificates with offsets of its own, not with the code that wrote them. */
class PlatformIdentityTest {
  private static final int BODY = 0x414;
  private static final int FIRST_SLOT = 0x414;
  private static final int SECOND_SLOT = 0x61c;

  private final PlatformIdentity identity = TestPlatform.identity();

  @Test
  void rootSignsItself() throws Exception {
    assertThat(caVerifies(identity.ark(), identity.ark())).isTrue();
  }

  @Test
  void rootSignsTheIntermediate() throws Exception {
    assertThat(caVerifies(identity.ask(), identity.ark())).isTrue();
    assertThat(caVerifies(identity.ark(), identity.ask())).isFalse();
  }

  @Test
  void intermediateSignsTheChip() throws Exception {
    var cek = identity.cek().raw();
    assertThat(u32(cek, FIRST_SLOT)).isEqualTo(0x13);
    assertThat(u32(cek, FIRST_SLOT + 4)).isEqualTo(0x101);
    var signature = cek.slice(FIRST_SLOT + 8, 512).reversed();
    assertThat(pssVerifies(rsaKey(identity.ask()), cek.slice(0, BODY), signature)).isTrue();
    assertThat(u32(cek, SECOND_SLOT)).isEqualTo(0x1000);
  }

  @Test
  void ownerSignsItself() throws Exception {
    assertThat(ecVerifies(identity.oca(), FIRST_SLOT, identity.oca())).isTrue();
  }

  @Test
  void ownerAndChipSignThePlatform() throws Exception {
    assertThat(ecVerifies(identity.pek(), FIRST_SLOT, identity.oca())).isTrue();
    assertThat(ecVerifies(identity.pek(), SECOND_SLOT, identity.cek())).isTrue();
    assertThat(ecVerifies(identity.pek(), FIRST_SLOT, identity.cek())).isFalse();
  }

  @Test
  void platformSignsTheAgreementKey() throws Exception {
    assertThat(ecVerifies(identity.pdh(), FIRST_SLOT, identity.pek())).isTrue();
    assertThat(ecVerifies(identity.pdh(), FIRST_SLOT, identity.oca())).isFalse();
  }

  @Test
  void certificatesNameVersionUsageAlgorithmAndCurveAsARealPlatformDoes() {
    assertThat(identity.pdh().raw().slice(0, 20))
        .isEqualTo(
            Bytes.concat(
                Bytes.le32(1),
                Bytes.of(1, 55, 0, 0),
                Bytes.le32(0x1003),
                Bytes.le32(3),
                Bytes.le32(2)));
    assertThat(u32(identity.pek().raw(), 8)).isEqualTo(0x1002);
    assertThat(u32(identity.oca().raw(), 8)).isEqualTo(0x1001);
    assertThat(u32(identity.cek().raw(), 8)).isEqualTo(0x1004);
    assertThat(u32(identity.cek().raw(), 12)).isEqualTo(2);
  }

  @Test
  void keyIdsSpellThatTheRootIsSimulated() {
    for (Bytes certificate : List.of(identity.ark(), identity.ask())) {
      assertThat(ascii(certificate.slice(4, 16))).startsWith("SIMULATED");
      assertThat(certificate.slice(20, 16)).isEqualTo(identity.ark().slice(4, 16));
    }
    assertThat(ascii(identity.cpu0Id())).startsWith("SIMULATED");
    assertThat(identity.cpu0Id().size()).isEqualTo(64);
  }

  @Test
  void compositionsHaveTheSizesOfTheirFormats() {
    assertThat(identity.caCertificates().size()).isEqualTo(3200);
    assertThat(identity.certChain().size()).isEqualTo(6252);
    assertThat(identity.exportedChain().size()).isEqualTo(8336 + 3200);
  }

  @Test
  void privateKeysAreTheirOwnersAlone() throws IOException {
    try (var files = Files.list(TestPlatform.FOLDER)) {
      for (Path file : files.toList()) {
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
            .as(file.toString())
            .isEqualTo("rw-------");
      }
    }
  }

  private static String ascii(Bytes octets) {
    return new String(octets.toArray(), StandardCharsets.ISO_8859_1);
  }

  private static int u32(Bytes raw, int at) {
    return raw.at(at) | (raw.at(at + 1) << 8) | (raw.at(at + 2) << 16) | (raw.at(at + 3) << 24);
  }

  private static boolean caVerifies(Bytes certificate, Bytes issuer)
      throws GeneralSecurityException {
    return pssVerifies(
        rsaKey(issuer), certificate.slice(0, 64 + 1024), certificate.slice(1088, 512).reversed());
  }

  private static PublicKey rsaKey(Bytes certificate) throws GeneralSecurityException {
    var exponent = new BigInteger(1, certificate.slice(64, 512).reversed().toArray());
    var modulus = new BigInteger(1, certificate.slice(576, 512).reversed().toArray());
    return KeyFactory.getInstance("RSA").generatePublic(new RSAPublicKeySpec(modulus, exponent));
  }

  private static boolean pssVerifies(PublicKey key, Bytes body, Bytes signature)
      throws GeneralSecurityException {
    var verifier = Signature.getInstance("RSASSA-PSS");
    verifier.setParameter(new PSSParameterSpec("SHA-384", "MGF1", MGF1ParameterSpec.SHA384, 48, 1));
    verifier.initVerify(key);
    verifier.update(body.toArray());
    return verifier.verify(signature.toArray());
  }

  private static boolean ecVerifies(SevCertificate certificate, int slot, SevCertificate signer)
      throws GeneralSecurityException {
    var key = signer.raw();
    var x = new BigInteger(1, key.slice(20, 72).reversed().toArray());
    var y = new BigInteger(1, key.slice(92, 72).reversed().toArray());
    var verifier = Signature.getInstance("SHA256withECDSAinP1363Format");
    verifier.initVerify(EllipticKeys.publicKey(x, y));
    verifier.update(certificate.raw().slice(0, BODY).toArray());
    var r = certificate.raw().slice(slot + 8, 48).reversed();
    var s = certificate.raw().slice(slot + 8 + 72, 48).reversed();
    return u32(certificate.raw(), slot) == u32(key, 8)
        && verifier.verify(Bytes.concat(r, s).toArray());
  }
}
