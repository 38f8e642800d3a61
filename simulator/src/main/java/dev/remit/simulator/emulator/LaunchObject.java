package dev.remit.simulator.emulator;

import dev.remit.bytes.MalformedException;
import dev.remit.simulator.json.FlatObject;
import java.nio.file.Path;
import java.util.Optional;

/** The object of QEMU's command line that asks for a confidential guest (QAPI, "sev-guest"). */
sealed interface LaunchObject {
  String SEV = "sev-guest";
  String SNP = "sev-snp-guest";

  String id();

  /** SEV, or SEV-ES where the policy says so. */
  record Sev(
      String id,
      int policy,
      Optional<Path> dhCertificate,
      Optional<Path> session,
      boolean kernelHashes)
      implements LaunchObject {}

  /** SEV-SNP, of which only the monitor's answers are simulated. */
  record Snp(String id, long policy) implements LaunchObject {}

  static boolean isOne(FlatObject object) {
    String type = object.text("qom-type").orElse("");
    return type.equals(SEV) || type.equals(SNP);
  }

  static LaunchObject of(FlatObject object) throws MalformedException {
    String id =
        object.text("id").orElseThrow(() -> new MalformedException(0, "the object needs an id"));
    if (object.text("qom-type").equals(Optional.of(SNP))) {
      return new Snp(id, object.number("policy").orElse(0x30000L));
    }
    return new Sev(
        id,
        object.number("policy").orElse(1L).intValue(),
        object.text("dh-cert-file").map(Path::of),
        object.text("session-file").map(Path::of),
        object.isTrue("kernel-hashes"));
  }
}
