package dev.remit.adapter.libvirt;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class RootLeftOversTest {
  @TempDir private Path root;

  @BeforeEach
  void leaveTheLockOfAKilledProcess() throws IOException {
    Files.createDirectories(root.resolve("run/qemu"));
    Files.writeString(root.resolve("run/qemu/driver.pid"), "4711");
  }

  private void clear() throws IOException {
    new RootLeftOvers(root).clear();
  }

  @Test
  void areNoneInARootThatIsNew() throws Exception {
    new RootLeftOvers(root.resolve("new")).clear();
    assertThat(root.resolve("new")).doesNotExist();
  }

  @Nested
  final class QuestionsThatNobodyWaitsForAnyMore {
    @Test
    void areEndedWithTheirQemu() throws Exception {
      var question = question();
      var qemu = process(question.toString());
      Files.writeString(question.resolve("qmp.pid"), qemu.pid() + "\n");
      Files.writeString(question.resolve("qmp.monitor"), "");
      clear();
      assertThat(qemu.waitFor()).isEqualTo(137);
      assertThat(question).doesNotExist();
    }

    @Test
    void endNoProcessThatGotTheNumberOfTheirQemu() throws Exception {
      var question = question();
      var stranger = process("/elsewhere");
      Files.writeString(question.resolve("qmp.pid"), Long.toString(stranger.pid()));
      clear();
      assertThat(stranger.isAlive()).isTrue();
      stranger.destroyForcibly().waitFor();
      assertThat(question).doesNotExist();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "-1", "0", "x", "99999999999999999999"})
    void areRemovedWhateverStandsInTheFileOfTheNumber(String number) throws Exception {
      var question = question();
      Files.writeString(question.resolve("qmp.pid"), number);
      clear();
      assertThat(question).doesNotExist();
    }

    @Test
    void stayWhereAProcessHoldsTheRoot() throws Exception {
      var question = question();
      try (var _ = LockHolder.of(root.resolve("run/qemu/driver.pid"))) {
        clear();
        assertThat(question).exists();
      }
      clear();
      assertThat(question).doesNotExist();
    }

    private Path question() throws IOException {
      return Files.createDirectories(root.resolve("lib/qemu/qmp-AbC123"));
    }
  }

  @Nested
  final class StartsThatNobodyEndsAnyMore {
    @Test
    void areForgottenWithTheirMasterKey() throws Exception {
      var state = state("web", "paused", "starting up", 0);
      clear();
      assertThat(state).doesNotExist();
      assertThat(folder("web")).doesNotExist();
      assertThat(root.resolve("run/qemu/web.pid")).doesNotExist();
    }

    @Test
    void areEndedWithTheirQemu() throws Exception {
      state("web", "paused", "starting up", 0);
      var qemu = process(folder("web").toString());
      Files.writeString(root.resolve("run/qemu/web.pid"), qemu.pid() + "\n");
      clear();
      assertThat(qemu.waitFor()).isEqualTo(137);
    }

    @Test
    void areNotThoseThatLibvirtCanTakeUpAgain() throws Exception {
      var state = state("web", "running", "booted", 4711);
      clear();
      assertThat(state).exists();
      assertThat(folder("web").resolve("master-key.aes")).exists();
      assertThat(root.resolve("run/qemu/web.pid")).exists();
    }

    @ParameterizedTest
    @ValueSource(strings = {"..", ".", "domain-1-elsewhere"})
    void reachNoFolderOutsideOfTheRoot(String named, @TempDir Path elsewhere) throws Exception {
      var state = state("web", "paused", "starting up", 0);
      Files.writeString(state, Files.readString(state).replace("domain-1-web", named));
      var file = Files.writeString(elsewhere.resolve("file"), "");
      Files.createSymbolicLink(folder("elsewhere"), elsewhere);
      var other = Files.writeString(root.resolve("lib/other"), "");
      clear();
      assertThat(file).exists();
      assertThat(other).exists();
      assertThat(state).doesNotExist();
    }

    @Test
    void areLookedForBesideWhatCannotBeCleared() throws Exception {
      Files.createDirectories(root.resolve("lib/qemu/qmp-AbC123/below/more"));
      var state = state("web", "paused", "starting up", 0);
      clear();
      assertThat(state).doesNotExist();
    }

    private Path folder(String name) {
      return root.resolve("lib/qemu/domain-1-" + name);
    }

    /** As libvirt 11.3 writes it, in its first lines. */
    private Path state(String name, String state, String reason, int pid) throws IOException {
      Files.createDirectories(folder(name));
      Files.writeString(folder(name).resolve("master-key.aes"), "key");
      Files.writeString(root.resolve("run/qemu/" + name + ".pid"), "999999999\n");
      return Files.writeString(
          root.resolve("run/qemu/" + name + ".xml"),
          """
          <!--
          WARNING: THIS IS AN AUTO-GENERATED FILE. CHANGES TO IT ARE LIKELY TO BE
          OVERWRITTEN AND LOST.
          -->

          <domstatus state='%s' reason='%s' pid='%d'>
            <taint flag='high-privileges'/>
            <monitor path='%s/monitor.sock' type='unix'/>
          </domstatus>
          """
              .formatted(state, reason, pid, folder(name)));
    }
  }

  /** Its argument stands on its command line, and is not used. */
  private static Process process(String argument) throws IOException {
    return new ProcessBuilder("tail", "-f", "/dev/null", "--", argument + "/monitor")
        .redirectErrorStream(true)
        .start();
  }
}
