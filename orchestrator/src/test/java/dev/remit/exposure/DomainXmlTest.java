package dev.remit.exposure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertTimeout;

import dev.remit.bytes.MalformedException;
import dev.remit.diagnostic.Location;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
final class DomainXmlTest {
  private static final Duration QUICK = Duration.ofSeconds(20);

  /** What a domain of Remit cannot be without; each is a warning or acknowledged in its spec. */
  private static final Set<String> RESIDUAL =
      Set.of("POL-04", "DEV-07", "DISK-06", "FW-20", "HOST-13");

  @ParameterizedTest
  @ValueSource(strings = {"sev-hardware", "sev-es-hardware", "sev-simulated", "sev-es-simulated"})
  void findsInRemitsOwnDocumentsOnlyWhatTheirSpecTakes(String name) throws Exception {
    var document =
        DomainXml.parse(
            name, Files.readString(Path.of("../domain-templates/golden", name + ".xml")));
    var found = new Findings();
    DomainRules.check(document, found);
    var expected = new TreeSet<>(RESIDUAL);
    if (!name.contains("-es-")) {
      expected.add("POL-03");
    }
    if (name.endsWith("simulated")) {
      // There is no memory to lock, and the simulator stands in for QEMU.
      expected.add("HOST-12");
      expected.add("DEV-35");
    }
    assertThat(found.all()).extracting(Finding::id).containsOnlyOnceElementsOf(Set.of("POL-04"));
    assertThat(new TreeSet<>(found.all().stream().map(Finding::id).toList())).isEqualTo(expected);
    // A console that only shows output, and nothing else that its owner did not ask for.
    assertThat(found.all())
        .filteredOn(finding -> Set.of("DEV-07", "FW-20").contains(finding.id()))
        .extracting(Finding::form)
        .containsOnly(Finding.Form.LESSER);
  }

  @Test
  void pointsAtTheSmallestPlace() throws Exception {
    var found = findings(DomainCases.BASE.replace("dumpCore=\"off\"", "dumpCore=\"on\""));
    assertThat(found.all()).hasSize(1);
    var at = (Location.InText) found.all().getFirst().at();
    assertThat(at.line()).isEqualTo(6);
    assertThat(at.text().raw().substring(at.column() - 1, at.column() - 1 + at.length()))
        .isEqualTo("on");
  }

  @Test
  void pointsAtAWordOfACommandLineBehindReferences() throws Exception {
    var found =
        findings(
            DomainCases.BASE.replace(
                "<cmdline>", "<cmdline>\n  a=&quot;b&#x1F600;&quot; nokaslr "));
    assertThat(found.all()).hasSize(1);
    var at = (Location.InText) found.all().getFirst().at();
    int start = at.text().raw().offsetByCodePoints(0, at.column() - 1);
    assertThat(at.text().raw().substring(start, start + at.length())).isEqualTo("nokaslr");
  }

  @Test
  void findsInTheOrderOfTheDocument() throws Exception {
    var found =
        findings(
            DomainCases.BASE
                .replace("dumpCore=\"off\"", "")
                .replace("<locked/>", "")
                .replace("<apic/>", "<vmcoreinfo/>")
                .replace("</devices>", "<tpm/></devices>"));
    assertThat(found.all())
        .extracting(Finding::id)
        .containsExactly("HOST-01", "HOST-12", "DEV-25", "DEV-16");
  }

  @Test
  void showsNoSecretOfADocument() throws Exception {
    String hidden =
        DomainCases.BASE
            .replace(">nothing<", "><password>correcthorse</password><")
            .replace(
                "<os>",
                "<sysinfo type=\"fwcfg\"><entry name=\"opt/x\">correcthorse</entry></sysinfo><os>")
            .replace("root=/dev", "token=correcthorse root=/dev")
            .replace("<apic/>", "<warp password=\"correcthorse\"/>")
            .replace("</devices>", "<graphics type=\"vnc\" passwd=\"correcthorse\"/></devices>");
    var found = findings(hidden);
    assertThat(found.all())
        .extracting(Finding::id)
        .contains("HOST-07", "PROV-23", "ORCH-11", "DEV-08", "PROV-12");
    assertThat(found.all().toString()).doesNotContain("correcthorse");
  }

  @Test
  void keepsEntriesOfTheTechnologyThatADocumentUses() throws Exception {
    var document = DomainXml.parse("domain.xml", DomainCases.SEV_ES_BASE);
    assertThat(DomainRules.technologies(document)).containsExactly(Technology.SEV_ES);
    var others = Findings.about(Set.of(Technology.S390_PV));
    DomainRules.check(document, others);
    assertThat(others.all()).isEmpty();
    var own = Findings.about(DomainRules.technologies(document));
    DomainRules.check(document, own);
    assertThat(own.all()).extracting(Finding::id).containsExactly("POL-04");
  }

  @Test
  void takesADocumentWithoutProtectionForAllTechnologies() throws Exception {
    var document = DomainXml.parse("domain.xml", "<domain type='kvm'><name>x</name></domain>");
    assertThat(DomainRules.technologies(document)).isEqualTo(EnumSet.allOf(Technology.class));
    assertThat(findings("<domain type='kvm'/>").all()).extracting(Finding::id).contains("POL-01");
  }

  @ParameterizedTest
  @ValueSource(strings = {"lxc", "xen", "vmware", "bhyve", ""})
  void saysOneThingOfOtherHypervisors(String type) throws Exception {
    var found = findings("<domain type='" + type + "'><devices><shmem/></devices></domain>");
    assertThat(found.all()).extracting(Finding::id).containsExactly("POL-01");
  }

  @Test
  void takesElementsOfOtherVocabulariesForUnknown() throws Exception {
    var found =
        findings(
            DomainCases.BASE.replace(
                "<apic/>", "<x:apic xmlns:x=\"urn:x\"/><apic x:y=\"z\" xmlns:x=\"urn:x\"/>"));
    assertThat(found.all()).extracting(Finding::id).containsExactly("ORCH-11", "ORCH-11");
  }

  @Test
  void knowsTheElementsOfQemuUnderAnyPrefix() throws Exception {
    var found =
        findings(
            DomainCases.BASE.replace(
                "</domain>",
                "<q:commandline xmlns:q=\"http://libvirt.org/schemas/domain/qemu/1.0\">"
                    + "<q:arg value=\"-S\"/></q:commandline></domain>"));
    assertThat(found.all()).extracting(Finding::id).containsExactly("HOST-05");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "text",
        "<domain",
        "<domain>",
        "<domain a>",
        "<domain a=b/>",
        "<domain a='b' a='c'/>",
        "<domain a='b/>",
        "<domain></other>",
        "<domain/><domain/>",
        "<domain>&unknown;</domain>",
        "<domain><!-- ",
        "<domain><![CDATA[ ",
        "<network/>",
        "<domainsnapshot><domain/></domainsnapshot>",
        "<x:domain xmlns:x='urn:x'/>",
        "<domain>\u0001</domain>",
        "<!DOCTYPE domain [<!ENTITY a 'b'>]><domain>&a;</domain>",
        "<!DOCTYPE domain SYSTEM 'file:///etc/passwd'><domain/>"
      })
  void refusesWhatIsNoDocument(String text) {
    assertThatThrownBy(() -> DomainXml.parse("domain.xml", text))
        .isInstanceOf(MalformedException.class);
  }

  @Test
  void findsInEveryListOfDevicesWhatItFindsInOne() throws Exception {
    String more =
        """
        <disk type="file" device="cdrom"><source file="/x/seed.iso"/><target dev="sda"/></disk>
        <serial type="pty"/><graphics type="vnc"/><filesystem type="mount"/>
        """;
    var inOne = findings(DomainCases.BASE.replace("</devices>", more + "</devices>"));
    var apart =
        findings(
            DomainCases.BASE.replace(
                "</domain>", "<devices/><devices>" + more + "</devices></domain>"));
    assertThat(apart.all())
        .extracting(Finding::id)
        .containsExactlyInAnyOrderElementsOf(inOne.all().stream().map(Finding::id).toList())
        .contains("DEV-29", "DEV-07", "DEV-08", "DEV-01");
  }

  @Test
  void judgesTheKernelByALineOfAnotherListOfDevices() throws Exception {
    String line = "<cmdline>root=/dev/mapper/root";
    String shown = DomainCases.BASE.replace(line, line + " console=ttyS0");
    var found =
        findings(shown.replace("</domain>", "<devices><serial type=\"pty\"/></devices></domain>"));
    var inOne = findings(shown.replace("</devices>", "<serial type=\"pty\"/></devices>"));
    assertThat(found.all())
        .extracting(Finding::id)
        .containsExactlyInAnyOrderElementsOf(inOne.all().stream().map(Finding::id).toList());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "</domain> <os><boot dev='network'/></os>",
        "</domain> <features><smm state='on'/></features>",
        "</domain> <cpu mode='host-passthrough'/>",
        "</domain> <memoryBacking><access mode='shared'/></memoryBacking>",
        "</domain> <launchSecurity type='sev'/>",
        "</domain> <memory>1</memory>",
        "</domain> <on_reboot>restart</on_reboot>",
        "</domain> <clock offset='localtime'/>",
        "</os> <loader secure='yes'>/x</loader>",
        "</os> <kernel>/x</kernel>",
        "</os> <cmdline>init=/bin/sh</cmdline>",
        "</launchSecurity> <policy>0x18a0133</policy>",
        "</memoryBacking> <source type='file'/>",
        "</disk> <source protocol='http'/>",
        "</disk> <driver discard='unmap'/>",
        "</disk> <target bus='usb'/>",
        "</video> <model type='vga'/>"
      })
  void refusesASecondOneOfWhatIsThereOnce(String change) {
    String[] parts = change.split(" ", 2);
    String twice = DomainCases.BASE.replace(parts[0], parts[1] + parts[0]);
    assertThatThrownBy(() -> DomainXml.parse("domain.xml", twice))
        .isInstanceOf(MalformedException.class)
        .hasMessageContaining("stands twice");
  }

  @Test
  void takesSeveralOfWhatIsThereSeveralTimes() throws Exception {
    var found =
        findings(
            DomainCases.BASE
                .replace("<smbios", "<boot dev=\"hd\"/><boot dev=\"hd\"/><smbios")
                .replace(
                    "</domain>",
                    "<seclabel type=\"dynamic\"/><seclabel type=\"dynamic\"/></domain>")
                .replace(
                    "</metadata>",
                    "<x:note xmlns:x=\"urn:x\"/><x:note xmlns:x=\"urn:x\"/></metadata>"));
    assertThat(found.all()).isEmpty();
  }

  @Test
  void refusesDeepElements() {
    String deep = "<a>".repeat(5_000) + "</a>".repeat(5_000);
    assertThatThrownBy(() -> DomainXml.parse("domain.xml", "<domain>" + deep + "</domain>"))
        .isInstanceOf(MalformedException.class)
        .hasMessageContaining("deep");
  }

  @Test
  void refusesTooManyElementsAndAttributes() {
    assertThatThrownBy(
            () -> DomainXml.parse("domain.xml", "<domain>" + "<a/>".repeat(100_000) + "</domain>"))
        .isInstanceOf(MalformedException.class)
        .hasMessageContaining("elements");
    var wide = new StringBuilder("<domain");
    for (int i = 0; wide.length() < 4_000_000; i++) {
      wide.append(" a").append(i).append("=''");
    }
    assertThatThrownBy(() -> DomainXml.parse("domain.xml", wide + "/>"))
        .isInstanceOf(MalformedException.class)
        .hasMessageContaining("attributes");
    assertThatThrownBy(() -> DomainXml.parse("domain.xml", "x".repeat(DomainXml.LONGEST + 1)))
        .isInstanceOf(MalformedException.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "root=LABEL=x ",
        "eyJ",
        "://://:a",
        "password=",
        "$6$$6$",
        "-----BEGIN PRIVATE KEY-----",
        "aB3",
        "\u00e9\ud83d\ude00 ",
        "\n"
      })
  void takesLinearTimeForLongTexts(String part) {
    String text = part.repeat(4_000_000 / part.length());
    assertTimeout(
        QUICK,
        () ->
            findings(
                "<domain type='kvm'><metadata>" + text + "</metadata><os><kernel/></os></domain>"));
  }

  @Test
  void takesLinearTimeForALongCommandLine() {
    String words = "root=LABEL=x resume=y ".repeat(90_000);
    assertTimeout(
        QUICK,
        () -> findings("<domain type='kvm'><os><cmdline>" + words + "</cmdline></os></domain>"));
  }

  @Test
  void takesLinearTimeForManyDevices() {
    String devices = "<disk type='file'><target bus='virtio'/></disk>".repeat(9_000);
    assertTimeout(
        QUICK, () -> findings("<domain type='kvm'><devices>" + devices + "</devices></domain>"));
  }

  private static Findings findings(String text) throws MalformedException {
    var found = new Findings();
    DomainRules.check(DomainXml.parse("domain.xml", text), found);
    return found;
  }
}
