package dev.remit.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.remit.junit.Programs;
import dev.remit.junit.Run;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The scripts of guests refuse by themselves what {@code remit} lets nobody launch. They run here
 * as they are, up to the paths in them: every one leads into a folder, where the tools are
 * stand-ins.
 */
@Simulated
final class GuestScriptTest {
  private static final Duration LIMIT = Duration.ofMinutes(1);
  private static final String INIT = "guest/init";
  private static final String LOCAL_TOP = "guest/initramfs-tools/scripts/local-top/remit";
  private static final String LOCAL_BOTTOM = "guest/initramfs-tools/scripts/local-bottom/remit";
  private static final String GOOD =
      "panic=-1 rootflags=noatime,errors=panic remit.secret=test remit.end=panic";
  private static final List<String> STAND_INS = List.of("insmod", "mount", "umount", "sleep");

  @TempDir private Path root;

  @BeforeEach
  void makeGuest() throws IOException {
    for (String folder : List.of("bin", "proc", "dev", "run", "mnt", "lib/remit/bin")) {
      Files.createDirectories(root.resolve(folder));
    }
    for (String name : STAND_INS) {
      tool("bin/" + name, "true");
    }
    tool("bin/cryptsetup", "exec cat");
    tool("bin/poweroff", "kill -9 $PPID");
    Files.createFile(root.resolve("dev/vda"));
    Files.createFile(root.resolve("mnt/proof.txt"));
    reader("printf key");
    openSeed("true");
  }

  @ParameterizedTest
  @ValueSource(strings = {INIT, LOCAL_TOP})
  void opensTheDiskWhereNothingIsWrong(String script) throws IOException {
    assertThat(run(script, GOOD)).contains("disk unlocked").doesNotContain("refused");
  }

  @ParameterizedTest
  @CsvSource(
      textBlock =
          """
          guest/init, remit.seed=1 remit.seed=1, says remit.seed twice
          guest/init, remit.seed=0 remit.seed=1, says remit.seed twice
          guest/init, remit.seed=0, remit.seed on the command line is not 1
          guest/init, remit.seed=, remit.seed on the command line is not 1
          guest/init, remit.seed, remit.seed on the command line is not 1
          guest/init, remit.secret=efi, says remit.secret twice
          guest/init, remit.end=wait, says remit.end twice
          guest/initramfs-tools/scripts/local-top/remit, remit.seed=1 remit.seed=1, says remit.seed twice
          guest/initramfs-tools/scripts/local-top/remit, remit.seed=0, remit.seed on the command line is not 1
          guest/initramfs-tools/scripts/local-top/remit, panic=, says panic twice
          guest/initramfs-tools/scripts/local-top/remit, panic=0, says panic twice
          guest/initramfs-tools/scripts/local-top/remit, rootflags=errors=continue, says rootflags twice
          """)
  void refusesAWordThatCanBeReadInTwoWays(String script, String more, String why)
      throws IOException {
    assertThat(run(script, GOOD + " " + more)).contains("refused: ").contains(why);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"quiet", "rootflags=errors=continue", "rootflags=errors=panic,errors=continue"})
  void opensNoRootWhoseErrorsArePassedOver(String words) throws IOException {
    assertThat(run(LOCAL_TOP, GOOD.replace("rootflags=noatime,errors=panic", words)))
        .contains("refused: the command line does not say rootflags=errors=panic")
        .doesNotContain("unlocked");
  }

  @ParameterizedTest
  @ValueSource(strings = {INIT, LOCAL_TOP})
  void endsWhereTheSecretWasNotErased(String script) throws IOException {
    reader("printf key; exit 1");
    assertThat(run(script, GOOD))
        .contains("refused: the secret was not erased after it was read")
        .doesNotContain("unlocked");
  }

  @ParameterizedTest
  @ValueSource(strings = {INIT, LOCAL_TOP})
  void endsWithTheReasonOfTheReader(String script) throws IOException {
    reader("printf key; echo 'it cannot be erased' >&2; exit 1");
    assertThat(run(script, GOOD)).contains("refused: it cannot be erased");
  }

  /** Where initramfs-tools would start /bin/sh of the disk, and no word keeps it from that. */
  @ParameterizedTest
  @CsvSource({"false, true", "true, false"})
  void startsNoShellInPlaceOfAnInit(String runInit, boolean refuses) throws IOException {
    tool("bin/run-init", runInit);
    tool("lib/remit/bin/poweroff", "kill -9 $PPID");
    Files.createFile(root.resolve("dev/console"));
    assertThat(run(LOCAL_BOTTOM, GOOD).contains("refused: the disk has no init"))
        .isEqualTo(refuses);
  }

  @Test
  void tellsCloudInitToReadNothingOfTheHostWithoutASeed() throws IOException {
    run(LOCAL_TOP, GOOD);
    assertThat(root.resolve("run/cloud-init/cloud.cfg"))
        .hasContent("datasource_list: [None]\nnetwork: {config: disabled}\n");
    assertThat(root.resolve("run/cloud-init/.ds-identify.result")).hasContent("0\n");
  }

  @Test
  void tellsCloudInitToReadTheSeedAndNothingOfTheHost() throws IOException {
    openSeed(
        "printf '#cloud-config' >\"$2/user-data\"; printf 'instance-id: i\\n' >\"$2/meta-data\"");
    run(LOCAL_TOP, GOOD + " remit.seed=1");
    assertThat(root.resolve("run/cloud-init/cloud.cfg"))
        .hasContent(
            """
            datasource_list: [None]
            network: {config: disabled}
            datasource:
              None:
                userdata_raw: !!binary "I2Nsb3VkLWNvbmZpZw=="
                metadata:
                  instance-id: i
            """);
  }

  private void reader(String body) throws IOException {
    tool("lib/remit/secret-from-test", body);
  }

  private void openSeed(String body) throws IOException {
    tool("lib/remit/open-seed", body);
  }

  private void tool(String name, String body) throws IOException {
    Path file = Files.writeString(root.resolve(name), "#!/bin/sh\n" + body + "\n");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwx------"));
  }

  /** What the guest says on its console. */
  private String run(String script, String cmdline) throws IOException {
    Files.writeString(root.resolve("proc/cmdline"), cmdline + "\n");
    String text =
        Files.readString(Programs.find().checkout().resolve(script))
            .replaceAll("(?<![\\w.}*])/(dev/vda|dev/console|lib/remit|proc|run|mnt)", root + "/$1")
            .replaceAll("PATH=[\\w:/.-]+", "PATH=" + root.resolve("bin") + ":/usr/bin:/bin")
            .replace("[ -b ", "[ -e ")
            .replace(">" + root + "/dev/console", ">>" + root + "/dev/console");
    String path = "PATH=" + root.resolve("bin") + ":$PATH\n";
    tool("script", path + text.replaceFirst("#!/bin/sh\n", ""));
    Run ended = Programs.run(LIMIT, root.resolve("script"), List.of());
    assertThat(root.resolve("dev/console")).as(ended.toString()).exists();
    return Files.readString(root.resolve("dev/console"));
  }
}
