package dev.remit.exposure;

import static org.assertj.core.api.Assertions.assertThat;

import dev.remit.bytes.MalformedException;
import dev.remit.diagnostic.Location;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Each rule over libvirt's document and both kinds of command line, with a twin it lets pass. */
final class RulesTest {
  @FunctionalInterface
  private interface Check {
    Set<String> findings(String text) throws MalformedException;
  }

  @TestFactory
  Stream<DynamicTest> findsAnEntryInADomainAndNotInItsTwin() {
    return tests(DomainCases.ALL, RulesTest::inDomain);
  }

  @TestFactory
  Stream<DynamicTest> findsAnEntryOnACommandLineAndNotOnItsTwin() {
    return tests(CommandLineCases.ALL, RulesTest::onCommandLine);
  }

  @TestFactory
  Stream<DynamicTest> findsAnEntryOnAKernelCommandLineAndNotOnItsTwin() {
    return tests(KernelCommandLineCases.ALL, RulesTest::onKernelCommandLine);
  }

  @TestFactory
  Stream<DynamicTest> findsAnEntryInASpecAndNotInItsTwin() {
    return tests(SpecCases.ALL, SpecCases::found);
  }

  private static Stream<DynamicTest> tests(List<RuleCase> cases, Check check) {
    return IntStream.range(0, cases.size())
        .mapToObj(index -> {
          var one = cases.get(index);
          return DynamicTest.dynamicTest(
              one.id() + " case " + index,
              () -> {
                var expected = new TreeSet<>(one.others());
                expected.add(one.id());
                assertThat(check.findings(one.trips())).as(one.trips()).isEqualTo(expected);
                assertThat(check.findings(one.passes())).as(one.passes()).doesNotContain(one.id());
                assertThat(expected).containsAll(check.findings(one.passes()));
              });
        });
  }

  @Test
  void findsNothingInWhatTheCasesStartFrom() throws MalformedException {
    assertThat(inDomain(DomainCases.BASE)).isEmpty();
    assertThat(inDomain(DomainCases.SEV_ES_BASE)).containsExactly("POL-04");
    assertThat(inDomain(DomainCases.TDX_BASE)).isEmpty();
    assertThat(inDomain(DomainCases.PV_BASE)).isEmpty();
    assertThat(onCommandLine(CommandLineCases.BASE)).isEmpty();
    assertThat(onCommandLine(CommandLineCases.SEV_ES_BASE)).containsExactly("POL-04");
    assertThat(onCommandLine(CommandLineCases.TDX_BASE)).isEmpty();
    assertThat(onCommandLine(CommandLineCases.PV_BASE)).isEmpty();
    assertThat(onKernelCommandLine(KernelCommandLineCases.BASE)).isEmpty();
  }

  @Test
  void neverShowsASecretOfAKernelCommandLine() {
    var found = new Findings();
    String line = "app.password=hunter2 repo=https://me:hunter2@example.org/ token=hunter2";
    KernelCommandLineRules.check(
        KernelCommandLine.parse(line, new MarkedText("cmdline", line)), found);
    assertThat(found.all()).hasSizeGreaterThanOrEqualTo(3);
    assertThat(found.all().toString()).doesNotContain("hunter2");
  }

  @Test
  void tellsADeviceOfTheHostOnce() throws MalformedException {
    var found = new Findings();
    String line = "-blockdev driver=host_device,filename=/dev/sdb,node-name=a";
    CommandLineRules.check(EmulatorArguments.parse("qemu.args", line), found);
    assertThat(found.all()).filteredOn(finding -> finding.id().equals("DISK-24")).hasSize(1);
  }

  @Test
  void readsAKernelCommandLineThatTheMachineHas() throws MalformedException {
    String line = " -machine 'append=root=/dev/mapper/root rd.shell=0 panic=-1%s'";
    assertThat(onCommandLine(CommandLineCases.BASE.strip() + line.formatted(""))).isEmpty();
    assertThat(onCommandLine(CommandLineCases.BASE.strip() + line.formatted(" init=/bin/sh")))
        .containsExactly("PROV-24");
  }

  static Set<String> inDomain(String text) throws MalformedException {
    var found = new Findings();
    DomainRules.check(DomainXml.parse("domain.xml", text), found);
    return ids(found);
  }

  static Set<String> onCommandLine(String text) throws MalformedException {
    var found = new Findings();
    CommandLineRules.check(EmulatorArguments.parse("qemu.args", text), found);
    return ids(found);
  }

  static Set<String> onKernelCommandLine(String text) {
    var found = new Findings();
    KernelCommandLineRules.check(
        KernelCommandLine.parse(text, TextPlace.whole(new Location.InFile("cmdline"))), found);
    return ids(found);
  }

  private static Set<String> ids(Findings found) {
    return found.all().stream().map(Finding::id).collect(Collectors.toCollection(TreeSet::new));
  }
}
