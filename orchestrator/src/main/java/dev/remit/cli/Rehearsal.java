package dev.remit.cli;

import dev.remit.diagnostic.ExitStatus;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * Runs commands for no one to see, so that the JVM can prepare the classes that they need (JEP
 * 514). They read files and change nothing, but for a launch at a host that is there for trials.
 */
final class Rehearsal {
  private Rehearsal() {}

  /**
   * Runs a set of commands; ends with status 1 where a launch did not succeed.
   *
   * @param arguments {@code help}; {@code plain} for the other commands that need no parser; {@code
   *     all} for others too. Then the files: a spec, a firmware and a transport integrity key. Or
   *     {@code launch}; then a spec, the name in it and a host document
   */
  public static void main(String[] arguments) {
    switch (arguments[0]) {
      case "help" -> rehearse("--help");
      case "plain" -> plain(arguments[1], arguments[2], arguments[3]);
      case "all" -> all(arguments[1], arguments[2], arguments[3]);
      case "launch" -> launch(arguments[1], arguments[2], arguments[3]);
      default -> throw new IllegalStateException("no such set of commands");
    }
  }

  private static void launch(String spec, String name, String host) {
    int launched = rehearse("launch", spec, "--host", host);
    int ended = rehearse("destroy", name, "--host", host);
    if (launched != ExitStatus.DONE.number() || ended != ExitStatus.DONE.number()) {
      System.exit(1);
    }
  }

  private static void plain(String spec, String firmware, String tik) {
    rehearse("validate", "--document-only", spec);
    rehearse("validate", spec);
    rehearse("measure", "--tee", "sev", "--firmware", firmware);
    rehearse(measurement(firmware, tik));
  }

  private static void all(String spec, String firmware, String tik) {
    plain(spec, firmware, tik);
    rehearse("validate", firmware);
    rehearse("measure", "--tee", "snp", "--firmware", firmware);
    rehearse("inspect", "--output", "json", firmware);
    rehearse("explain", "M-001");
    rehearse("help", "launch");
    // Keys on the curve that sessions are made with. Whoever started us throws them away.
    Path keys = Path.of(tik).toAbsolutePath().resolveSibling("keys");
    rehearse("oca", "--cert", keys + "/oca.cert", "--key", keys + "/oca.key");
    // As far as a launch comes without a host, or without a change to it where there is one.
    rehearse("plan", spec, "--connect", "qemu:///system", "--timeout", "5s");
  }

  private static String[] measurement(String firmware, String tik) {
    return new String[] {
      "measure",
      "--tee",
      "sev-es",
      "--firmware",
      firmware,
      "--cpu",
      "EPYC-Milan",
      "--vcpus",
      "2",
      "--kernel",
      firmware,
      "--initrd",
      firmware,
      "--cmdline",
      "quiet",
      "--tik",
      tik,
      "--api",
      "1.55",
      "--build",
      "40",
      "--policy",
      "0x1800000f",
      "--nonce",
      "AAAAAAAAAAAAAAAAAAAAAA=="
    };
  }

  private static int rehearse(String... arguments) {
    var nowhere = new PrintStream(PrintStream.nullOutputStream(), true, StandardCharsets.UTF_8);
    return Program.run(new Terminal(nowhere, nowhere), arguments);
  }
}
