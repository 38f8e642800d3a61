package dev.remit.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.remit.diagnostic.Code;
import dev.remit.diagnostic.Diagnostic;
import dev.remit.domain.LiveDocuments;
import dev.remit.platform.Protection;
import dev.remit.spec.Risk;
import dev.remit.spec.Spec;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

final class LeakSearchTest {
  private static final String LIVE = LiveDocuments.recorded(Protection.SEV_ES);

  @ParameterizedTest
  @EnumSource
  void findsNoOpenDoorInWhatLibvirtMakesOfADocument(Protection protection) {
    var problems =
        LeakSearch.problemsOfLiveDomain(spec(protection), LiveDocuments.recorded(protection));

    assertThat(problems).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "POL-05|<policy>0x3301000f|<policy>0x3301000e",
        "POL-23|kernelHashes='yes'|kernelHashes='no'",
        "PROV-10|</devices>|</devices><sysinfo type='fwcfg'><entry name='opt/com.coreos/config' file='/c.ign'/></sysinfo>",
      })
  void refusesADoorThatStandsOpenInALiveDomain(String entry, String from, String to) {
    assertThat(LIVE).contains(from);

    assertThat(problems(LIVE.replace(from, to)))
        .map(problem -> problem.code() + " " + problem.what())
        .anyMatch(problem -> problem.startsWith("EXPOSED " + entry + ": "));
  }

  @Test
  void refusesInALiveDomainWhatTheOwnerDidNotTake() {
    var live = LiveDocuments.recorded(Protection.SEV);
    var withoutConsole = PlanFixtures.spec(Protection.SEV);

    assertThat(LeakSearch.problemsOfLiveDomain(withoutConsole, live))
        .map(Diagnostic::what)
        .allMatch(what -> what.startsWith("DEV-07: "))
        .isNotEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "<domain>", "<network/>", "<!DOCTYPE a><domain/>"})
  void takesNoDocumentForAClosedDoor(String live) {
    assertThat(problems(live)).map(Diagnostic::code).containsExactly(Code.DOMAIN_DIFFERS);
  }

  private static List<Diagnostic> problems(String live) {
    return LeakSearch.problemsOfLiveDomain(spec(Protection.SEV_ES), live);
  }

  /** The spec of the domain that was recorded: its console is a file. */
  private static Spec spec(Protection protection) {
    return PlanFixtures.acknowledging(
        PlanFixtures.spec(protection),
        Risk.HOST_READS_CONSOLE,
        Risk.NO_DISK_INTEGRITY,
        Risk.SEV_WITHOUT_ES);
  }
}
