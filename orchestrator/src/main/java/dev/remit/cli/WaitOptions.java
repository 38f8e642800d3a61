package dev.remit.cli;

import java.time.Duration;
import picocli.CommandLine.ArgGroup;

/** Which host, where the longest wait is that of the whole command. */
final class WaitOptions {
  private static final Duration LONGEST_CALL = Duration.ofSeconds(60);

  @ArgGroup HostOptions.Which which = new HostOptions.Which();

  /** With a deadline for each call that is no longer than the whole. */
  HostOptions within(Duration whole) {
    var options = new HostOptions();
    options.which = which;
    options.timeout = whole.compareTo(LONGEST_CALL) < 0 ? whole : LONGEST_CALL;
    return options;
  }
}
