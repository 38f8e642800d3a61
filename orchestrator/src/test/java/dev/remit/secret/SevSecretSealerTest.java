package dev.remit.secret;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.remit.bytes.Bytes;
import dev.remit.bytes.Sample;
import dev.remit.bytes.SecretBytes;
import dev.remit.endorsement.FakeAmd;
import dev.remit.endorsement.FakeFirmware;
import dev.remit.endorsement.FakePlatform;
import dev.remit.evidence.SevLaunchMeasurement;
import dev.remit.identity.Challenge;
import dev.remit.identity.Entropy;
import dev.remit.identity.FakeEntropy;
import dev.remit.identity.LaunchId;
import dev.remit.identity.SevSession;
import dev.remit.identity.TransportKeys;
import dev.remit.platform.SevFirmwareVersion;
import dev.remit.platform.SevPolicy;
import dev.remit.trust.SealingPermit;
import dev.remit.trust.TrustFixtures;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class SevSecretSealerTest {
  private static final FakePlatform HOST = FakeAmd.believed().platform();
  private static final SevPolicy POLICY =
      new SevPolicy(true, true, false, false, false, false, 0, 0);
  private static final LaunchId LAUNCH = new LaunchId(new UUID(0, 1));
  private static final UUID DISK = UUID.fromString("736869e5-84f0-4973-92ec-06879ce3da0b");
  private static final UUID OTHER = UUID.fromString("736869e5-aaaa-4973-92ec-06879ce3da0b");

  /** Keys, initialisation vector and measurement of sevctl's own tests. */
  @Nested
  class MakesThePacketOfSevctl {
    private final Bytes iv = Bytes.ofBase64("rFR07U3TLH2YnsUj2SVZ7A==");
    private final Bytes blob =
        Bytes.ofBase64("TLeA7607lZQntLjRY1/i+sbtdSZ+75zxpz4Px9hzpBLwItF5Q2o4prA++3ZZv9ZS");

    @Test
    void forOneSecret() {
      var packet = sealed(entry(DISK, "secret1.txt"));

      assertThat(packet.launchId()).isEqualTo(LAUNCH);
      assertThat(packet.header().base64())
          .isEqualTo("AAAAAKxUdO1N0yx9mJ7FI9klWey8FSzeYQ4X8K71VzNKLU/KQsIsQxLjtbhaPUewqshX5Q==");
      assertThat(packet.payload().base64())
          .isEqualTo(
              "0U3e5PcXv0UW+H4tSBFKOdCYfKE1+j38Bc2fuO16mYiyI+sWx7INfn+lgYj56GL1"
                  + "2yyinDa+lVfCCwD/2w5cPA==");
    }

    @Test
    void forTwoSecrets() {
      var packet = sealed(entry(DISK, "secret1.txt"), entry(OTHER, "secret2.txt"));

      assertThat(packet.header().base64())
          .isEqualTo("AAAAAKxUdO1N0yx9mJ7FI9klWeyZ3r0dOEKHUOhIRqzGYYvTJgdMtBPL1nK6GD9aGET7Ng==");
    }

    @Test
    void forASecretThatFillsThePacket() {
      assertThat(sealed(entry(DISK, "secret3.txt")).payload().size()).isEqualTo(16384);
      assertThat(sealed(entry(DISK, "secret4.txt")).payload().size()).isEqualTo(16384);
    }

    @Test
    void forAGuestThatItsOwnerStartsByOtherMeans() {
      var entry = entry(DISK, "secret1.txt");
      try (var keys =
          new TransportKeys(
              SecretBytes.takeFrom(resource("tek1.bin").toArray()),
              SecretBytes.takeFrom(resource("tik1.bin").toArray()))) {
        var permit = new SealingPermit.JudgedElsewhere(blob.slice(0, 32));
        var packet = SevSecretSealer.seal(List.of(entry), keys, permit, FakeEntropy.of(iv));
        assertThat(packet.header().base64())
            .isEqualTo("AAAAAKxUdO1N0yx9mJ7FI9klWey8FSzeYQ4X8K71VzNKLU/KQsIsQxLjtbhaPUewqshX5Q==");
        assertThat(packet.payload().size()).isEqualTo(64);
      }
    }

    @Test
    void andNoneForOneByteMore() {
      var tooMuch = Bytes.concat(resource("secret4.txt"), Bytes.of(0));
      var entry = new SecretEntry(DISK, SecretBytes.takeFrom(tooMuch.toArray()));

      assertThatThrownBy(() -> sealed(entry))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("16400");
    }

    private SevLaunchSecret sealed(SecretEntry... entries) {
      var random = FakeEntropy.seeded(1);
      var keys =
          FakeEntropy.of(
              random.bytes(48),
              random.bytes(16),
              random.bytes(16),
              resource("tek1.bin"),
              resource("tik1.bin"));
      try (var challenge = challenge(LAUNCH, keys)) {
        var trusted = TrustFixtures.trusted(LAUNCH, evidence(blob));
        return SevSecretSealer.seal(List.of(entries), challenge, trusted, FakeEntropy.of(iv));
      }
    }
  }

  @Nested
  class APacket {
    private final FakeEntropy entropy = FakeEntropy.seeded(2);

    @Test
    void isOpenedByTheFirmwareThatMeasuredTheGuest() {
      try (var challenge = challenge(LAUNCH, entropy)) {
        var firmware = firmware(challenge);
        var blob = firmware.launchMeasure(0, 24, 15, Bytes.zeros(32), entropy.bytes(16));

        var packet = sealed(challenge, blob);
        var table = firmware.openSecret(packet.header(), packet.payload(), blob);

        assertThat(table.slice(40, 3)).isEqualTo(Bytes.of(7, 8, 9));
        assertThat(table.size()).isEqualTo(48);
      }
    }

    @Test
    void isRefusedByFirmwareOfAnotherSession() {
      try (var challenge = challenge(LAUNCH, entropy);
          var other = challenge(LAUNCH, entropy)) {
        var blob = firmware(challenge).launchMeasure(0, 24, 15, Bytes.zeros(32), Bytes.zeros(16));
        var packet = sealed(challenge, blob);
        var firmware = firmware(other);

        assertThatThrownBy(() -> firmware.openSecret(packet.header(), packet.payload(), blob))
            .hasMessage("BAD_MEASUREMENT: the secret");
      }
    }

    @Test
    void isRefusedByFirmwareThatMeasuredAnotherGuest() {
      try (var challenge = challenge(LAUNCH, entropy)) {
        var firmware = firmware(challenge);
        var blob = firmware.launchMeasure(0, 24, 15, Bytes.zeros(32), Bytes.zeros(16));
        var other = firmware.launchMeasure(0, 24, 15, Bytes.zeros(32), Bytes.of(1).paddedTo(16));
        var packet = sealed(challenge, blob);

        assertThatThrownBy(() -> firmware.openSecret(packet.header(), packet.payload(), other))
            .hasMessage("BAD_MEASUREMENT: the secret");
      }
    }

    @Test
    void isRefusedByFirmwareWithAnyBitFlipped() {
      try (var challenge = challenge(LAUNCH, entropy)) {
        var firmware = firmware(challenge);
        var blob = firmware.launchMeasure(0, 24, 15, Bytes.zeros(32), Bytes.zeros(16));
        var packet = sealed(challenge, blob);
        byte[] both = Bytes.concat(packet.header(), packet.payload()).toArray();
        var accepted = new ArrayList<Integer>();

        for (int bit = 0; bit < 8 * both.length; bit++) {
          both[bit / 8] ^= (byte) (1 << bit % 8);
          try {
            firmware.openSecret(
                Bytes.copyOf(both, 0, 52), Bytes.copyOf(both, 52, both.length - 52), blob);
            accepted.add(bit);
          } catch (IllegalStateException e) {
            assertThat(e).hasMessageMatching("INVALID_PARAM|BAD_MEASUREMENT: the secret");
          }
          both[bit / 8] ^= (byte) (1 << bit % 8);
        }

        assertThat(accepted).isEmpty();
      }
    }

    @Test
    void isRefusedByFirmwareInAnyOtherLength() {
      try (var challenge = challenge(LAUNCH, entropy)) {
        var firmware = firmware(challenge);
        var blob = firmware.launchMeasure(0, 24, 15, Bytes.zeros(32), Bytes.zeros(16));
        var packet = sealed(challenge, blob);
        var header = packet.header();
        var payload = packet.payload();

        for (int size = 0; size < header.size(); size++) {
          assertRefused(firmware, header.slice(0, size), payload, blob);
        }
        for (int size = 0; size < payload.size(); size++) {
          assertRefused(firmware, header, payload.slice(0, size), blob);
        }
        for (int more = 1; more <= 64; more++) {
          assertRefused(firmware, header.paddedTo(header.size() + more), payload, blob);
          assertRefused(firmware, header, payload.paddedTo(payload.size() + more), blob);
        }
      }
    }

    /**
     * Flags and initialisation vector, the MAC, the payload; and the measurement it is bound to.
     */
    @Test
    void isRefusedByFirmwareWithAPartOfAnotherGenuineOne() {
      try (var challenge = challenge(LAUNCH, entropy)) {
        var firmware = firmware(challenge);
        var blob = firmware.launchMeasure(0, 24, 15, Bytes.zeros(32), Bytes.zeros(16));
        var one = sealed(challenge, blob);
        var other = sealed(challenge, blob);

        assertRefused(
            firmware,
            Sample.overwritten(one.header(), 4, other.header().slice(4, 16)),
            one.payload(),
            blob);
        assertRefused(
            firmware,
            Sample.overwritten(one.header(), 20, other.header().slice(20, 32)),
            one.payload(),
            blob);
        assertRefused(firmware, other.header(), one.payload(), blob);
        for (int bit = 0; bit < 8 * 32; bit++) {
          assertRefused(firmware, one.header(), one.payload(), Sample.flipped(blob, bit));
        }
      }
    }

    private static void assertRefused(
        FakeFirmware firmware, Bytes header, Bytes payload, Bytes blob) {
      assertThatThrownBy(() -> firmware.openSecret(header, payload, blob))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageMatching("INVALID_LENGTH|BAD_MEASUREMENT: the secret");
    }

    @Test
    void isAnotherOneEachTime() {
      try (var challenge = challenge(LAUNCH, entropy)) {
        var blob = Bytes.zeros(48);

        assertThat(sealed(challenge, blob).payload())
            .isNotEqualTo(sealed(challenge, blob).payload());
      }
    }

    @Test
    void isNotMadeOnAVerdictAboutAnotherLaunch() {
      var another = new LaunchId(new UUID(0, 2));
      try (var challenge = challenge(LAUNCH, entropy)) {
        var trusted = TrustFixtures.trusted(another, evidence(Bytes.zeros(48)));

        assertThatThrownBy(
                () -> SevSecretSealer.seal(List.of(secret()), challenge, trusted, entropy))
            .isInstanceOf(IllegalStateException.class)
            .hasMessage("the verdict is about launch " + another + ", not " + LAUNCH);
      }
    }

    @Test
    void isNotMadeWithoutASecret() {
      try (var challenge = challenge(LAUNCH, entropy)) {
        var trusted = TrustFixtures.trusted(LAUNCH, evidence(Bytes.zeros(48)));

        assertThatThrownBy(() -> SevSecretSealer.seal(List.of(), challenge, trusted, entropy))
            .isInstanceOf(IllegalArgumentException.class);
      }
    }

    @Test
    void isNotMadeOfASessionThatIsClosed() {
      var challenge = challenge(LAUNCH, entropy);
      challenge.close();

      assertThatThrownBy(() -> sealed(challenge, Bytes.zeros(48)))
          .isInstanceOf(IllegalStateException.class);
    }

    private SevLaunchSecret sealed(Challenge challenge, Bytes blob) {
      return SevSecretSealer.seal(
          List.of(secret()),
          challenge,
          TrustFixtures.trusted(challenge.launchId(), evidence(blob)),
          entropy);
    }

    private SecretEntry secret() {
      return new SecretEntry(DISK, SecretBytes.takeFrom(new byte[] {7, 8, 9}));
    }

    private FakeFirmware firmware(Challenge challenge) {
      var session = challenge.session();
      return HOST.launchStart(session.godh(), session.blob(), POLICY.bits());
    }
  }

  private static Challenge challenge(LaunchId launchId, Entropy entropy) {
    return new Challenge(launchId, SevSession.create(HOST.proven(), POLICY, entropy));
  }

  private static SevLaunchMeasurement evidence(Bytes blob) {
    return new SevLaunchMeasurement(blob, new SevFirmwareVersion(0, 24, 15), POLICY);
  }

  private static SecretEntry entry(UUID guid, String resource) {
    return new SecretEntry(guid, SecretBytes.takeFrom(resource(resource).toArray()));
  }

  private static Bytes resource(String name) {
    try (var in = SevSecretSealerTest.class.getResourceAsStream("sevctl/" + name)) {
      if (in == null) {
        throw new AssertionError(name);
      }
      return Bytes.copyOf(in.readAllBytes());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
