package dev.remit.adapter.libvirt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.remit.diagnostic.Code;
import dev.remit.diagnostic.Failure;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class EmbeddedRootTest {
  private Path folder = Path.of("");
  private Path emulator = Path.of("");

  @BeforeEach
  void makeAnEmulator(@TempDir Path temporary) throws Exception {
    folder = temporary.resolve("root");
    emulator = executable(temporary.resolve("emulator"));
  }

  @Test
  void findsTheFolderInAUri() {
    assertThat(EmbeddedRoot.in("qemu:///embed?root=/run/remit"))
        .contains(new EmbeddedRoot(Path.of("/run/remit")));
    assertThat(EmbeddedRoot.in("qemu:///embed?root=/run/a%20b%2Bc+d"))
        .contains(new EmbeddedRoot(Path.of("/run/a b+c+d")));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "qemu:///system",
        "qemu:///embed",
        "qemu:///embed?boot=/x",
        "qemu+ssh://user@host/system?keyfile=/k",
        "test:///default"
      })
  void findsNoneInOtherUris(String uri) {
    assertThat(EmbeddedRoot.in(uri)).isEmpty();
  }

  @Test
  void writesTheSettingsThatLibvirtNeeds() throws Exception {
    new EmbeddedRoot(folder).prepare(Optional.empty());

    assertThat(folder.resolve("etc/qemu.conf"))
        .content()
        .contains(
            "namespaces = []",
            "cgroup_controllers = []",
            "security_driver = \"none\"",
            "stdio_handler = \"file\"");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder)))
        .isEqualTo("rwx------");
  }

  @Test
  void leavesSettingsAsTheyAre() throws Exception {
    Files.createDirectories(folder.resolve("etc"));
    Files.writeString(folder.resolve("etc/qemu.conf"), "mine");

    new EmbeddedRoot(folder).prepare(Optional.empty());

    assertThat(folder.resolve("etc/qemu.conf")).hasContent("mine");
  }

  @Test
  void linksTheEmulatorUnderTheNameThatLibvirtLooksFor() throws Exception {
    var searched = new EmbeddedRoot(folder).prepare(Optional.of(emulator));

    assertThat(searched).contains(folder.resolve("emulator"));
    assertThat(folder.resolve("emulator/qemu-system-x86_64").toRealPath())
        .isEqualTo(emulator.toRealPath());
  }

  @Test
  void linksAnotherEmulatorTheNextTime() throws Exception {
    var other = executable(folder.resolveSibling("other"));
    var root = new EmbeddedRoot(folder);
    root.prepare(Optional.of(emulator));
    root.prepare(Optional.of(other));

    assertThat(folder.resolve("emulator/qemu-system-x86_64").toRealPath())
        .isEqualTo(other.toRealPath());
  }

  @Test
  void searchesNowhereElseWithoutAnEmulator() throws Exception {
    assertThat(new EmbeddedRoot(folder).prepare(Optional.empty())).isEmpty();
  }

  @Test
  void refusesAnEmulatorThatIsNotThere() {
    assertFails(folder, Optional.of(folder.resolve("missing")), Code.NO_EMULATOR);
  }

  @Test
  void refusesAPathThatIsTooLongForSockets() {
    var longest = Path.of("/" + "x".repeat(EmbeddedRoot.LONGEST));

    assertFails(longest, Optional.empty(), Code.ROOT_TOO_LONG);
    assertThat(longest).doesNotExist();
  }

  @Test
  void countsBytesAndNotCharacters() {
    var wide = Path.of("/" + "ü".repeat(EmbeddedRoot.LONGEST / 2));

    assertFails(wide, Optional.empty(), Code.ROOT_TOO_LONG);
  }

  @Test
  void refusesAFolderThatCannotBeMade() throws Exception {
    Files.writeString(folder, "a file");

    assertFails(folder.resolve("below"), Optional.empty(), Code.CANNOT_WRITE);
  }

  @ParameterizedTest
  @ValueSource(strings = {"rwxrwx---", "rwx----w-"})
  void refusesAFolderThatOthersCanChange(String permissions) throws Exception {
    Files.createDirectory(folder);
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString(permissions));

    assertFails(folder, Optional.empty(), Code.CANNOT_WRITE);
    assertThat(folder).isEmptyDirectory();
  }

  /** QEMU has the path in its arguments that libvirt was given. */
  @Test
  void isClearedAlsoWhereALinkLeadsToIt() throws Exception {
    var link = Files.createSymbolicLink(folder.resolveSibling("link"), folder);
    var question = Files.createDirectories(folder.resolve("lib/qemu/qmp-AbC123"));
    var asked = link.resolve("lib/qemu/qmp-AbC123/qmp.monitor").toString();
    var qemu = new ProcessBuilder("tail", "-f", "/dev/null", "--", asked).start();
    Files.writeString(question.resolve("qmp.pid"), Long.toString(qemu.pid()));
    Files.writeString(
        Files.createDirectories(folder.resolve("run/qemu")).resolve("driver.pid"), "4711");

    new EmbeddedRoot(link).clear();

    assertThat(qemu.waitFor()).isEqualTo(137);
    assertThat(question).doesNotExist();
  }

  private static void assertFails(Path folder, Optional<Path> emulator, Code code) {
    assertThatThrownBy(() -> new EmbeddedRoot(folder).prepare(emulator))
        .isInstanceOfSatisfying(
            Failure.class, failure -> assertThat(failure.diagnostic().code()).isEqualTo(code));
  }

  private static Path executable(Path file) throws Exception {
    Files.writeString(file, "#!/bin/sh\n");
    return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
  }
}
