package dev.remit.cli;

import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Help.Visibility;
import picocli.CommandLine.Option;

/** Which host, and how long to wait for it. */
final class HostOptions {
  @ArgGroup Which which = new Which();

  @Option(
      names = "--timeout",
      paramLabel = "DURATION",
      defaultValue = "60s",
      showDefaultValue = Visibility.ALWAYS,
      description =
          "Longest wait for a host that stopped to answer, for example 30s or 2m. A call gets all but"
              + " the last 20s of it (at least half); these are kept to destroy what was started.")
  Duration timeout = Duration.ofSeconds(60);

  /** A host is named by a document or by a URI, not by both. */
  static final class Which {
    @Option(
        names = "--host",
        paramLabel = "FILE",
        description = "Host document; the only way to name a simulator.")
    @Nullable Path file;

    @Option(
        names = {"-c", "--connect"},
        paramLabel = "URI",
        description = "Libvirt URI. Else the environment's REMIT_CONNECT, else qemu:///system.")
    @Nullable String uri;

    boolean isGiven() {
      return file != null || uri != null;
    }
  }
}
