package dev.remit.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.remit.bytes.Bytes;
import dev.remit.bytes.SeekableBytes;
import dev.remit.exposure.Checked;
import dev.remit.exposure.Checks;
import dev.remit.exposure.Finding;
import dev.remit.exposure.SubjectKind;
import dev.remit.image.Companions;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Every document of libvirt's own test suite under the rules of {@code remit check}. The page
 * docs/libvirt-documents.md has the counts, and what a reader thought of a sample.
 */
@Tag("documents")
final class LibvirtDocumentsTest {
  private static final Path DOCUMENTS = Path.of("../build/packages/libvirt-tests/tests");
  private static final Path PAGE = Path.of("../docs/libvirt-documents.md");
  private static final Path COUNTS = Path.of("target/libvirt-documents.md");
  private static final Path SAMPLE = Path.of("target/libvirt-sample.txt");

  private static final long SEED = 2_026L;
  private static final int SAMPLE_SIZE = 40;

  private static final TreeMap<String, Checked> ALL = new TreeMap<>();
  private static String digest = "";

  @BeforeAll
  static void checkEverything() throws Exception {
    List<Path> files;
    // Links name documents that are there under another name.
    try (Stream<Path> walk = Files.walk(DOCUMENTS)) {
      files =
          walk.filter(file -> Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS))
              .sorted()
              .toList();
    }
    Checks checks = new Checks(LocalDate.EPOCH, Companions.NONE);
    var sum = MessageDigest.getInstance("SHA-256");
    for (Path file : files) {
      String name = DOCUMENTS.relativize(file).toString();
      byte[] content = Files.readAllBytes(file);
      sum.update(MessageDigest.getInstance("SHA-256").digest(content));
      sum.update(name.getBytes(StandardCharsets.UTF_8));
      ALL.put(name, checked(checks, name, content));
    }
    digest = HexFormat.of().formatHex(sum.digest());
  }

  private static Checked checked(Checks checks, String name, byte[] content) throws IOException {
    try {
      return checks.check(name, SeekableBytes.of(Bytes.copyOf(content)), Optional.empty());
    } catch (RuntimeException bug) {
      throw new AssertionError("a document must not break a rule: " + name, bug);
    }
  }

  /** All but snapshots that name only themselves: their domain is elsewhere. */
  @Test
  void readsEveryDomainAndCommandLineToItsEnd() {
    var unread =
        ALL.values().stream()
            .filter(checked -> checked.kind().isPresent() && !checked.unreadable().isEmpty())
            .toList();

    assertThat(unread)
        .isNotEmpty()
        .allSatisfy(checked -> {
          assertThat(checked.file()).startsWith("qemudomainsnapshotxml2xml");
          assertThat(checked.unreadable())
              .singleElement()
              .satisfies(problem ->
                  assertThat(problem.why()).isEqualTo("no document of a domain is in it"));
        });
  }

  @Test
  void knowsADomainByItsOutermostElement() {
    var folders =
        ALL.values().stream()
            .filter(checked -> checked.kind().isEmpty())
            .map(checked -> checked.file().replaceFirst("/.*", ""))
            .collect(Collectors.toCollection(TreeSet::new));

    assertThat(folders)
        .doesNotContain("genericxml2xmlindata", "domainschemadata", "lxcxml2xmldata");
    assertThat(ALL.values())
        .filteredOn(checked -> checked.kind().isPresent())
        .allSatisfy(checked ->
            assertThat(Set.of(SubjectKind.DOMAIN, SubjectKind.COMMAND_LINE))
                .contains(checked.kind().get()));
  }

  /** A document without protection is never clean, and none of these has a whole one. */
  @Test
  void findsSomethingInEveryDocumentThatItReads() {
    assertThat(ALL.values())
        .filteredOn(checked -> checked.kind().isPresent() && checked.unreadable().isEmpty())
        .allSatisfy(checked -> assertThat(checked.findings()).isNotEmpty());
  }

  /** The page is what this prints; a count that changes is a change that a user can see. */
  @Test
  void isWhatThePageHas() throws IOException {
    Files.createDirectories(COUNTS.getParent());
    Files.writeString(COUNTS, counts());
    Files.writeString(SAMPLE, sample());

    assertThat(Files.readString(PAGE)).as("as in " + COUNTS).contains(counts());
  }

  private static String counts() {
    var lines = new ArrayList<String>();
    lines.add("| | documents |\n|---|---|");
    lines.add("| all, SHA-256 below | " + ALL.size() + " |");
    lines.add("| domains | " + of(SubjectKind.DOMAIN).size() + " |");
    lines.add("| command lines of QEMU | " + of(SubjectKind.COMMAND_LINE).size() + " |");
    lines.add(
        "| snapshots without their domain, not read | "
            + ALL.values().stream()
                .filter(checked -> checked.kind().isPresent() && !checked.unreadable().isEmpty())
                .count()
            + " |");
    lines.add(
        "| nothing that Remit looks through | "
            + ALL.values().stream().filter(checked -> checked.kind().isEmpty()).count()
            + " |");
    lines.add(
        "\nSHA-256 over the SHA-256 and the name of each, sorted by name:\n`" + digest + "`\n");
    lines.add("| rule | domains | command lines | findings |\n|---|---|---|---|");
    var rules =
        ALL.values().stream()
            .flatMap(checked -> checked.findings().stream())
            .map(Finding::id)
            .collect(Collectors.toCollection(TreeSet::new));
    for (String rule : rules) {
      lines.add(
          "| %s | %d | %d | %d |"
              .formatted(
                  rule,
                  with(SubjectKind.DOMAIN, rule),
                  with(SubjectKind.COMMAND_LINE, rule),
                  ALL.values().stream()
                      .flatMap(checked -> checked.findings().stream())
                      .filter(finding -> finding.id().equals(rule))
                      .count()));
    }
    return String.join("\n", lines) + "\n";
  }

  private static List<Checked> of(SubjectKind kind) {
    return ALL.values().stream()
        .filter(checked -> checked.kind().filter(kind::equals).isPresent())
        .toList();
  }

  private static long with(SubjectKind kind, String rule) {
    return of(kind).stream()
        .filter(
            checked -> checked.findings().stream().anyMatch(finding -> finding.id().equals(rule)))
        .count();
  }

  /** What the reader of the page had before him. */
  private static String sample() {
    var names =
        new ArrayList<>(
            ALL.values().stream()
                .filter(checked -> !checked.findings().isEmpty())
                .map(Checked::file)
                .toList());
    Collections.shuffle(names, new Random(SEED));
    return names.subList(0, SAMPLE_SIZE).stream()
        .sorted()
        .map(ALL::get)
        .flatMap(checked ->
            Stream.concat(
                Stream.of(checked.file()),
                checked.findings().stream()
                    .map(finding ->
                        "  %s %s %s".formatted(finding.id(), finding.at(), finding.found()))))
        .collect(Collectors.joining("\n", "", "\n"));
  }
}
