package dev.remit.simulator.processor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.remit.bytes.Bytes;
import dev.remit.simulator.Samples;
import dev.remit.simulator.identity.TestPlatform;
import java.math.BigInteger;
import java.security.SecureRandom;
import java.security.spec.ECPoint;
import java.util.Arrays;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SecureProcessorTest {
  private static final int POLICY = 0x5;

  private final Bytes pdh = TestPlatform.identity().pdh().raw();
  private final SecureProcessor processor =
      new SecureProcessor(TestPlatform.identity(), TestPlatform.VERSION, new SecureRandom());
  private final SecureProcessor.OwnerSession session = GuestOwner.session(pdh, POLICY);

  @Test
  void opensASessionThatWasMadeForThisPlatformAndPolicy() throws FirmwareRefusal {
    var context = processor.launchStart(POLICY, Optional.of(session));
    assertThat(context.state()).isEqualTo(GuestState.LAUNCH_UPDATE);
    assertThat(context.policy()).isEqualTo(POLICY);
  }

  @Test
  void refusesASessionForAnotherPolicy() {
    assertThat(refusal(POLICY ^ 1, session)).isEqualTo(FirmwareStatus.BAD_MEASUREMENT);
  }

  @Test
  void refusesASessionForAnotherPlatform() {
    var elsewhere = GuestOwner.session(Samples.bytes("amd/rome-pdh.cert"), POLICY);
    assertThat(refusal(POLICY, elsewhere)).isEqualTo(FirmwareStatus.BAD_MEASUREMENT);
  }

  @Test
  void refusesASessionOfWhichAnyBitIsFlipped() {
    for (int bit = 0; bit < session.session().size() * 8; bit++) {
      byte[] flipped = session.session().toArray();
      flipped[bit / 8] ^= (byte) (1 << (bit % 8));
      var other = new SecureProcessor.OwnerSession(session.dhCertificate(), Bytes.copyOf(flipped));
      assertThat(refusal(POLICY, other))
          .as("bit %d", bit)
          .isEqualTo(FirmwareStatus.BAD_MEASUREMENT);
    }
  }

  @Test
  void refusesASessionOfAnotherSize() {
    for (int size : new int[] {0, 127, 129}) {
      var cut = Bytes.copyOf(Arrays.copyOf(session.session().toArray(), size));
      assertThat(refusal(POLICY, new SecureProcessor.OwnerSession(session.dhCertificate(), cut)))
          .isEqualTo(FirmwareStatus.INVALID_LENGTH);
    }
  }

  @Test
  void refusesACertificateOfAnotherSize() {
    var cut = session.dhCertificate().slice(0, 2083);
    assertThat(refusal(POLICY, new SecureProcessor.OwnerSession(cut, session.session())))
        .isEqualTo(FirmwareStatus.INVALID_LENGTH);
  }

  @Test
  void refusesACertificateWithAnotherVersionUsageAlgorithmOrCurve() {
    for (int offset : new int[] {0, 8, 12, 16}) {
      byte[] changed = session.dhCertificate().toArray();
      changed[offset] ^= 1;
      var other = new SecureProcessor.OwnerSession(Bytes.copyOf(changed), session.session());
      assertThat(refusal(POLICY, other))
          .as("offset %d", offset)
          .isEqualTo(FirmwareStatus.INVALID_CERTIFICATE);
    }
  }

  @Test
  void refusesAKeyThatIsNotOnTheCurve() {
    var other =
        new SecureProcessor.OwnerSession(
            GuestOwner.certificate(new ECPoint(BigInteger.TWO, BigInteger.TWO)), session.session());
    assertThat(refusal(POLICY, other)).isEqualTo(FirmwareStatus.INVALID_CERTIFICATE);
  }

  @Test
  void refusesAPolicyThatAsksForALaterFirmware() {
    int policy = (56 << 24) | (1 << 16) | 1;
    assertThat(refusal(policy, GuestOwner.session(pdh, policy)))
        .isEqualTo(FirmwareStatus.POLICY_FAILURE);
  }

  @Test
  void acceptsAPolicyThatAsksForThisFirmware() throws FirmwareRefusal {
    int policy = (55 << 24) | (1 << 16) | 1;
    assertThat(processor.launchStart(policy, Optional.of(GuestOwner.session(pdh, policy))).policy())
        .isEqualTo(policy);
  }

  @Test
  void refusesAPolicyWithReservedBits() {
    int policy = 1 << 6;
    assertThat(refusal(policy, GuestOwner.session(pdh, policy)))
        .isEqualTo(FirmwareStatus.POLICY_FAILURE);
  }

  @Test
  void startsWithoutASessionAsFirmwareDoes() throws FirmwareRefusal {
    assertThat(processor.launchStart(1, Optional.empty()).state())
        .isEqualTo(GuestState.LAUNCH_UPDATE);
  }

  @Test
  void unwrapsTheKeysOfAKnownSession() throws Exception {
    var shared =
        Bytes.ofHex(
            "596723fcd355bbf390ddbf89b03b31e4334a7470a43defb0dcfc05b1e35cfbcc"
                + "5716dab36e159e57450778d9e05e69c9");
    var known =
        Bytes.ofHex(
            "000102030405060708090a0b0c0d0e0f"
                + "0a28842a7ec24575dcfa1f093f89fce424de62ca7614e49e19a03c4e63f0c756"
                + "101112131415161718191a1b1c1d1e1f"
                + "3d4356064a3462421ee4e7aaf78931180bee906f0835f743d853d78a0ef64cb1"
                + "5bab974614908d198077acf450532cb777e88d7391f23d803e9e4a66f0ac87fd");
    var keys = TransportKeys.unwrap(shared.toArray(), known, 5);
    assertThat(Bytes.copyOf(keys.encryption().getEncoded()).hex())
        .isEqualTo("202122232425262728292a2b2c2d2e2f");
    assertThat(Bytes.copyOf(keys.integrity().getEncoded()).hex())
        .isEqualTo("303132333435363738393a3b3c3d3e3f");
  }

  @Test
  void unwrapsTheSessionOfZeros() throws Exception {
    var known =
        Bytes.ofHex(
            "00000000000000000000000000000000"
                + "2137bc7f9bb8bd7c3e55a576a15d3454b3856b8ba27afadf46dcfee9f02c02c4"
                + "00000000000000000000000000000000"
                + "3176c0752738bd9d5e86689534020f528c088f16238826b000b327dee6aeed7d"
                + "aa7855e13839dd767cd5da7c1ff5036540c9264b7a803029315e55375287b4af");
    var keys = TransportKeys.unwrap(new byte[48], known, 0);
    assertThat(Bytes.copyOf(keys.encryption().getEncoded()).isZero()).isTrue();
    assertThat(Bytes.copyOf(keys.integrity().getEncoded()).isZero()).isTrue();
  }

  private FirmwareStatus refusal(int policy, SecureProcessor.OwnerSession owner) {
    return catchThrowableOfType(
            FirmwareRefusal.class, () -> processor.launchStart(policy, Optional.of(owner)))
        .status();
  }
}
