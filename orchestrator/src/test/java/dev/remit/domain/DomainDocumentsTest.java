package dev.remit.domain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.remit.bytes.Bytes;
import dev.remit.domain.DomainRequest.HostFit;
import dev.remit.platform.Protection;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

final class DomainDocumentsTest {
  private static final Path TEMPLATES = Path.of("..", "domain-templates");

  @ParameterizedTest
  @CsvSource({
    "SEV, true, sev-hardware.xml",
    "SEV, false, sev-simulated.xml",
    "SEV_ES, true, sev-es-hardware.xml",
    "SEV_ES, false, sev-es-simulated.xml"
  })
  void writesTheGoldenDocument(Protection protection, boolean hardware, String golden)
      throws Exception {
    assertThat(write(protection, hardware).text()).isEqualTo(golden(golden));
  }

  /** The only fields that follow from the host, with one value on hardware and one without. */
  @ParameterizedTest
  @EnumSource
  void letsHardwareAndSimulatedDocumentsDifferOnlyInWhatTheHostDecides(Protection protection)
      throws Exception {
    var hardware = HostileXml.parse(write(protection, true).text());
    var simulated = HostileXml.parse(write(protection, false).text());

    assertThat(XmlDifferences.between(hardware, simulated, Additions.NONE))
        .map(Difference::toString)
        .containsExactlyInAnyOrder(
            "/domain@type: sent kvm, live qemu",
            "/domain/memoryBacking/locked: sent locked, live nothing",
            "/domain/os/type@machine: sent pc-q35-9.2, live pc-q35-10.0",
            "/domain/cpu@check: sent partial, live none",
            "/domain/devices/emulator: sent nothing, live emulator: /opt/remit/bin/remit-simulator",
            "/domain/launchSecurity/cbitpos: sent 51, live 47",
            "/domain/launchSecurity/reducedPhysBits: sent 5, live 1");
  }

  @Test
  void digestsTheTextInUtf8() throws Exception {
    var document = write(Protection.SEV, true);

    byte[] text = document.text().getBytes(StandardCharsets.UTF_8);
    assertThat(document.digest())
        .isEqualTo(Bytes.copyOf(MessageDigest.getInstance("SHA-256").digest(text)));
  }

  @Test
  void previewsADocumentWithoutWhatBelongsToOneLaunch() throws Exception {
    var request = DomainRequests.request(Protection.SEV_ES, DomainRequests.HARDWARE);
    var sent = DomainDocuments.write(request, DomainRequests.LAUNCH);
    var preview = DomainDocuments.preview(request);

    var missing =
        XmlDifferences.between(
            HostileXml.parse(sent.text()), HostileXml.parse(preview.text()), Additions.NONE);
    assertThat(missing)
        .map(difference -> difference.path().raw())
        .containsExactlyInAnyOrder(
            "/domain/uuid", "/domain/launchSecurity/dhCert", "/domain/launchSecurity/session");
    assertThat(missing).allMatch(difference -> difference.live().isEmpty());
  }

  @Test
  void writesNoSerialPortWithoutAConsole() {
    var request =
        DomainRequests.request(
            Protection.SEV, DomainRequests.HARDWARE, List.of(), Optional.empty());

    assertThat(DomainDocuments.write(request, DomainRequests.LAUNCH).text())
        .doesNotContain("serial", "console>");
  }

  @Test
  void writesAsManyPortsAsDisks() {
    for (int count = 0; count <= DomainRequest.MOST_DISKS; count++) {
      var disks =
          IntStream.range(0, count)
              .mapToObj(i -> new DomainRequest.DiskRequest("disk" + i, "/disk" + i))
              .toList();
      var request =
          DomainRequests.request(Protection.SEV, DomainRequests.HARDWARE, disks, Optional.empty());

      var devices = DomainDocuments.read(DomainDocuments.preview(request).text()).devices;
      assertThat(devices.disks).hasSize(count);
      assertThat(devices.controllers)
          .filteredOn(controller -> controller.model.equals("pcie-root-port"))
          .hasSize(count);
    }
  }

  @Test
  void refusesMoreDisksThanLetters() {
    var disks =
        IntStream.rangeClosed(0, DomainRequest.MOST_DISKS)
            .mapToObj(i -> new DomainRequest.DiskRequest("disk" + i, "/disk" + i))
            .toList();

    assertThatThrownBy(() ->
            DomainRequests.request(
                Protection.SEV, DomainRequests.HARDWARE, disks, Optional.empty()))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " leading and trailing ",
        "two  spaces",
        "tab\tand\nline",
        "carriage\rreturn",
        "</cmdline><devices/>",
        "]]>",
        "&amp;&#65;<!-- -->",
        "quotes ' and \"",
        "dm-mod.create=\"x,,,ro,0 8 linear 8:1 0\" größe €"
      })
  void carriesACommandLineExactly(String cmdline) {
    var document = DomainDocuments.preview(DomainRequests.named("db-1", cmdline));

    assertThat(DomainDocuments.read(document.text()).os.cmdline).isEqualTo(cmdline);
  }

  @ParameterizedTest
  @ValueSource(strings = {"nul\0", "escape\u001b[0m", "half \ud83d", "\ufffe"})
  void refusesATextThatXmlCannotCarry(String text) {
    assertThatThrownBy(() -> DomainDocuments.preview(DomainRequests.named("db-1", text)))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> DomainDocuments.preview(DomainRequests.named(text, "quiet")))
        .isInstanceOf(IllegalArgumentException.class);
  }

  /** A line of a template that the binding does not know would be lost without a word. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "<acpi/>|<acpi/><pae/>",
        "<acpi/>|<acpi eject='no'/>",
        "<acpi/>|<acpi/>stray",
        "<acpi/>|<acpi/><acpi/>",
        "<pmu state=\"off\"/>|<pmu state=\"off\"/><pmu state=\"off\"/>",
        "<features>|<features xmlns:q='urn:q'><q:pmu/>"
      })
  void refusesATemplateOfWhichTheBindingWouldLoseAPart(String edit) {
    String template = DomainDocuments.template(Protection.SEV);
    String[] change = edit.split("\\|", 2);
    assertThat(template).contains(change[0]);

    assertThatThrownBy(() -> DomainDocuments.read(template.replace(change[0], change[1])))
        .isInstanceOf(IllegalStateException.class);
  }

  @ParameterizedTest
  @EnumSource
  void hasATemplateThatDeclaresItsProtection(Protection protection) {
    var template = DomainDocuments.read(DomainDocuments.template(protection));

    int policy = Integer.decode(template.launchSecurity.policy);
    assertThat((policy & 1 << 2) != 0).isEqualTo(protection == Protection.SEV_ES);
    assertThat(template.launchSecurity.kernelHashes).isEqualTo("yes");
  }

  private static DomainDocument write(Protection protection, boolean hardware) {
    HostFit host = hardware ? DomainRequests.HARDWARE : DomainRequests.SIMULATED;
    return DomainDocuments.write(DomainRequests.request(protection, host), DomainRequests.LAUNCH);
  }

  private static String golden(String name) throws IOException {
    return Files.readString(TEMPLATES.resolve("golden").resolve(name));
  }
}
