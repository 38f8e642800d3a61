package dev.remit.exposure;

import static org.assertj.core.api.Assertions.assertThat;

import dev.remit.exposure.RuleCases.Covered;
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
}
