package dev.remit.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.remit.junit.Programs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A folder in which tools make files, and what {@code remit check} has to say of them. */
final class CheckedFiles {
  /** For one file, whatever is in it. */
  private static final Duration LIMIT = Duration.ofSeconds(60);

  private static final JsonMapper JSON = JsonMapper.builder().build();

  private final Path folder;

  CheckedFiles(Path folder) {
    this.folder = folder;
  }

  /**
   * What is said of one file.
   *
   * @param verdict empty for what is no disk
   * @param refused the entries, as those that have to be acknowledged
   * @param unreadable the codes of what cannot be read
   */
  record Said(
      String verdict,
      Set<String> refused,
      Set<String> unacknowledged,
      Set<String> unreadable,
      List<String> found) {
    /** Whether it keeps a pipeline from going on. */
    boolean stops() {
      return !refused.isEmpty() || !unacknowledged.isEmpty() || !unreadable.isEmpty();
    }
  }

  /** What is said of each file of one run. */
  record Answers(Map<String, Said> byName) {
    Said of(String name) {
      return Objects.requireNonNull(byName.get(name), name);
    }

    Collection<Said> all() {
      return byName.values();
    }
  }

  Path path(String name) {
    return folder.resolve(name);
  }

  void write(String name, String text) throws IOException {
    Files.createDirectories(path(name).getParent());
    Files.writeString(path(name), text);
  }

  void shell(String script) throws IOException, InterruptedException {
    Path said = folder.resolve("said");
    var builder =
        new ProcessBuilder("sh", "-euc", script)
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(said.toFile());
    // Where Debian has mkfs and sfdisk, too, which the PATH of an ordinary user leaves out.
    builder.environment().put("PATH", "/usr/bin:/bin:/usr/sbin:/sbin");
    builder.environment().put("LC_ALL", "C.UTF-8");
    var process = builder.start();
    assertThat(process.waitFor(2, TimeUnit.MINUTES)).isTrue();
    assertThat(process.exitValue()).as("%s: %s", script, Files.readString(said)).isZero();
    Files.delete(said);
  }

  /** What is said of one file by itself. */
  Said check(String name) throws IOException {
    return check(List.of(name)).of(name);
  }

  /** What is said of files that are given together, each of which stops a pipeline. */
  Answers check(List<String> names) throws IOException {
    var arguments = new ArrayList<>(List.of("check", "--output", "json"));
    names.forEach(name -> arguments.add(path(name).toString()));
    var run = Programs.run(LIMIT, Programs.find().remit(), arguments);
    assertThat(run.status()).as(run.toString()).isEqualTo(3);
    assertThat(run.stderr()).isEmpty();
    var answers = new LinkedHashMap<String, Said>();
    for (var file : JSON.readTree(run.stdout()).get("files")) {
      var said = said(file);
      assertThat(said.stops()).as(file.toString()).isTrue();
      answers.put(folder.relativize(Path.of(file.get("file").asString())).toString(), said);
    }
    assertThat(answers.keySet()).containsExactlyElementsOf(names);
    return new Answers(answers);
  }

  private static Said said(JsonNode file) {
    var refused = new TreeSet<String>();
    var unacknowledged = new TreeSet<String>();
    var unreadable = new TreeSet<String>();
    var found = new ArrayList<String>();
    for (var finding : file.get("findings")) {
      switch (finding.get("ruling").asString()) {
        case "refused" -> refused.add(finding.get("id").asString());
        case "unacknowledged" -> unacknowledged.add(finding.get("id").asString());
        default -> {}
      }
      found.add(finding.get("found").asString());
    }
    for (var problem : file.path("unreadable")) {
      unreadable.add(problem.get("code").asString());
    }
    return new Said(file.path("verdict").asString(""), refused, unacknowledged, unreadable, found);
  }
}
