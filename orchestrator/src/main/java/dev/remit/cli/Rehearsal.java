package dev.remit.cli;

import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/**
 * Runs commands for no one to see, so that the JVM can prepare the classes that they need (JEP
 * 514). Only such that read files and change nothing.
 */
final class Rehearsal {
  private Rehearsal() {}

  /** The file names are those of a spec, a firmware and a transport integrity key. */
  public static void main(String[] files) {
    String spec = files[0];
    String firmware = files[1];
    String tik = files[2];
    rehearse("--help");
    rehearse("validate", "--document-only", spec);
    rehearse("validate", spec);
    rehearse("measure", "--tee", "sev", "--firmware", firmware);
    rehearse(
        "measure",
        "--tee=sev-es",
        "--firmware=" + firmware,
        "--cpu=EPYC-Milan",
        "--vcpus=2",
        "--kernel=" + firmware,
        "--initrd=" + firmware,
        "--cmdline=quiet",
        "--tik=" + tik,
        "--api=1.55",
        "--build=40",
        "--guest-policy=0x1800000f",
        "--nonce=AAAAAAAAAAAAAAAAAAAAAA==",
        "--output=json");
    rehearse("measure", "--tee", "snp", "--firmware", firmware);
    rehearse("inspect", firmware);
    rehearse("explain", "M-001");
    rehearse("help", "launch");
  }

  private static void rehearse(String... arguments) {
    var nowhere = new PrintStream(PrintStream.nullOutputStream(), true, StandardCharsets.UTF_8);
    int ignored = Program.run(new Terminal(nowhere, nowhere), arguments);
  }
}
