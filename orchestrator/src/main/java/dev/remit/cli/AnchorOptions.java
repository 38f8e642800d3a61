package dev.remit.cli;

import dev.remit.diagnostic.Failure;
import dev.remit.plan.InputFiles;
import dev.remit.plan.Planner;
import dev.remit.root.Anchors;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which root keys are believed. */
final class AnchorOptions {
  @Option(
      names = "--insecure-root",
      paramLabel = "FILE",
      description = "Believe this simulator's root too; what it endorses proves nothing.")
  @Nullable Path insecureRoot;

  Anchors anchors(InputFiles files) throws Failure {
    return insecureRoot == null
        ? Anchors.builtIn()
        : Planner.withInsecureRoot(
            files.read(insecureRoot, Planner.LARGEST_ROOT), insecureRoot, "--insecure-root");
  }

  boolean simulated() {
    return insecureRoot != null;
  }
}
