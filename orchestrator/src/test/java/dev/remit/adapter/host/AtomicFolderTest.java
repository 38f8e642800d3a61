package dev.remit.adapter.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.remit.bytes.Bytes;
import dev.remit.bytes.SecretBytes;
import dev.remit.diagnostic.Code;
import dev.remit.diagnostic.Failure;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AtomicFolderTest {
  @TempDir private Path parent;

  @Test
  void appearsWithEverythingInIt() throws Exception {
    Path target = parent.resolve("deep/out");
    try (var folder = AtomicFolder.draft(target);
        var secret = SecretBytes.takeFrom(new byte[] {1, 2});
        var more = SecretBytes.takeFrom(new byte[] {3})) {
      folder.add("public", Bytes.of(9));
      folder.add("secret", secret, more);
      assertThat(target).doesNotExist();

      folder.publish();
    }
    assertThat(target.resolve("public")).hasBinaryContent(new byte[] {9});
    assertThat(target.resolve("secret")).hasBinaryContent(new byte[] {1, 2, 3});
    assertThat(permissions(target)).isEqualTo("rwx------");
    assertThat(permissions(target.resolve("secret"))).isEqualTo("rw-------");
    assertThat(permissions(target.resolve("public"))).isEqualTo("rw-------");
    assertThat(target.getParent()).isDirectoryNotContaining("glob:**/.remit-*");
  }

  @Test
  void leavesNothingWhereItWasNotPublished() throws Exception {
    try (var folder = AtomicFolder.draft(parent.resolve("out"))) {
      folder.add("a", Bytes.of(1));
    }
    assertThat(parent).isEmptyDirectory();
  }

  @Test
  void takesStreamsAndShowsWhereTheyLie() throws Exception {
    Path target = parent.resolve("out");
    try (var folder = AtomicFolder.draft(target)) {
      folder.add("a", () -> new ByteArrayInputStream(new byte[70_000]));
      assertThat(folder.inDraft("a")).hasSize(70_000);
      assertThat(permissions(folder.inDraft("a"))).isEqualTo("rw-------");
      folder.publish();
    }
    assertThat(target.resolve("a")).hasSize(70_000);
  }

  /** As when the process is told to end in between. */
  @Test
  void takesNothingMoreOnceItIsClosed() throws Exception {
    var folder = AtomicFolder.draft(parent.resolve("out"));
    folder.add("a", Bytes.of(1));
    folder.close();
    assertThatThrownBy(() -> folder.add("b", Bytes.of(1))).isInstanceOf(Failure.class);
    assertThatThrownBy(folder::publish).isInstanceOf(Failure.class);
    assertThat(parent).isEmptyDirectory();
  }

  @Test
  void leavesNothingWhereAFileCannotBeWritten() {
    assertThatThrownBy(
            () -> {
              try (var folder = AtomicFolder.draft(parent.resolve("out"))) {
                folder.add("a", Bytes.of(1));
                folder.add("no/such/place", Bytes.of(1));
              }
            })
        .isInstanceOfSatisfying(
            Failure.class,
            failure -> assertThat(failure.diagnostic().code()).isEqualTo(Code.CANNOT_WRITE));
    assertThat(parent).isEmptyDirectory();
  }

  @Test
  void takesThePlaceOfAnEmptyFolder() throws Exception {
    Path target = Files.createDirectory(parent.resolve("out"));
    try (var folder = AtomicFolder.draft(target)) {
      folder.add("a", Bytes.of(1));
      folder.publish();
    }
    assertThat(target.resolve("a")).exists();
    assertThat(permissions(target)).isEqualTo("rwx------");
  }

  @Test
  void takesThePlaceOfNothingElse() throws IOException {
    Path full = Files.createDirectory(parent.resolve("full"));
    Files.createFile(full.resolve("mine"));
    assertTaken(full);
    assertTaken(Files.createFile(parent.resolve("file")));
    assertTaken(Files.createSymbolicLink(parent.resolve("link"), parent.resolve("elsewhere")));
    assertThat(parent).isDirectoryNotContaining("glob:**/.remit-*");
  }

  @Test
  void givesWayToOneThatWasFaster() throws Exception {
    Path target = parent.resolve("out");
    try (var slow = AtomicFolder.draft(target);
        var fast = AtomicFolder.draft(target)) {
      slow.add("slow", Bytes.of(1));
      fast.add("fast", Bytes.of(1));
      fast.publish();

      assertThatThrownBy(slow::publish)
          .isInstanceOfSatisfying(
              Failure.class,
              failure -> assertThat(failure.diagnostic().code()).isEqualTo(Code.PLACE_TAKEN));
    }
    assertThat(target.resolve("fast")).exists();
    assertThat(target.resolve("slow")).doesNotExist();
    assertThat(parent).isDirectoryNotContaining("glob:**/.remit-*");
  }

  private static void assertTaken(Path place) {
    assertThatThrownBy(() -> AtomicFolder.draft(place).close())
        .isInstanceOfSatisfying(
            Failure.class,
            failure -> assertThat(failure.diagnostic().code()).isEqualTo(Code.PLACE_TAKEN));
  }

  private static String permissions(Path file) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
  }
}
