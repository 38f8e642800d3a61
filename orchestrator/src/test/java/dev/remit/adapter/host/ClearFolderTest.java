package dev.remit.adapter.host;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ClearFolderTest {
  private static final Path MEMORY = Path.of("/dev/shm");

  @TempDir private Path disk;

  @Test
  void liesInMemoryWhereThereIsRoom() throws IOException {
    try (var folder = ClearFolder.create(List.of(disk.resolve("none"), MEMORY), 1, disk)) {
      assertThat(folder.inMemory()).isTrue();
      assertThat(folder.path()).hasParentRaw(MEMORY);
      assertThat(permissions(folder.path())).isEqualTo("rwx------");
    }
    assertThat(disk).isEmptyDirectory();
  }

  @Test
  void liesOnADiskWhereMemoryHasNoRoomOrIsNotThere() throws IOException {
    for (var places : List.of(List.of(MEMORY), List.of(disk.resolve("none")), List.<Path>of())) {
      try (var folder = ClearFolder.create(places, Long.MAX_VALUE, disk)) {
        assertThat(folder.inMemory()).isFalse();
        assertThat(folder.path()).hasParentRaw(disk);
        assertThat(permissions(folder.path())).isEqualTo("rwx------");
      }
    }
  }

  @Test
  void isGoneWithEverythingInItWhenItIsClosed() throws IOException {
    var folder = ClearFolder.create(List.of(), 0, disk);
    Files.createDirectories(folder.path().resolve("a/b"));
    Files.write(folder.path().resolve("a/b/c"), new byte[10]);
    folder.close();
    assertThat(disk).isEmptyDirectory();
    folder.close();
  }

  private static String permissions(Path file) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
  }
}
