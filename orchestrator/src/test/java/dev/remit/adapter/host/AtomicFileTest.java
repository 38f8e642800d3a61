package dev.remit.adapter.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.remit.bytes.Bytes;
import dev.remit.diagnostic.Code;
import dev.remit.diagnostic.Failure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class AtomicFileTest {
  private static final Bytes CONTENT = Bytes.of('n', 'e', 'w');

  @TempDir private Path folder;

  @Test
  void writesAFileThatOnlyItsOwnerReads() throws Exception {
    AtomicFile.write(folder.resolve("plan.json"), CONTENT);
    assertThat(folder.resolve("plan.json")).hasContent("new");
    assertThat(mode("plan.json")).isEqualTo("rw-------");
    assertThatNothingElseIsThere("plan.json");
  }

  @Test
  void replacesAFileAndItsMode() throws Exception {
    Files.writeString(folder.resolve("plan.json"), "old, and longer");
    Files.setPosixFilePermissions(
        folder.resolve("plan.json"), PosixFilePermissions.fromString("rw-rw-rw-"));
    AtomicFile.write(folder.resolve("plan.json"), CONTENT);
    assertThat(folder.resolve("plan.json")).hasContent("new");
    assertThat(mode("plan.json")).isEqualTo("rw-------");
    assertThatNothingElseIsThere("plan.json");
  }

  @Test
  void leavesWhoeverReadsTheOldFileItsContent() throws Exception {
    Files.writeString(folder.resolve("plan.json"), "old");
    try (var reader = Files.newBufferedReader(folder.resolve("plan.json"))) {
      AtomicFile.write(folder.resolve("plan.json"), CONTENT);
      assertThat(reader.readLine()).isEqualTo("old");
    }
  }

  @Test
  void makesTheFoldersAboveForItsOwnerOnly() throws Exception {
    AtomicFile.write(folder.resolve("a/b/plan.json"), CONTENT);
    assertThat(mode("a")).isEqualTo("rwx------");
    assertThat(mode("a/b")).isEqualTo("rwx------");
  }

  @Test
  void doesNotTakeThePlaceOfALink() throws Exception {
    Files.writeString(folder.resolve("target"), "old");
    Files.createSymbolicLink(folder.resolve("link"), folder.resolve("target"));
    assertThatItCannotWrite("link");
    assertThat(folder.resolve("link")).isSymbolicLink();
    assertThat(folder.resolve("target")).hasContent("old");
    assertThatNothingElseIsThere("link", "target");
  }

  @Test
  void doesNotTakeThePlaceOfAFolder() throws Exception {
    Files.createDirectory(folder.resolve("plans"));
    assertThatItCannotWrite("plans");
    assertThatNothingElseIsThere("plans");
  }

  @Test
  void doesNotWriteBelowAFile() throws Exception {
    Files.writeString(folder.resolve("file"), "old");
    assertThatItCannotWrite("file/plan.json");
    assertThatNothingElseIsThere("file");
  }

  private void assertThatItCannotWrite(String name) {
    assertThatExceptionOfType(Failure.class)
        .isThrownBy(() -> AtomicFile.write(folder.resolve(name), CONTENT))
        .satisfies(failure -> assertThat(failure.diagnostic().code()).isEqualTo(Code.CANNOT_WRITE));
  }

  private void assertThatNothingElseIsThere(String... names) throws IOException {
    try (var there = Files.list(folder)) {
      assertThat(there.map(path -> path.getFileName().toString())).containsExactlyInAnyOrder(names);
    }
  }

  private String mode(String name) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve(name)));
  }
}
