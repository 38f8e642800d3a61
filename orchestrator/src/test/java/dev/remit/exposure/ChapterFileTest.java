package dev.remit.exposure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.remit.bytes.Bytes;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ChapterFileTest {
  private static final String GOOD =
      """
      {"schema": "remit.catalogue/1", "entries": [{
        "id": "NET-01",
        "title": "network card",
        "classes": ["read", "tamper"],
        "severity": "high",
        "technologies": ["sev", "tdx"],
        "default": "refuse",
        "acknowledge": {"risk": "some-risk", "production": true, "when": "it is tested"},
        "gets": "The host reads.",
        "instead": "Encrypt.",
        "enforced": "Nothing.",
        "signs": ["domain"],
        "sources": ["a book"]
      }]}
      """;

  @Test
  void readsAChapter() {
    var entries = read(GOOD);
    assertThat(entries).hasSize(1);
    assertThat(entries.getFirst().technologies()).containsExactly(Technology.SEV, Technology.TDX);
    assertThat(entries.getFirst().acknowledgeable().orElseThrow().inProduction()).isTrue();
  }

  /** Each is one change to a chapter that is right. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "\"title\": | \"heading\":",
        "\"gets\": | \"instead\":",
        "\"title\": \"network card\", | ``",
        "\"sources\": [\"a book\"] | \"sources\": [\"a book\"], \"more\": \"text\"",
        "\"sources\": [\"a book\"] | \"sources\": []",
        "\"sources\": [\"a book\"] | \"sources\": \"a book\"",
        "\"sources\": [\"a book\"] | \"sources\": [1]",
        "\"signs\": [\"domain\"] | \"signs\": []",
        "\"signs\": [\"domain\"] | \"signs\": [\"domain\", \"domain\"]",
        "\"signs\": [\"domain\"] | \"signs\": [\"moon\"]",
        "\"signs\": [\"domain\"] | \"signs\": [\"host\"]",
        "\"signs\": | \"unseen\": \"It hides.\", \"signs\":",
        "\"severity\": \"high\" | \"severity\": \"High\"",
        "\"severity\": \"high\" | \"severity\": null",
        "\"default\": \"refuse\" | \"default\": \"acknowledge\"",
        "\"default\": \"refuse\" | \"default\": \"residual\"",
        ", \"when\": \"it is tested\" | ``",
        "\"production\": true | \"production\": \"true\"",
        "\"risk\": \"some-risk\" | \"risk\": \"Some risk\"",
        "\"risk\": \"some-risk\" | \"risk\": \"some-risk\", \"until\": \"2030-12-31\"",
        "\"acknowledge\": { | \"acknowledge\": {}, \"acknowledge\": {",
        "network card | network card.",
        "The host reads. | The host reads",
        "The host reads. | the host reads.",
        "NET-01 | NET-02",
        "NET-01 | NET-1",
        "NET-01 | DEV-01",
        "NET-01 | NEXT-01",
        "remit.catalogue/1 | remit.catalogue/2",
        "}]} | }], \"more\": \"text\"}",
        "}]} | }]} {}",
        "}]} | }]",
        "}]} | }]}]",
      })
  void refusesWhateverIsWrong(String right, String wrong) {
    assertThat(GOOD).contains(right);
    assertThatThrownBy(() -> read(GOOD.replace(right, wrong)))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("net.json");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "[]", "null", "\"text\"", "{}"})
  void refusesWhatIsNoChapter(String text) {
    assertThatThrownBy(() -> read(text)).isInstanceOf(IllegalStateException.class);
  }

  private static List<Entry> read(String text) {
    return ChapterFile.entries(Chapter.NET, Bytes.copyOf(text.getBytes(StandardCharsets.UTF_8)));
  }
}
