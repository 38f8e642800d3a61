package dev.remit.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.remit.junit.Programs;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code remit seal} with mke2fs and cryptsetup, and with programs in their place that fail. */
@Simulated
final class SealTest {
  private static final Programs PROGRAMS = Programs.find();
  private static final String PASSWORD = "correct-horse-battery-staple";

  @TempDir private Path folder;
  private Path memory = Path.of("");

  /** Of this test alone, where the program looks first for a place in memory. */
  @BeforeEach
  void makeAPlaceInMemory() throws IOException {
    memory = Files.createTempDirectory(Path.of("/dev/shm"), "it");
    Files.writeString(folder.resolve("user-data.yaml"), "#cloud-config\npassword: " + PASSWORD);
    Files.write(folder.resolve("initrd.img"), new byte[4098]);
    Files.writeString(
        folder.resolve("vm.yaml"),
        """
        apiVersion: remit.dev/v1alpha1
        kind: ConfidentialVm
        metadata: {name: a}
        spec:
          profile: lab
          resources: {vcpus: 1, memory: 512Mi, cpuModel: EPYC}
          tee: {kind: sev-es, policy: {minApi: "0.0"}}
          trust: {generations: [rome]}
          boot: {firmware: a, kernel: b, initrd: initrd.img, cmdline: remit.seed=1}
          secrets:
            - {name: d, from: {file: e}, guid: 736869e5-84f0-4973-92ec-06879ce3da0b}
          provisioning: {mode: sealed, userData: user-data.yaml}
          acknowledge: [{risk: password-login, reason: tested, until: 2030-12-31}]
        """);
  }

  @AfterEach
  void leaveNothingInMemory() throws IOException {
    assertThat(memory).isEmptyDirectory();
    Files.delete(memory);
  }

  @Test
  void writesWhatOnlyItsOwnerReads() throws Exception {
    var run = seal(List.of());
    assertThat(run.status()).as(run.said()).isZero();
    Path sealed = folder.resolve("user-data.yaml.sealed");
    assertThat(permissions(sealed)).isEqualTo("rwx------");
    assertThat(names(sealed))
        .containsExactlyInAnyOrder("seed.luks", "seed.header", "seed.key", "initrd.img");
    for (String name : names(sealed)) {
      assertThat(permissions(sealed.resolve(name))).as(name).isEqualTo("rw-------");
      assertThat(content(sealed.resolve(name))).as(name).doesNotContain(PASSWORD, "meta-data");
    }
    assertThat(sealed.resolve("seed.key")).hasSize(32);
    assertThat(sealed.resolve("seed.luks")).hasSize(4 << 20);
    assertThat(run.said()).contains("seal: MADE (a)").doesNotContain(PASSWORD, "in a file beside");
    assertThat(names(folder))
        .containsExactlyInAnyOrder(
            "vm.yaml", "user-data.yaml", "user-data.yaml.sealed", "initrd.img", "said");
  }

  /** cryptsetup itself says that the key is the volume's, and that another is not. */
  @Test
  void makesAVolumeThatItsKeyOpens() throws Exception {
    assertThat(seal(List.of()).status()).isZero();
    Path sealed = folder.resolve("user-data.yaml.sealed");
    assertThat(opens(sealed, sealed.resolve("seed.key"))).isTrue();
    Path other = Files.write(folder.resolve("other.key"), new byte[32]);
    assertThat(opens(sealed, other)).isFalse();
  }

  @Test
  void makesANewKeyEachTimeAndOverwritesNone() throws Exception {
    assertThat(seal(List.of("--out", folder.resolve("one").toString())).said())
        .contains("write into the spec:", "volume: \"" + folder.resolve("one") + "\"");
    assertThat(seal(List.of("--out", folder.resolve("two").toString())).status()).isZero();
    for (String file : List.of("seed.luks", "seed.header", "seed.key", "initrd.img")) {
      assertThat(folder.resolve("one").resolve(file))
          .isNotEqualTo(folder.resolve("two").resolve(file))
          .satisfies(one ->
              assertThat(content(one)).isNotEqualTo(content(folder.resolve("two").resolve(file))));
    }
    var again = seal(List.of("--out", folder.resolve("two").toString()));
    assertThat(again.status()).isEqualTo(3);
    assertThat(again.said()).contains("error[KEY-002]");
  }

  @ParameterizedTest
  @ValueSource(strings = {"mke2fs", "cryptsetup"})
  void leavesNothingWhereAProgramFails(String program) throws Exception {
    fake(program, "echo it has other plans >&2; exit 3");
    var run = seal(List.of());
    assertThat(run.status()).as(run.said()).isEqualTo(5);
    assertThat(run.said())
        .contains("error[SEAL-003]", program + " failed with status 3", "it has other plans");
    assertNothingWritten();
  }

  @Test
  void takesNoVolumeThatIsNotEncrypted() throws Exception {
    fake("cryptsetup", "exit 0");
    var run = seal(List.of());
    assertThat(run.status()).as(run.said()).isNotZero();
    assertNothingWritten();
  }

  @Test
  void leavesNothingWhereItIsInterrupted() throws Exception {
    fake("cryptsetup", ": >\"$0.reached\"; exec sleep 600");
    var process = start(List.of());
    try {
      Path reached = folder.resolve("bin/cryptsetup.reached");
      Waiting.until(Duration.ofMinutes(2), "cryptsetup runs", () -> Files.exists(reached));
      // What there is to lose: the file system in clear.
      assertThat(memory).isDirectoryRecursivelyContaining("glob:**/seed.luks");
      // SIGTERM; a shell may have had the others ignored for all that it starts.
      process.destroy();
      assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
    } finally {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
    }
    assertThat(content(folder.resolve("said"))).contains("what lay in clear is removed");
    assertNothingWritten();
  }

  @Test
  void hasNothingToDoForOtherGuests() throws Exception {
    String text = Files.readString(folder.resolve("vm.yaml"));
    Files.writeString(
        folder.resolve("vm.yaml"),
        text.replaceAll("  provisioning.*\n", "").replace("remit.seed=1", "quiet"));
    var run = seal(List.of());
    assertThat(run.status()).isEqualTo(3);
    assertThat(run.said()).contains("error[SEAL-001]", "mode: sealed");
  }

  private record Said(int status, String said) {}

  private Said seal(List<String> more) throws Exception {
    var process = start(more);
    assertThat(process.waitFor(2, TimeUnit.MINUTES)).isTrue();
    return new Said(process.exitValue(), content(folder.resolve("said")));
  }

  private Process start(List<String> more) throws IOException {
    var line = new ArrayList<>(List.of(PROGRAMS.remit().toString(), "seal"));
    line.add(folder.resolve("vm.yaml").toString());
    line.addAll(more);
    var builder = new ProcessBuilder(line).redirectErrorStream(true);
    builder.environment().put("XDG_RUNTIME_DIR", memory.toString());
    builder
        .environment()
        .merge("PATH", folder.resolve("bin").toString(), (path, first) -> first + ":" + path);
    return builder.redirectOutput(folder.resolve("said").toFile()).start();
  }

  /** Stands before the real one on the path. */
  private void fake(String program, String script) throws IOException {
    Path bin = Files.createDirectories(folder.resolve("bin"));
    Files.writeString(bin.resolve(program), "#!/bin/sh\n" + script + "\n");
    Files.setPosixFilePermissions(
        bin.resolve(program), PosixFilePermissions.fromString("rwx------"));
  }

  private void assertNothingWritten() throws IOException {
    assertThat(memory).isEmptyDirectory();
    assertThat(names(folder))
        .containsExactlyInAnyOrder("vm.yaml", "user-data.yaml", "initrd.img", "bin", "said");
  }

  private static boolean opens(Path sealed, Path key) throws Exception {
    var process =
        new ProcessBuilder(
                "/usr/sbin/cryptsetup",
                "open",
                "--test-passphrase",
                "--disable-locks",
                "--header",
                sealed.resolve("seed.header").toString(),
                "--key-file",
                key.toString(),
                sealed.resolve("seed.luks").toString())
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    return process.waitFor() == 0;
  }

  private static List<String> names(Path place) throws IOException {
    try (var files = Files.list(place)) {
      return files.map(file -> String.valueOf(file.getFileName())).toList();
    }
  }

  private static String content(Path file) throws IOException {
    return Files.readString(file, StandardCharsets.ISO_8859_1);
  }

  private static String permissions(Path file) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
  }
}
