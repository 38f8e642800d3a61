package dev.remit.exposure;

import static org.assertj.core.api.Assertions.assertThat;

import dev.remit.exposure.RuleCases.Covered;
import dev.remit.spec.Profile;
import dev.remit.spec.Risk;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Everything that the catalogue says can be seen is found by a rule, and nothing else is. */
final class CoverageTest {
  @Test
  void hasACaseForEachPlaceWhereAnEntryShows() {
    var shown = new LinkedHashSet<Covered>();
    for (var entry : Catalogue.builtIn().entries()) {
      entry.signs().stream()
          .filter(Sign::isCheckable)
          .forEach(sign -> shown.add(new Covered(entry.id(), sign.id())));
    }
    assertThat(missing(shown, RuleCases.covered())).as("no case").isEmpty();
    assertThat(missing(RuleCases.covered(), shown)).as("not in the catalogue").isEmpty();
  }

  private static Set<Covered> missing(Set<Covered> wanted, Set<Covered> there) {
    return wanted.stream()
        .filter(each -> !there.contains(each))
        .collect(Collectors.toCollection(LinkedHashSet::new));
  }

  /** Only what guests, hosts, evidence or Remit itself show may be without a rule. */
  @Test
  void givesAReasonForEachEntryWithoutARule() {
    assertThat(Catalogue.builtIn().entries())
        .filteredOn(entry -> entry.signs().stream().noneMatch(Sign::isCheckable))
        .allSatisfy(entry -> assertThat(entry.unseen()).isPresent());
  }

  /** What a spec may acknowledge is what the catalogue lets be acknowledged. */
  @Test
  void letsASpecAcknowledgeWhatTheCatalogueDoes() {
    for (var risk : Risk.values()) {
      var entries =
          Catalogue.builtIn().entries().stream()
              .flatMap(entry -> entry.acknowledgeable().stream())
              .filter(each -> each.risk().equals(risk.id()))
              .toList();
      assertThat(entries).as(risk.id()).isNotEmpty();
      assertThat(entries)
          .as(risk.id())
          .allMatch(each -> each.inProduction() == risk.mayBeAcknowledgedIn(Profile.PRODUCTION));
    }
  }

  @Test
  void neverLetsTheWorstBeAcknowledged() {
    for (String id :
        Arrays.asList(
            "PROV-01", "PROV-02", "PROV-03", "PROV-08", "POL-05", "POL-06", "POL-07", "POL-17",
            "POL-21", "POL-23", "FW-03", "DISK-02")) {
      assertThat(Catalogue.builtIn().require(id).acknowledgeable()).as(id).isEmpty();
    }
  }
}
