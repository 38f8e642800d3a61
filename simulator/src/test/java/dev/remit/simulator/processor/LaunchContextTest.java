package dev.remit.simulator.processor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.remit.bytes.Bytes;
import dev.remit.simulator.Samples;
import dev.remit.simulator.identity.FirmwareVersion;
import java.security.GeneralSecurityException;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

class LaunchContextTest {
  private static final Bytes TEK = Bytes.ofHex("202122232425262728292a2b2c2d2e2f");
  private static final Bytes NONCE = Bytes.ofHex("4fbe0bedbad6c86ae8f68971d103e554");
  private static final Bytes TABLE = Bytes.ofHex("00112233445566778899aabbccddeeff");

  @Test
  void measuresNothingAsTheVectorSays() throws Exception {
    var context = context(new FirmwareVersion(0, 18, 15), 0, "66320db73158a35a255d051758e95ed4");
    assertThat(context.launchMeasure().mac().hex())
        .isEqualTo("6faab2daae389bcd3405a05d6cafe33c0414f7bedd0bae19ba5f38b7fd1664ea");
  }

  @Test
  void measuresAFirmwareImageAsTheVectorSays() throws Exception {
    var tik = Samples.bytes("amd/tik1.bin");
    var keys = new TransportKeys(Symmetric.aesKey(TEK.toArray()), Symmetric.macKey(tik.toArray()));
    var nonce = Bytes.ofBase64("wxP6tRHCFrFQWxsuqZA8QA==");
    var context = new LaunchContext(new FirmwareVersion(1, 40, 40), 3, keys, nonce);
    context.launchUpdate(Samples.bytes("amd/OVMF.amdsev.trimmed.fd"));
    assertThat(context.launchMeasure().blob().base64())
        .isEqualTo("oMDewIouJSpbpNRHj7Mk3p08H2dPZQdsZMU14qIymBnDE/q1EcIWsVBbGy6pkDxA");
  }

  @Test
  void opensTheKnownPayload() throws Exception {
    var plaintext =
        Symmetric.decrypt(
            Symmetric.aesKey(Samples.bytes("amd/tek1.bin").toArray()),
            Bytes.ofBase64("rFR07U3TLH2YnsUj2SVZ7A=="),
            Bytes.ofBase64(
                "0U3e5PcXv0UW+H4tSBFKOdCYfKE1+j38Bc2fuO16mYiyI+sWx7INfn+lgYj56GL1"
                    + "2yyinDa+lVfCCwD/2w5cPA=="));
    var secret = Samples.bytes("amd/secret1.txt");
    assertThat(Bytes.copyOf(plaintext, 40, secret.size())).isEqualTo(secret);
  }

  @Test
  void opensASecretThatWasSealedForThisLaunch() throws Exception {
    var context = context();
    var packet = GuestOwner.seal(TABLE, context.launchMeasure().mac());
    assertThat(Bytes.copyOf(context.launchSecret(packet.header(), packet.payload())))
        .isEqualTo(TABLE);
  }

  @Test
  void opensASecondSecretWhilePaused() throws Exception {
    var context = context();
    var packet = GuestOwner.seal(TABLE, context.launchMeasure().mac());
    context.launchSecret(packet.header(), packet.payload());
    assertThat(Bytes.copyOf(context.launchSecret(packet.header(), packet.payload())))
        .isEqualTo(TABLE);
  }

  @Test
  void refusesASecretThatWasSealedForAnotherLaunch() throws Exception {
    var context = context();
    context.launchMeasure();
    var packet = GuestOwner.seal(TABLE, Bytes.zeros(32));
    assertRefused(
        FirmwareStatus.BAD_MEASUREMENT,
        () -> context.launchSecret(packet.header(), packet.payload()));
  }

  @Test
  void refusesAPacketOfWhichAnyBitIsFlipped() throws Exception {
    var context = context();
    var packet = GuestOwner.seal(TABLE, context.launchMeasure().mac());
    for (int bit = 0; bit < packet.header().size() * 8; bit++) {
      var header = flipped(packet.header(), bit);
      assertRefused(
          FirmwareStatus.BAD_MEASUREMENT, () -> context.launchSecret(header, packet.payload()));
    }
    for (int bit = 0; bit < packet.payload().size() * 8; bit++) {
      var payload = flipped(packet.payload(), bit);
      assertRefused(
          FirmwareStatus.BAD_MEASUREMENT, () -> context.launchSecret(packet.header(), payload));
    }
  }

  @Test
  void refusesSizesThatFirmwareDoesNotTake() throws Exception {
    var context = context();
    var packet = GuestOwner.seal(TABLE, context.launchMeasure().mac());
    for (int size : new int[] {0, 15, 17, 16400}) {
      assertRefused(
          FirmwareStatus.INVALID_LENGTH,
          () -> context.launchSecret(packet.header(), Bytes.zeros(size)));
    }
    assertRefused(
        FirmwareStatus.INVALID_LENGTH,
        () -> context.launchSecret(packet.header().slice(0, 51), packet.payload()));
  }

  @Test
  void takesTheGreatestSecretThatFirmwareTakes() throws Exception {
    var context = context();
    var packet = GuestOwner.seal(Bytes.zeros(16384), context.launchMeasure().mac());
    assertThat(context.launchSecret(packet.header(), packet.payload())).hasSize(16384);
  }

  @Test
  void refusesASecretBeforeTheMeasurement() throws Exception {
    var context = context();
    assertRefused(
        FirmwareStatus.INVALID_GUEST_STATE,
        () -> context.launchSecret(Bytes.zeros(52), Bytes.zeros(16)));
  }

  @Test
  void refusesASecretOnceTheGuestRuns() throws Exception {
    var context = context();
    var packet = GuestOwner.seal(TABLE, context.launchMeasure().mac());
    context.launchFinish();
    assertRefused(
        FirmwareStatus.INVALID_GUEST_STATE,
        () -> context.launchSecret(packet.header(), packet.payload()));
  }

  @Test
  void refusesAnUpdateAfterTheMeasurement() throws Exception {
    var context = context();
    context.launchMeasure();
    assertRefused(FirmwareStatus.INVALID_GUEST_STATE, () -> context.launchUpdate(TABLE));
    assertRefused(FirmwareStatus.INVALID_GUEST_STATE, context::launchMeasure);
  }

  @Test
  void hasNoMeasurementBeforeItWasTaken() throws Exception {
    var context = context();
    assertThat(context.measurement()).isEmpty();
    var taken = context.launchMeasure();
    assertThat(context.measurement()).contains(taken);
  }

  private static LaunchContext context() throws GeneralSecurityException {
    return context(new FirmwareVersion(1, 55, 40), 7, GuestOwner.TIK.hex());
  }

  private static LaunchContext context(FirmwareVersion version, int policy, String tik)
      throws GeneralSecurityException {
    var keys =
        new TransportKeys(
            Symmetric.aesKey(TEK.toArray()), Symmetric.macKey(Bytes.ofHex(tik).toArray()));
    return new LaunchContext(version, policy, keys, NONCE);
  }

  private static Bytes flipped(Bytes octets, int bit) {
    byte[] changed = octets.toArray();
    changed[bit / 8] ^= (byte) (1 << (bit % 8));
    return Bytes.copyOf(changed);
  }

  private static void assertRefused(FirmwareStatus expected, ThrowingCallable command) {
    assertThat(catchThrowableOfType(FirmwareRefusal.class, command).status()).isEqualTo(expected);
  }
}
