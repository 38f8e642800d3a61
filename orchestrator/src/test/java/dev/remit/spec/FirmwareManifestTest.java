package dev.remit.spec;

import static org.assertj.core.api.Assertions.assertThat;

import dev.remit.bytes.Bytes;
import dev.remit.firmware.KnownFirmware;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class FirmwareManifestTest {
  private static final String ENTRY =
      """
      apiVersion: remit.dev/v1alpha1
      kind: FirmwareManifest
      firmware:
        - name: OVMF.fd
          flavour: AmdSev
          version: "1.0"
          sha256: SHA
          sha256State: STATE
          size: 8192
          areas:
            hashTable: {address: "0x810c00", size: 1024}
            sevEsResetAddress: "0x80b004"
          protections: [sev]
          licence: MIT
          origin: {distribution: d, package: p, file: /f, packageSha256: SHA, upstream: u}
      """
          .replace("SHA", "01".repeat(32))
          .replace("STATE", "02".repeat(32));

  @Test
  void ofThisReleaseHasTheFirmwareThatTheExamplesUse() {
    var known = FirmwareManifest.builtIn();
    assertThat(known)
        .filteredOn(each -> each.name().equals("OVMF.amdsev.fd"))
        .singleElement()
        .satisfies(each -> {
          assertThat(each.size()).isEqualTo(4 << 20);
          assertThat(each.checksKernel()).isTrue();
          assertThat(each.sevEsResetAddress()).contains(0x80b004L);
          assertThat(each.sha256().hex()).startsWith("3e4fd0b3");
        });
    assertThat(known).extracting(KnownFirmware::sha256).doesNotHaveDuplicates();
    assertThat(known).extracting(KnownFirmware::sha256State).doesNotHaveDuplicates();
  }

  @Test
  void isReadWhole() {
    assertThat(((Read.Good<List<KnownFirmware>>) read(ENTRY)).value())
        .singleElement()
        .isEqualTo(
            new KnownFirmware(
                "OVMF.fd",
                "1.0",
                Bytes.ofHex("01".repeat(32)),
                8192,
                Bytes.ofHex("02".repeat(32)),
                true,
                Optional.of(0x80b004L)));
  }

  @Test
  void hasNoTableAndNoAddressWhereNoneIsWritten() {
    var without =
        ENTRY
            .replaceFirst(" *hashTable.*\\n", "")
            .replaceFirst("areas:\\n *sevEsResetAddress.*\\n", "areas: {}\n");
    var known = ((Read.Good<List<KnownFirmware>>) read(without)).value().getFirst();
    assertThat(known.checksKernel()).isFalse();
    assertThat(known.sevEsResetAddress()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "kind: FirmwareManifest, kind: Host",
    "size: 8192, size: 8191",
    "size: 8192, size: 0",
    "size: 8192, size: 68719476736",
    "sha256State: 0, sha256State: x",
    "sevEsResetAddress: \"0x80b004\", sevEsResetAddress: \"0x0\"",
    "sevEsResetAddress: \"0x80b004\", sevEsResetAddress: \"0x180000000\"",
    "flavour: AmdSev, flavour: Other",
    "licence: MIT, secret: MIT",
    "name: OVMF.fd, name: \"a\\u001b\"",
  })
  void isRefusedWithAnythingThatItsSchemaDoesNotHave(String right, String wrong) {
    assertThat(ENTRY).contains(right);
    assertThat(read(ENTRY.replace(right, wrong))).isInstanceOf(Read.Rejected.class);
  }

  private static Read<List<KnownFirmware>> read(String text) {
    return FirmwareManifest.read(
        "manifest.yaml", Bytes.copyOf(text.getBytes(StandardCharsets.UTF_8)));
  }
}
