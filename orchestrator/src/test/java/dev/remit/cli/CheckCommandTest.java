package dev.remit.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.remit.bytes.Bytes;
import dev.remit.bytes.Sample;
import dev.remit.diagnostic.Hostile;
import dev.remit.report.SarifShape;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.StreamSupport;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.xml.sax.InputSource;
import org.xml.sax.SAXException;

final class CheckCommandTest {
  private static final String CLEAN = "#cloud-config\nhostname: a\n";
  private static final String REFUSED = "#cloud-config\npassword: R\n";
  private static final String UNACKNOWLEDGED = "#cloud-config\n\nssh_pwauth: true\n";
  private static final String WARNING = "#cloud-config\nntp: {servers: [a]}\n";

  @TempDir private Path folder;

  @Test
  void passesWhatIsClean() throws IOException {
    var run = check(file("a", CLEAN));
    assertThat(run.status()).isZero();
    assertThat(run.err()).isEmpty();
    assertThat(run.out()).endsWith("/a: user data of cloud-init: nothing found\n");
  }

  @Test
  void passesWhatIsOnlyWarnedOf() throws IOException {
    var run = check(file("a", WARNING));
    assertThat(run.status()).isZero();
    assertThat(run.out()).contains("WARNING  NET-07");
  }

  @Test
  void saysWhereWhatAndWhatToDoInstead() throws IOException {
    var file = file("a", UNACKNOWLEDGED);
    var run = check(file);
    assertThat(run.status()).isEqualTo(3);
    assertThat(run.out().lines().toList())
        .startsWith(
            file + ": user data of cloud-init: 1 needs acknowledgment",
            "",
            "NEEDS ACKNOWLEDGMENT  PROV-31  login with a password")
        .contains("  found: " + file + ":3:13: /ssh_pwauth: SSH takes passwords")
        .anyMatch(line -> line.startsWith("  do this instead: "))
        .anyMatch(line -> line.contains("acknowledge: - {risk: password-login, reason: \"\""))
        .endsWith("  more: remit explain PROV-31");
  }

  @Test
  void tellsTheWorstFirst() throws IOException {
    var run = check(file("a", WARNING + "ssh_pwauth: true\npassword: R\n"));
    assertThat(run.out().lines().filter(line -> line.matches("[A-Z]+ .*")).toList())
        .extracting(line -> line.substring(0, line.indexOf("  ")))
        .containsExactly("REFUSED", "NEEDS ACKNOWLEDGMENT", "WARNING");
  }

  @Test
  void checksTheOtherFilesBesideOneThatCannotBeRead() throws IOException {
    var run = check(file("a", REFUSED), "/nowhere", file("b", CLEAN), file("c", "what is it\n"));
    assertThat(run.status()).isEqualTo(3);
    assertThat(run.out())
        .contains(
            "REFUSED  PROV-30", "UNREADABLE  FILE-001", "/b: user data", "UNREADABLE  FILE-007")
        .endsWith("4 files: 2 unreadable, 1 refused\n");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "what is it\n", "#cloud-config\na: [\n"})
  void endsWith3WhereItCannotRead(String content) throws IOException {
    assertThat(check(file("a", content)).status()).isEqualTo(3);
  }

  @Test
  void takesTheOwnersWordForWhatAFileIs() throws IOException {
    var file = file("a", "ssh_pwauth: 1\n");
    assertThat(check("--as", "user-data", file).out()).contains("PROV-31");
    assertThat(check("--as", "image", file).out()).contains("IMG-004", "unknown");
    assertThat(check("--as", "kubevirt", file("b", "\u0000\u0001")).out()).contains("FILE-007");
    assertThat(check("--as", "spaceship", file).status()).isEqualTo(2);
  }

  @Test
  void holdsASpecAgainstTheRulesAndItsAcknowledgments() throws IOException {
    String spec = Files.readString(Path.of("..", "examples", "hello-sev.yaml"));
    assertThat(check(file("good", spec)).status()).isZero();
    var open = check(file("open", spec.replace("rd.shell=0", "rd.shell=0 init=/bin/sh")));
    assertThat(open.status()).isEqualTo(3);
    assertThat(open.out()).contains("REFUSED  PROV-24");
  }

  @Test
  void judgesForOneTechnologyOnly() throws IOException {
    var firmware = Path.of("src/test/resources/firmware/ovmf_OvmfX64_suffix.bin").toString();
    assertThat(check(firmware).out()).contains("POL-24", "POL-36");
    assertThat(check("--tee", "tdx", firmware).out()).doesNotContain("POL-24", "POL-36");
    assertThat(check("--tee", "sgx", firmware).status()).isEqualTo(2);
  }

  @Test
  void looksThroughDomainsAndBothKindsOfCommandLines() throws IOException {
    var domain =
        "<domain type='kvm'>\n<devices>\n<channel type='unix'>"
            + "<target type='virtio' name='org.qemu.guest_agent.0'/></channel>\n</devices>\n</domain>";
    assertThat(check(file("a", domain)).out()).contains("  DEV-05  ", "a:3:50: ");
    assertThat(check(file("b", "<domainsnapshot>\n" + domain + "</domainsnapshot>")).out())
        .contains("  DEV-05  ", "b:4:50: ");
    assertThat(check(file("c", "/usr/bin/qemu-system-x86_64\0-gdb\0tcp::1234\0")).out())
        .contains("REFUSED  HOST-06", "REFUSED  POL-01");
    assertThat(check(file("d", "root=LABEL=a console=ttyS0\n")).out()).contains("REFUSED  FW-17");
  }

  @Test
  void readsTheStandardInput() {
    var before = System.in;
    try {
      System.setIn(new ByteArrayInputStream(REFUSED.getBytes(StandardCharsets.UTF_8)));
      var run = check("-");
      assertThat(run.status()).isEqualTo(3);
      assertThat(run.out()).contains("  found: stdin:2:11: /password");
    } finally {
      System.setIn(before);
    }
  }

  @Test
  void tellsProgramsTheSame() throws IOException {
    var json = check("-o", "json", file("a", REFUSED), file("b", CLEAN)).json();
    assertThat(json.propertyNames().iterator().next()).isEqualTo("schema");
    assertThat(json.path("schema").stringValue()).isEqualTo("remit.check/1");
    assertThat(json.path("status").intValue()).isEqualTo(3);
    assertThat(json.path("counts").path("refused").intValue()).isEqualTo(1);
    var finding = json.path("files").path(0).path("findings").path(0);
    assertThat(finding.path("id").stringValue()).isEqualTo("PROV-30");
    assertThat(finding.path("ruling").stringValue()).isEqualTo("refused");
    assertThat(finding.path("at").path("line").intValue()).isEqualTo(2);
    assertThat(finding.path("at").path("column").intValue()).isEqualTo(11);
    assertThat(finding.path("instead").stringValue()).isNotEmpty();
    assertThat(json.path("files").path(1).path("findings")).isEmpty();
  }

  @Test
  void writesSarif() throws IOException {
    var run =
        check("-o", "sarif", file("a b", REFUSED + "ssh_pwauth: true\nntp: {a: b}\n"), "/nowhere");
    assertThat(run.status()).isEqualTo(3);
    var log = run.json();
    SarifShape.require(log);
    var results = log.path("runs").path(0).path("results");
    assertThat(
            StreamSupport.stream(results.spliterator(), false)
                .map(r -> r.path("level").stringValue()))
        .containsExactly("error", "error", "warning");
    var place = results.path(0).path("locations").path(0).path("physicalLocation");
    assertThat(place.path("artifactLocation").path("uri").stringValue()).endsWith("/a%20b");
    assertThat(place.path("region").path("startLine").intValue()).isEqualTo(2);
    assertThat(place.path("region").path("startColumn").intValue()).isEqualTo(11);
    var invocation = log.path("runs").path(0).path("invocations").path(0);
    assertThat(invocation.path("executionSuccessful").booleanValue()).isFalse();
    assertThat(invocation.path("toolExecutionNotifications")).hasSize(1);
  }

  @Test
  void writesJunit() throws IOException, SAXException, ParserConfigurationException {
    var run =
        check("-o", "junit", file("a", REFUSED + "ntp: {a: b}\n"), file("b", CLEAN), "/nowhere");
    assertThat(run.status()).isEqualTo(3);
    var suite = (Element) xml(run.out()).getElementsByTagName("testsuite").item(0);
    assertThat(suite.getAttribute("tests")).isEqualTo("4");
    assertThat(suite.getAttribute("failures")).isEqualTo("2");
    var cases = new ArrayList<String>();
    var elements = suite.getElementsByTagName("testcase");
    for (int i = 0; i < elements.getLength(); i++) {
      var each = (Element) elements.item(i);
      boolean failed = each.getElementsByTagName("failure").getLength() == 1;
      cases.add(each.getAttribute("name").split(" ", -1)[0] + (failed ? " failed" : " passed"));
    }
    assertThat(cases)
        .containsExactly("PROV-30 failed", "NET-07 passed", "nothing passed", "FILE-001 failed");
  }

  @Test
  void showsNothingOfHostileNamesAndContentsThatAProgramCouldObey()
      throws IOException, SAXException, ParserConfigurationException {
    int number = 0;
    for (String text : Hostile.TEXTS) {
      String name = "x" + number++;
      boolean possible =
          text.length() < 100 && text.indexOf('\0') < 0 && text.indexOf('\ud800') < 0;
      if (possible) {
        name += text.replace("/", "");
      }
      if (text.indexOf('\ud800') >= 0) {
        continue; // no file can hold it
      }
      var file =
          file(
              name,
              "#cloud-config\n\"" + text.replace("\"", "") + "\": {a: 'http://a'}\n" + REFUSED);
      for (String form : List.of("text", "json", "sarif", "junit")) {
        var run = check("-o", form, file);
        assertThat(run.status()).isEqualTo(3);
        assertThat(Hostile.isHarmless(run.out())).as("%s %s", form, number).isTrue();
        assertThat(Hostile.isHarmless(run.err())).isTrue();
        if (form.equals("junit")) {
          assertThat(xml(run.out()).getElementsByTagName("testcase").getLength()).isPositive();
        } else if (form.equals("sarif")) {
          SarifShape.require(run.json());
        }
      }
    }
  }

  @Test
  void looksThroughTheExamples() {
    var run =
        check(
            "../examples/hello-sev.yaml",
            "../examples/hello-sev-es.yaml",
            "../examples/simulated-host.yaml");
    assertThat(run.out()).contains("a document of Remit: nothing found");
    assertThat(run.status()).isZero();
  }

  /** The image says raw, so that what lies below it is the whole disk. */
  @Test
  void looksThroughABackingFileThatWasGivenByItsName() throws IOException {
    var above = file("above.qcow2", Sample.of("image/disk/overraw.qcow2.gz"));
    var base = file("base.raw", Sample.of("image/disk/gpt.gz"));
    assertThat(check(above).out())
        .contains("above.qcow2: a disk, medium or initrd: unknown", "REFUSED  DISK-13")
        .doesNotContain("partition 1");
    assertThat(check(above, base).out())
        .contains(
            "the backing file \"base.raw\", which was given", "the disk in qcow2: partition 1");
    Files.createDirectory(folder.resolve("other"));
    var other = file("other/base.raw", Sample.of("image/disk/gpt.gz"));
    assertThat(check(above, base, other).out())
        .contains("above.qcow2: a disk, medium or initrd: unknown");
  }

  private static Document xml(String text)
      throws IOException, SAXException, ParserConfigurationException {
    return DocumentBuilderFactory.newDefaultInstance()
        .newDocumentBuilder()
        .parse(new InputSource(new StringReader(text)));
  }

  private CommandLineRun check(String... arguments) {
    var all = new ArrayList<>(List.of("check"));
    all.addAll(List.of(arguments));
    all.addAll(List.of("--state", folder.resolve("state").toString()));
    return CommandLineRun.of(all.toArray(String[]::new));
  }

  private String file(String name, Bytes content) throws IOException {
    return Files.write(folder.resolve(name), content.toArray()).toString();
  }

  private String file(String name, String content) throws IOException {
    return Files.writeString(folder.resolve(name), content).toString();
  }
}
