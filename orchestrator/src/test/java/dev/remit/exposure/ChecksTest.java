package dev.remit.exposure;

import static org.assertj.core.api.Assertions.assertThat;

import dev.remit.bytes.Bytes;
import dev.remit.bytes.SeekableBytes;
import dev.remit.image.Companions;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ChecksTest {
  private static final String MANIFEST =
      """
      apiVersion: kubevirt.io/v1
      kind: VirtualMachineInstance
      spec: {domain: {launchSecurity: {snp: {}}, devices: {filesystems: [{name: a}]}}}
      """;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "#!x\n",
        "#cloud-config\n",
        "# qemu-system-x86_64 -machine a\n",
        "package_update: true\n---\n"
      })
  void findsInAManifestTheSameBehindASignOfAnotherKind(String first) throws IOException {
    assertThat(check(first + MANIFEST).findings()).extracting(Finding::id).contains("DEV-01");
  }

  @Test
  void findsWhatEachKindOfAFileTells() throws IOException {
    var checked = check("ssh_pwauth: true\n---\n" + MANIFEST);
    assertThat(checked.findings()).extracting(Finding::id).contains("PROV-31", "DEV-01");
    assertThat(checked.kind()).contains(SubjectKind.USER_DATA);
  }

  @Test
  void saysThatAManifestBreaksBehindASignOfAnotherKind() throws IOException {
    assertThat(check("#!x\n" + MANIFEST).unreadable()).isEmpty();
    assertThat(check("#!x\n" + MANIFEST + "---\na: [\n").unreadable()).isNotEmpty();
  }

  @Test
  void saysThatADomainHasTwoOfWhatIsThereOnce() throws IOException {
    assertThat(check(DomainCases.BASE).unreadable()).isEmpty();
    assertThat(check(DomainCases.BASE.replace("</domain>", "<os/></domain>")).unreadable())
        .hasSize(1);
  }

  private static Checked check(String text) throws IOException {
    return new Checks(LocalDate.EPOCH, Companions.NONE)
        .check(
            "it",
            SeekableBytes.of(Bytes.copyOf(text.getBytes(StandardCharsets.UTF_8))),
            Optional.empty());
  }
}
