package dev.remit.exposure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.remit.spec.Profile;
import dev.remit.spec.Risk;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

final class CatalogueTest {
  private static final Catalogue CATALOGUE = Catalogue.builtIn();

  static List<Entry> entries() {
    return CATALOGUE.entries();
  }

  @ParameterizedTest
  @CsvSource({
    "PROV, 40",
    "POL, 43",
    "FW, 25",
    "DISK, 24",
    "DEV, 39",
    "HOST, 18",
    "NET, 10",
    "ORCH, 14"
  })
  void hasEveryEntryOfAChapterInOrder(Chapter chapter, int count) {
    assertThat(CATALOGUE.entries(chapter)).hasSize(count);
    assertThat(CATALOGUE.entries(chapter).getLast().id())
        .isEqualTo("%s-%02d".formatted(chapter.id(), count));
  }

  @Test
  void hasChapterAfterChapter() {
    assertThat(CATALOGUE.entries())
        .hasSize(213)
        .isEqualTo(
            Arrays.stream(Chapter.values())
                .flatMap(chapter -> CATALOGUE.entries(chapter).stream())
                .toList());
    assertThat(CATALOGUE.entries().stream().map(Entry::id)).doesNotHaveDuplicates();
  }

  @Test
  void findsAnEntryByItsIdAlone() {
    assertThat(CATALOGUE.require("DISK-02").title()).isEqualTo("encryption at the host");
    assertThat(CATALOGUE.entry("DISK-2")).isEmpty();
    assertThatThrownBy(() -> CATALOGUE.require("DISK-99"))
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  void tellsTitlesApart() {
    assertThat(CATALOGUE.entries().stream().map(Entry::title)).doesNotHaveDuplicates();
  }

  @ParameterizedTest
  @EnumSource
  void usesEveryDefault(Default word) {
    assertThat(CATALOGUE.entries()).anyMatch(entry -> entry.byDefault() == word);
  }

  @ParameterizedTest
  @EnumSource
  void usesEverySign(Sign sign) {
    assertThat(CATALOGUE.entries()).anyMatch(entry -> entry.signs().contains(sign));
  }

  /** What would make a proof worthless, or give away what it is for. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "PROV-01", "PROV-02", "PROV-03", "PROV-04", "PROV-05", "PROV-06", "PROV-07", "PROV-08",
        "PROV-09", "PROV-10", "POL-01", "POL-05", "POL-06", "POL-07", "POL-17", "POL-19", "POL-21",
        "POL-22", "POL-23", "POL-24", "FW-03", "FW-04", "DISK-02"
      })
  void letsNobodyAcknowledgeTheWorst(String id) {
    assertThat(CATALOGUE.require(id).byDefault()).isEqualTo(Default.REFUSE);
    assertThat(CATALOGUE.require(id).acknowledgeable()).isEmpty();
  }

  @Test
  void sameRiskIsAcknowledgedInTheSameProfiles() {
    Map<String, Set<Boolean>> production =
        acknowledgeable()
            .collect(
                Collectors.groupingBy(
                    Acknowledgeable::risk,
                    Collectors.mapping(Acknowledgeable::inProduction, Collectors.toSet())));
    assertThat(production).allSatisfy((risk, word) -> assertThat(word).hasSize(1));
  }

  @ParameterizedTest
  @EnumSource
  void knowsEveryRiskThatASpecAcknowledges(Risk risk) {
    assertThat(acknowledgeable().filter(each -> each.risk().equals(risk.id())))
        .isNotEmpty()
        .allMatch(each -> each.inProduction() == risk.mayBeAcknowledgedIn(Profile.PRODUCTION));
  }

  private static Stream<Acknowledgeable> acknowledgeable() {
    return CATALOGUE.entries().stream().flatMap(entry -> entry.acknowledgeable().stream());
  }

  @ParameterizedTest
  @MethodSource("entries")
  void saysWhyExactlyWhereNoRuleCanSee(Entry entry) {
    assertThat(entry.unseen().isEmpty())
        .isEqualTo(entry.signs().stream().anyMatch(Sign::isCheckable));
  }

  @ParameterizedTest
  @MethodSource("entries")
  void saysWhenExactlyWhereAnAcknowledgmentIsAnException(Entry entry) {
    boolean exception = entry.acknowledgeable().flatMap(Acknowledgeable::when).isPresent();
    assertThat(entry.acknowledgeable().isPresent())
        .isEqualTo(exception || entry.byDefault() == Default.ACKNOWLEDGE);
    assertThat(exception && entry.byDefault() == Default.ACKNOWLEDGE).isFalse();
  }

  @Test
  void refusesAnIdThatStandsTwice() {
    var entry = CATALOGUE.require("NET-01");
    assertThatThrownBy(() -> Catalogue.of(List.of(entry, entry)))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("NET-01 twice");
  }
}
