package dev.remit.app;

import dev.remit.adapter.host.AtomicFile;
import dev.remit.bytes.Bytes;
import dev.remit.diagnostic.Failure;
import dev.remit.identity.LaunchId;
import dev.remit.plan.InputFiles;
import dev.remit.report.Bundle;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** The evidence bundles of this user's launches, one file each, named after the launch. */
public final class BundleStore {
  private final Path folder;
  private final InputFiles files;

  BundleStore(Path folder, InputFiles files) {
    this.folder = folder;
    this.files = files;
  }

  /** Returns where it was written. */
  public Path write(LaunchId launchId, Bytes bundle) throws Failure {
    Path file = file(launchId);
    AtomicFile.write(file, bundle);
    return file;
  }

  /** Empty where the launch ended before it had a verdict. */
  public Optional<Bytes> read(LaunchId launchId) throws Failure {
    Path file = file(launchId);
    return Files.exists(file) ? Optional.of(files.read(file, Bundle.LARGEST)) : Optional.empty();
  }

  private Path file(LaunchId launchId) {
    return folder.resolve(launchId + ".json");
  }
}
