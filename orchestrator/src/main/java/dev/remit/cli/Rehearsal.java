package dev.remit.cli;

import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * Runs commands for no one to see, so that the JVM can prepare the classes that they need (JEP
 * 514). Only such that read files and change nothing.
 */
final class Rehearsal {
  private Rehearsal() {}

  /**
   * Runs a set of commands.
   *
   * @param arguments {@code plain} for the commands that need no parser, {@code all} for others
   *     too; then the files: a spec, a firmware and a transport integrity key
   */
  public static void main(String[] arguments) {
    String spec = arguments[1];
    String firmware = arguments[2];
    rehearse("--help");
    rehearse("validate", "--document-only", spec);
    rehearse("validate", spec);
    rehearse("measure", "--tee", "sev", "--firmware", firmware);
    rehearse(measurement(firmware, arguments[3]));
    if (arguments[0].equals("all")) {
      rehearse("validate", firmware);
      rehearse("measure", "--tee", "snp", "--firmware", firmware);
      rehearse("inspect", "--output", "json", firmware);
      rehearse("explain", "M-001");
      rehearse("help", "launch");
      // Keys on the curve that sessions are made with. Whoever started us throws them away.
      Path keys = Path.of(arguments[3]).toAbsolutePath().resolveSibling("keys");
      rehearse("oca", "--cert", keys + "/oca.cert", "--key", keys + "/oca.key");
      // As far as a launch comes without a host, or without a change to it where there is one.
      rehearse("plan", spec, "--connect", "qemu:///system", "--timeout", "5s");
    }
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

  private static void rehearse(String... arguments) {
    var nowhere = new PrintStream(PrintStream.nullOutputStream(), true, StandardCharsets.UTF_8);
    int ignored = Program.run(new Terminal(nowhere, nowhere), arguments);
  }
}
