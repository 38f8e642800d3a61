package dev.remit.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.remit.junit.Programs;
import dev.remit.junit.Run;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What another program of the same user gets out of one that runs. Both are an ordinary user's,
 * also where the tests are run by root, who is let in everywhere.
 */
@Simulated
final class ClosedProcessTest {
  private static final Duration LIMIT = Duration.ofMinutes(1);

  /** What starts the program: the checkout may lie where nobody else may go. */
  @TempDir private static Path copied;

  @TempDir private Path folder;

  private final List<Process> started = new ArrayList<>();

  @BeforeAll
  static void copyTheProgram() throws IOException {
    Path checkout = Programs.find().checkout();
    for (String part : List.of("bin", "scripts/lib", "orchestrator/target/lib")) {
      Files.createDirectories(copied.resolve(part).getParent());
      requireDone("cp", "-r", checkout.resolve(part).toString(), copied.resolve(part).toString());
    }
    try (var jars = Files.newDirectoryStream(checkout.resolve("orchestrator/target"), "*.jar")) {
      for (Path jar : jars) {
        Files.copy(jar, copied.resolve("orchestrator/target").resolve(jar.getFileName()));
      }
    }
    requireDone("chmod", "-R", "a+rX", copied.toString());
  }

  private static void requireDone(String program, String... arguments) {
    assertThat(Programs.run(LIMIT, Path.of(program), List.of(arguments)).status()).isZero();
  }

  @BeforeEach
  void letOthersIn() throws IOException {
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxrwxrwx"));
  }

  @AfterEach
  void endAll() throws InterruptedException {
    for (var process : started) {
      process.destroyForcibly().waitFor();
    }
  }

  @Test
  void isClosedToAProgramOfTheSameUser() throws Exception {
    long remit = remit().pid();
    var control = start("sh", "-c", "echo there; read line");
    firstOctetOf(control);
    long other = control.pid();
    for (String file : List.of("environ", "maps", "mem")) {
      assertThat(run("head", "-c", "0", "/proc/" + other + "/" + file).status())
          .as("the control, " + file)
          .isZero();
      assertThat(run("head", "-c", "0", "/proc/" + remit + "/" + file).stderr())
          .as(file)
          .contains("Permission denied");
    }
    assertThat(run("ls", "/proc/" + remit + "/fd/").status()).isNotZero();
  }

  @Test
  void letsNoToolOfJavaAttach() throws Exception {
    String jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd").toString();
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    Path source = Files.writeString(folder.resolve("Other.java"), SLEEPER);
    var other = start(java, source.toString());
    firstOctetOf(other);
    assertThat(run(jcmd, Long.toString(other.pid()), "VM.version").status())
        .as("the control")
        .isZero();

    var remit = remit();
    for (String command : List.of("VM.version", "Thread.print", "GC.heap_dump", "JFR.start")) {
      var attached =
          run(jcmd, Long.toString(remit.pid()), command, folder.resolve("it").toString());
      assertThat(attached.status()).as(attached.toString()).isNotZero();
    }
    assertThat(folder.resolve("it")).doesNotExist();
    assertThat(remit.isAlive()).isTrue();
  }

  /** Prints, then sleeps. */
  private static final String SLEEPER =
      """
      void main() throws Exception {
        IO.println("here");
        Thread.sleep(1_000_000);
      }
      """;

  @ParameterizedTest
  @ValueSource(strings = {"ABRT", "SEGV", "BUS", "ILL", "TRAP"})
  void leavesNoFileBehindWhereItCrashes(String signal) throws Exception {
    var remit = remit();
    assertThat(limitOfCores(remit)).isEqualTo("0 0");
    var before = content();
    assertThat(run("kill", "-s", signal, Long.toString(remit.pid())).status()).isZero();
    // Java says in some lines that it crashed, and not before somebody reads them.
    assertThat(restOf(remit)).doesNotContain("core dump will be written");
    assertThat(remit.waitFor()).isNotZero();
    assertThat(content()).isEqualTo(before);
  }

  /** Where each thread is, which is no secret; a hang can be looked into. */
  @Test
  void goesOnAfterSayingWhereItsThreadsAre() throws Exception {
    var remit = remit();
    var before = content();
    assertThat(run("kill", "-s", "QUIT", Long.toString(remit.pid())).status()).isZero();
    String said = restOf(remit);
    assertThat(remit.waitFor()).isZero();
    assertThat(said).contains("Full thread dump");
    assertThat(content()).isEqualTo(before);
  }

  @Test
  void takesNoOptionsFromTheEnvironment() throws Exception {
    for (String variable : List.of("JAVA_TOOL_OPTIONS", "_JAVA_OPTIONS", "JDK_JAVA_OPTIONS")) {
      var line = new ArrayList<>(asAnOrdinaryUser());
      line.addAll(
          List.of(
              "env",
              variable
                  + "=-XX:+HeapDumpOnOutOfMemoryError -agentlib:jdwp=transport=dt_socket,server=y"
                  + " -XX:-DisableAttachMechanism -Dadded=1",
              copied.resolve("bin/remit").toString(),
              "--version"));
      var run = Programs.run(LIMIT, Path.of(line.getFirst()), line.subList(1, line.size()));
      assertThat(run.status()).isZero();
      assertThat(run.stderr()).as(variable).isEmpty();
    }
  }

  /** Held while it prints: it has done all that it does before anything else. */
  private Process remit() throws IOException {
    Path large = folder.resolve("large.json");
    Files.writeString(
        large, "{\"schema\":\"remit.bundle/1\",\"it\":\"" + "large".repeat(100_000) + "\"}");
    var process =
        start(
            "sh",
            "-c",
            "ulimit -c unlimited; exec \"$@\"",
            "sh",
            copied.resolve("bin/remit").toString(),
            "inspect",
            large.toString());
    firstOctetOf(process);
    return process;
  }

  private static void firstOctetOf(Process process) throws IOException {
    if (process.getInputStream().read() < 0) {
      throw new AssertionError(
          new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8));
    }
  }

  private static String restOf(Process process) throws IOException {
    return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
  }

  private Process start(String... command) throws IOException {
    var line = new ArrayList<>(asAnOrdinaryUser());
    line.addAll(List.of(command));
    var process = new ProcessBuilder(line).directory(folder.toFile()).start();
    started.add(process);
    return process;
  }

  private static Run run(String... command) throws IOException {
    var line = new ArrayList<>(asAnOrdinaryUser());
    line.addAll(List.of(command));
    return Programs.run(LIMIT, Path.of(line.getFirst()), line.subList(1, line.size()));
  }

  /** Root becomes nobody. */
  private static List<String> asAnOrdinaryUser() {
    return System.getProperty("user.name").equals("root")
        ? List.of("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "--")
        : List.of("env", "--");
  }

  private static String limitOfCores(Process process) throws IOException {
    return Files.readAllLines(Path.of("/proc", Long.toString(process.pid()), "limits")).stream()
        .filter(line -> line.startsWith("Max core file size"))
        .map(line -> line.replaceAll("\\D+", " ").strip())
        .findFirst()
        .orElseThrow();
  }

  private List<Path> content() throws IOException {
    try (var files = Files.list(folder)) {
      return files.sorted().toList();
    }
  }
}
