package dev.remit.identity;

import static org.assertj.core.api.Assertions.assertThat;

import dev.remit.bytes.Bytes;
import dev.remit.endorsement.EcCurve;
import dev.remit.endorsement.EcPublicKey;
import dev.remit.endorsement.FakeAmd;
import dev.remit.endorsement.KeyAlgorithm;
import dev.remit.endorsement.KeyUsage;
import org.bouncycastle.asn1.sec.ECPrivateKey;
import org.bouncycastle.asn1.sec.SECObjectIdentifiers;
import org.junit.jupiter.api.Test;

class OwnerAuthorityTest {
  @Test
  void isACertificateThatSignsItself() {
    try (var authority = OwnerAuthority.create(FakeEntropy.seeded(1))) {
      var certificate = authority.certificate();
      assertThat(certificate.usage()).isEqualTo(KeyUsage.OCA);
      assertThat(certificate.algorithm()).isEqualTo(KeyAlgorithm.ECDSA_SHA256);
      assertThat(certificate.publicKey().curve()).isEqualTo(EcCurve.P384);
      assertThat(FakeAmd.believed().platform().selfSignatureOf(certificate)).isEqualTo("VALID");
    }
  }

  @Test
  void hasThePrivateKeyOfItsCertificateAsOpensslReadsIt() {
    try (var authority = OwnerAuthority.create(FakeEntropy.seeded(2))) {
      var der = Bytes.copyOf(authority.privateKey().lend(byte[]::clone));
      var key = ECPrivateKey.getInstance(der.toArray());
      var point = EcCurve.P384.domain().getG().multiply(key.getKey());
      assertThat(EcPublicKey.of(EcCurve.P384, point))
          .isEqualTo(authority.certificate().publicKey());
      assertThat(key.getParametersObject()).isEqualTo(SECObjectIdentifiers.secp384r1);
      assertThat(key.getPublicKey().getOctets()).hasSize(97).startsWith(4);
      assertThat(der.size()).isEqualTo(167);
    }
  }

  @Test
  void isAnotherOneEachTime() {
    var entropy = FakeEntropy.seeded(3);
    try (var one = OwnerAuthority.create(entropy);
        var other = OwnerAuthority.create(entropy)) {
      assertThat(one.certificate()).isNotEqualTo(other.certificate());
    }
  }
}
