package dev.remit.cli;

import dev.remit.diagnostic.Failure;
import dev.remit.plan.InputFiles;
import dev.remit.plan.Planner;
import dev.remit.root.Anchors;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** The root of a simulator, where the user names one. */
final class InsecureRoot {
  private InsecureRoot() {}

  /** AMD's roots, and the named one. */
  static Anchors with(@Nullable Path file, InputFiles files) throws Failure {
    return file == null
        ? Anchors.builtIn()
        : Planner.withInsecureRoot(files.read(file, Planner.LARGEST_ROOT), file);
  }
}
