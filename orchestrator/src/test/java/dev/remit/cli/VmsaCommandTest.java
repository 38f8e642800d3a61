package dev.remit.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.remit.bytes.Bytes;
import dev.remit.bytes.Sample;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class VmsaCommandTest {
  private static final Bytes BOOT = Sample.of("measurement/vmsa0.bin");
  private static final Bytes OTHER = Sample.of("measurement/vmsa1.bin");

  @TempDir private Path folder;
  private Path page = Path.of("");
  private Path firmware = Path.of("");

  @BeforeEach
  void writeFirmware() throws IOException {
    page = folder.resolve("page");
    firmware =
        Files.write(
            folder.resolve("firmware"), Sample.of("firmware/ovmf_AmdSev_suffix.bin").toArray());
  }

  @Test
  void buildsTheBootPageOfSevctl() throws IOException {
    assertThat(vmsa("build", "--vcpu 0 --cpu EPYC-Milan --vmsa legacy").status()).isZero();
    assertThat(content()).isEqualTo(BOOT);
  }

  @Test
  void buildsTheOtherPageOfSevctlFromTheNumbersToo() throws IOException {
    var run =
        vmsa(
            "build",
            "--vcpu 1 --cpu-family 25 --cpu-model 1 --cpu-stepping 1 --vmsa legacy --firmware "
                + firmware);
    assertThat(run.status()).as(run.toString()).isZero();
    assertThat(content()).isEqualTo(OTHER);
    assertThat(run.out()).contains("starts at 0x0080b004");
  }

  @Test
  void buildsForACurrentKernelUnlessToldOtherwise() throws IOException {
    assertThat(vmsa("build", "--vcpu 0 --cpu EPYC-Milan").status()).isZero();
    assertThat(content().slice(0x408, 4).hex()).isEqualTo("801f0000");
  }

  @Test
  void updatesTheSignatureAndNothingElse() throws IOException {
    write(BOOT);
    assertThat(vmsa("update", "--cpu EPYC-Rome").status()).isZero();
    assertThat(content()).isEqualTo(Sample.overwritten(BOOT, 0x310, Bytes.ofHex("100f8300")));
  }

  @Test
  void updatesThePlaceToStartAndNothingElse() throws IOException {
    write(Sample.overwritten(OTHER, 0x178, Bytes.ofHex("1111")));
    assertThat(vmsa("update", "--firmware " + firmware).status()).isZero();
    assertThat(content()).isEqualTo(OTHER);
  }

  @Test
  void leavesTheBootPageAtTheResetVector() throws IOException {
    write(BOOT);
    var run = vmsa("update", "--firmware " + firmware);
    assertThat(run.status()).isEqualTo(2);
    assertThat(content()).isEqualTo(BOOT);
  }

  @Test
  void showsEveryFieldByItsName() throws IOException {
    write(OTHER);
    var run = vmsa("show", "");
    assertThat(run.status()).isZero();
    assertThat(run.out())
        .startsWith("decoded, not verified\nes.selector: 0x0000\n")
        .contains("\ncs.base: 0x0000000000800000\n", "\nrip: 0x000000000000b004\n")
        .contains("\nrdx: 0x0000000000a00f11\n", "\nsev_features: 0x0000000000000000\n")
        .doesNotContain("unnamed");
  }

  @Test
  void showsWhatHasNoName() throws IOException {
    write(Sample.overwritten(OTHER, 0xe00, Bytes.ofHex("abcd")));
    assertThat(vmsa("show", "").out()).contains("\nunnamed 0xe00: abcd");
    var json = vmsa("show", "-o json").json();
    assertThat(json.path("unnamed").path("0xe00").asString("")).isEqualTo("abcd");
    assertThat(json.path("fields").path("rdx").asString("")).isEqualTo("0x0000000000a00f11");
  }

  @ParameterizedTest
  @CsvSource({
    "0, KEY-006, the file is not the page of a vCPU",
    "1, KEY-006, the file is not the page of a vCPU",
    "4095, KEY-006, the file is not the page of a vCPU",
    "4097, FILE-007, the file is too large"
  })
  void refusesAFileThatIsNotOnePage(int size, String code, String what) throws IOException {
    write(Bytes.zeros(size));
    var run = vmsa("show", "");
    assertThat(run.status()).isEqualTo(3);
    assertThat(run.err()).startsWith("remit: error[" + code + "]: ").contains(what);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          build  | --vcpu 0
          build  | --cpu EPYC-Milan
          build  | --vcpu 1 --cpu EPYC-Milan
          build  | --vcpu -1 --cpu EPYC-Milan
          build  | --vcpu 0 --cpu EPYC-Milan --firmware x
          build  | --vcpu 0 --cpu EPYC-Milan --userspace krun
          build  | --vcpu 0 --cpu-family 25
          update | -q
          update | --vcpu 0
          update | --cpu EPYC-Milan --vmsa legacy
          show   | --vcpu 0
          show   | --vmsa legacy
          mend   | -q
          """)
  void refusesOptionsThatDoNotFit(String action, String options) {
    var run = vmsa(action, options);
    assertThat(run.status()).as(run.toString()).isEqualTo(2);
    assertThat(page).doesNotExist();
  }

  @Test
  void saysThatKrunIsNotSupported() {
    assertThat(vmsa("build", "--vcpu 0 --cpu EPYC-Milan --userspace krun").err())
        .contains("the vCPUs of libkrun are not supported");
  }

  @Test
  void refusesFirmwareWithoutAResetAddress() throws IOException {
    Files.write(firmware, new byte[4096]);
    var run = vmsa("build", "--vcpu 1 --cpu EPYC-Milan --firmware " + firmware);
    assertThat(run.status()).isEqualTo(3);
    assertThat(run.err()).contains("FW-001");
    assertThat(page).doesNotExist();
  }

  private CommandLineRun vmsa(String action, String options) {
    var arguments = new ArrayList<>(List.of("vmsa", action, page.toString()));
    if (!options.isEmpty()) {
      arguments.addAll(List.of(options.split(" ")));
    }
    return CommandLineRun.of(arguments.toArray(String[]::new));
  }

  private void write(Bytes content) throws IOException {
    Files.write(page, content.toArray());
  }

  private Bytes content() throws IOException {
    return Bytes.copyOf(Files.readAllBytes(page));
  }
}
