package dev.remit.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where the kernel does not let the program shut its memory, it reads no key. */
final class SandboxTest {
  private static final boolean ARM = System.getProperty("os.arch").equals("aarch64");
  private static final int PRCTL = ARM ? 167 : 157;
  private static final int PRLIMIT = ARM ? 261 : 302;
  private static final int PR_SET_DUMPABLE = 4;
  private static final int RLIMIT_CORE = 4;

  @TempDir private Path folder;

  @Test
  void refusesToWorkWhereItsMemoryStaysOpen() throws Exception {
    var run = launch(PRCTL, 0, PR_SET_DUMPABLE);
    assertThat(run).startsWith("4 remit: error[HOST-006]: other programs of this user could read");
    assertThat(run).contains("  why: prctl(PR_SET_DUMPABLE) failed\n", "  fix: run Remit on Linux");
  }

  @Test
  void refusesToWorkWhereACoreMayBeWritten() throws Exception {
    var run = launch(PRLIMIT, 1, RLIMIT_CORE);
    assertThat(run).startsWith("4 remit: error[HOST-006]: other programs of this user could read");
    assertThat(run).contains("  why: setrlimit(RLIMIT_CORE) failed\n");
  }

  /** As a control: another argument of the same call. */
  @Test
  void worksWhereAnotherCallIsRefused() throws Exception {
    assertThat(launch(PRCTL, 0, 9999)).startsWith("3 remit: error[FILE-001]: ");
  }

  /** The status, and what is said. */
  private String launch(int call, int place, int refused) throws Exception {
    var line =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                SandboxedProgram.class.getName()));
    for (int number : List.of(call, place, refused)) {
      line.add(Integer.toString(number));
    }
    line.addAll(
        List.of("--state", folder.toString(), "launch", folder.resolve("none.yaml").toString()));
    var program = new ProcessBuilder(line).redirectErrorStream(true).start();
    String said = new String(program.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return program.waitFor() + " " + said;
  }
}
