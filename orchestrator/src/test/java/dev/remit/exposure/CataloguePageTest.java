package dev.remit.exposure;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The catalogue as a page: what this prints. */
final class CataloguePageTest {
  private static final Path PAGE = Path.of("..", "docs", "catalogue.md");

  @Test
  void isThePage() throws IOException {
    var page = Path.of("target", "catalogue.md");
    Files.writeString(page, page());
    assertThat(Files.readString(PAGE)).as("as in " + page).isEqualTo(page());
  }

  private static String page() {
    return INTRODUCTION
        + counts()
        + Arrays.stream(Chapter.values())
            .map(CataloguePageTest::chapter)
            .collect(Collectors.joining());
  }

  private static final String INTRODUCTION =
      """
      # The leak catalogue

      What a host can read, change or weaken, whoever configured the VM, and what Remit does about
      it. The host is hostile here: it owns libvirt, QEMU, network and storage. A rule over a
      document finds a mistake of the owner; it does not stop a host that changes the document
      afterwards. Only three things do: the launch measurement, a guest that ignores the input, and
      evidence that somebody else judges. `remit explain ID` says for each entry which of them it
      is, what to do instead, how a risk is acknowledged, and where the facts come from; `remit
      explain PROV` lists a chapter.

      By default a leak is

      - *refused*;
      - *refused until acknowledged*: by the name of its risk, with a reason and an end;
      - *a warning*;
      - *fixed*: Remit writes the safe value itself;
      - *allowed*, as a risk that remains.

      A risk in brackets covers only the case that `remit explain` names; an asterisk marks one that
      profile production takes too. Where no rule over files can see a leak, the last column says in
      italics where it shows.

      This page is written by `CataloguePageTest`.
      """;

  private static String counts() {
    var text = new StringBuilder("\n| chapter | entries |");
    for (var word : Default.values()) {
      text.append(' ').append(heading(word)).append(" |");
    }
    text.append("\n|---|---|").append("---|".repeat(Default.values().length)).append('\n');
    for (var chapter : Chapter.values()) {
      text.append(
          row(
              "[%s](#%s): %s".formatted(chapter.id(), anchor(chapter), chapter.title()),
              Catalogue.builtIn().entries(chapter)));
    }
    return text.append(row("all", Catalogue.builtIn().entries())).toString();
  }

  private static String row(String name, List<Entry> entries) {
    var text = new StringBuilder("| %s | %d |".formatted(name, entries.size()));
    for (var word : Default.values()) {
      text.append(
          " %d |".formatted(entries.stream().filter(entry -> entry.byDefault() == word).count()));
    }
    return text.append('\n').toString();
  }

  private static String chapter(Chapter chapter) {
    return "\n## %s: %s\n\n".formatted(chapter.id(), chapter.title())
        + "| id | leak | what the host gets | severity | default | risk | where it shows |\n"
        + "|---|---|---|---|---|---|---|\n"
        + Catalogue.builtIn().entries(chapter).stream()
            .map(CataloguePageTest::row)
            .collect(Collectors.joining());
  }

  private static String row(Entry entry) {
    return "| %s | %s | %s | %s | %s | %s | %s |\n"
        .formatted(
            entry.id(),
            literal(entry.title()),
            literal(entry.gets()),
            entry.severity().id(),
            heading(entry.byDefault()),
            entry.acknowledgeable().map(CataloguePageTest::risk).orElse(""),
            signs(entry));
  }

  private static String risk(Acknowledgeable acknowledgeable) {
    String name =
        "`%s`%s".formatted(acknowledgeable.risk(), acknowledgeable.inProduction() ? "\\*" : "");
    return acknowledgeable.when().isPresent() ? "(" + name + ")" : name;
  }

  private static String signs(Entry entry) {
    String words = entry.signs().stream().map(Sign::id).collect(Collectors.joining(", "));
    return entry.unseen().isPresent() ? "*" + words + "*" : words;
  }

  private static String heading(Default word) {
    return switch (word) {
      case REFUSE -> "refused";
      case ACKNOWLEDGE -> "refused until acknowledged";
      case WARN -> "warning";
      case FIXED -> "fixed";
      case RESIDUAL -> "allowed";
    };
  }

  private static String anchor(Chapter chapter) {
    return (chapter.id() + " " + chapter.title()).toLowerCase(Locale.ROOT).replace(' ', '-');
  }

  /** Text that means nothing to Markdown. */
  private static String literal(String text) {
    return text.replaceAll("[\\\\`*_<>|\\[\\]]", "\\\\$0");
  }
}
