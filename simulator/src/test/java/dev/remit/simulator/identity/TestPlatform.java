package dev.remit.simulator.identity;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;

/** One platform for all tests: making its RSA keys takes seconds. */
public final class TestPlatform {
  public static final FirmwareVersion VERSION = new FirmwareVersion(1, 55, 40);
  static final Path FOLDER = create();

  private TestPlatform() {}

  private static Path create() {
    try {
      var parent = Files.createTempDirectory("remit-simulator-test-");
      var folder = parent.resolve("platform");
      PlatformIdentity.create(folder, VERSION, new SecureRandom());
      return folder;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  public static PlatformIdentity identity() {
    try {
      return PlatformIdentity.load(FOLDER);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Leaves the platform in another place, as if it had been made there. */
  public static void copyTo(Path folder) throws IOException {
    Files.createDirectory(folder);
    try (var files = Files.list(FOLDER)) {
      for (Path file : files.toList()) {
        Files.copy(file, folder.resolve(file.getFileName()));
      }
    }
  }
}
