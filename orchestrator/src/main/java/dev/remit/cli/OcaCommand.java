package dev.remit.cli;

import dev.remit.adapter.host.AtomicFile;
import dev.remit.diagnostic.Failure;
import dev.remit.identity.OwnerAuthority;
import dev.remit.report.Answer;
import dev.remit.report.OcaReport;
import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
    name = "oca",
    description =
        "Make a key and a certificate by which you own a platform: an OCA, signed by itself.")
final class OcaCommand extends RemitCommand {
  @Option(
      names = "--cert",
      required = true,
      paramLabel = "FILE",
      description = "The certificate, 2084 bytes; never overwritten.")
  Path certificate = Path.of("");

  @Option(
      names = "--key",
      required = true,
      paramLabel = "FILE",
      description = "The private key in DER, readable by its owner only; never overwritten.")
  Path key = Path.of("");

  @Override
  Answer answer() throws Failure {
    try (var authority = OwnerAuthority.create(program.remit().entropy())) {
      AtomicFile.writeNew(key, authority.privateKey());
      try {
        AtomicFile.writeNew(certificate, authority.certificate().raw());
      } catch (Failure failure) {
        AtomicFile.remove(key);
        throw failure;
      }
      return OcaReport.of(authority.certificate(), certificate, key);
    }
  }
}
