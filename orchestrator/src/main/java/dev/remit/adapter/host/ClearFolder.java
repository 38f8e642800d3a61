package dev.remit.adapter.host;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;

/**
 * A folder, mode 0700, for what lies in clear while it is being encrypted: in memory where the
 * machine has a place for that, and removed with all that is in it when it is closed.
 */
final class ClearFolder implements AutoCloseable {
  private static final Set<String> IN_MEMORY = Set.of("tmpfs", "ramfs");

  private final Path path;
  private final boolean inMemory;

  private ClearFolder(Path path, boolean inMemory) {
    this.path = path;
    this.inMemory = inMemory;
  }

  /** Where this user may keep files that no disk holds. */
  static List<Path> placesInMemory() {
    var places = new ArrayList<Path>();
    // As the XDG base directory specification has it: of this user alone.
    String runtime = System.getenv().getOrDefault("XDG_RUNTIME_DIR", "");
    if (!runtime.isEmpty()) {
      places.add(Path.of(runtime));
    }
    places.add(Path.of("/dev/shm"));
    return List.copyOf(places);
  }

  /**
   * Takes the first place that is in memory and has room, else one on a disk.
   *
   * @param room bytes that it must have
   */
  static ClearFolder create(List<Path> placesInMemory, long room, Path onDisk) throws IOException {
    for (Path place : placesInMemory) {
      if (isUsable(place, room)) {
        return new ClearFolder(make(place), true);
      }
    }
    return new ClearFolder(make(onDisk), false);
  }

  private static boolean isUsable(Path place, long room) {
    try {
      var store = Files.getFileStore(place);
      return IN_MEMORY.contains(store.type())
          && store.getUsableSpace() >= room
          && Files.isWritable(place);
    } catch (IOException notThere) {
      return false;
    }
  }

  private static Path make(Path place) throws IOException {
    // createTempDirectory makes mode 0700.
    return Files.createTempDirectory(place, ".remit-");
  }

  Path path() {
    return path;
  }

  boolean inMemory() {
    return inMemory;
  }

  /** A second call does nothing. */
  @Override
  public void close() throws IOException {
    if (!Files.exists(path)) {
      return;
    }
    try (var all = Files.walk(path)) {
      for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(each);
      }
    }
  }
}
