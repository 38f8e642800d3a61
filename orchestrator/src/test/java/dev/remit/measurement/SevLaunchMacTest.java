package dev.remit.measurement;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.remit.bytes.Bytes;
import dev.remit.bytes.MalformedException;
import dev.remit.bytes.Sample;
import dev.remit.bytes.SecretBytes;
import dev.remit.bytes.SeekableBytes;
import dev.remit.firmware.FirmwareImage;
import dev.remit.platform.CpuSignature;
import dev.remit.platform.Protection;
import dev.remit.platform.SevFirmwareVersion;
import dev.remit.platform.SevPolicy;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SevLaunchMacTest {
  private static final Bytes FIRMWARE = Sample.of("measurement/OVMF.amdsev.trimmed.fd");

  /** Known answers of sevctl: API 1.40, build 40, policy 3, one nonce, one key. */
  @Nested
  class OfSevctl {
    private final SecretBytes tik =
        SecretBytes.takeFrom(Sample.of("measurement/tik1.bin").toArray());
    private final Bytes nonce = Bytes.ofBase64("wxP6tRHCFrFQWxsuqZA8QA==");

    @AfterEach
    void wipe() {
      tik.close();
    }

    @Test
    void coversAGivenLaunchDigest() {
      assertThat(blob(Bytes.ofBase64("xkvRAfyaSizgonxAjZIAkR8TmolUabBKQKb6KJCDDSM=")))
          .isEqualTo("lswbxWxI9gckya16JQvdFtpYmNO4b+3inAPpqsgoBI7DE/q1EcIWsVBbGy6pkDxA");
    }

    @Test
    void coversAFirmware() throws Exception {
      assertThat(blob(digest(Optional.empty())))
          .isEqualTo("oMDewIouJSpbpNRHj7Mk3p08H2dPZQdsZMU14qIymBnDE/q1EcIWsVBbGy6pkDxA");
    }

    @Test
    void coversAKernel() throws Exception {
      var hashes =
          new KernelHashes(
              Sha256.of(Sample.of("measurement/vmlinuz-fake")),
              Sha256.of(Sample.of("measurement/initrd-fake")),
              KernelHashes.ofCmdline("foo bar baz fake kernel=cmdline"));
      assertThat(blob(digest(Optional.of(hashes))))
          .isEqualTo("h3auYbWQnVW7EGLWN4Hf9SN0oEYMPU2sK4bLnefWPwvDE/q1EcIWsVBbGy6pkDxA");
    }

    private Bytes digest(Optional<KernelHashes> hashes) throws IOException, MalformedException {
      var image = FirmwareImage.parse(SeekableBytes.of(FIRMWARE));
      return new SevLaunchDigest(
              Protection.SEV,
              HashedFirmware.of(image, () -> new ByteArrayInputStream(FIRMWARE.toArray())),
              hashes,
              new VcpuState.Started(1, new CpuSignature(25, 1, 1)))
          .expectation()
          .candidates()
          .getFirst()
          .launchDigest();
    }

    private String blob(Bytes launchDigest) {
      var version = new SevFirmwareVersion(1, 40, 40);
      return Bytes.concat(SevLaunchMac.compute(tik, version, policy(3), launchDigest, nonce), nonce)
          .base64();
    }
  }

  @Test
  void coversTheFirmwareVersionOfAnOldApi() {
    assertThat(mac(0, 18, 15, 0).hex())
        .isEqualTo("6faab2daae389bcd3405a05d6cafe33c0414f7bedd0bae19ba5f38b7fd1664ea");
  }

  @ParameterizedTest
  @CsvSource({"1, 18, 15, 0", "0, 19, 15, 0", "0, 18, 16, 0", "0, 18, 15, 1"})
  void changesWithVersionAndPolicy(int major, int minor, int build, int policy) {
    assertThat(mac(major, minor, build, policy)).isNotEqualTo(mac(0, 18, 15, 0));
  }

  @ParameterizedTest
  @CsvSource({"15, 32, 16", "17, 32, 16", "16, 31, 16", "16, 48, 16", "16, 32, 15", "16, 32, 0"})
  void refusesInputsOfAnotherSize(int keySize, int digestSize, int nonceSize) {
    try (var key = SecretBytes.allocate(keySize)) {
      assertThatThrownBy(() ->
              SevLaunchMac.compute(
                  key,
                  new SevFirmwareVersion(0, 0, 0),
                  policy(0),
                  Bytes.zeros(digestSize),
                  Bytes.zeros(nonceSize)))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  private static Bytes mac(int major, int minor, int build, int policy) {
    try (var tik =
        SecretBytes.takeFrom(Bytes.ofHex("66320db73158a35a255d051758e95ed4").toArray())) {
      return SevLaunchMac.compute(
          tik,
          new SevFirmwareVersion(major, minor, build),
          policy(policy),
          Sha256.of(Bytes.EMPTY),
          Bytes.ofHex("4fbe0bedbad6c86ae8f68971d103e554"));
    }
  }

  private static SevPolicy policy(int bits) {
    try {
      return SevPolicy.fromBits(bits);
    } catch (MalformedException e) {
      throw new IllegalStateException(e);
    }
  }
}
