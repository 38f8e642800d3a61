package dev.remit.report;

import dev.remit.diagnostic.ExitStatus;
import dev.remit.diagnostic.HostText;
import dev.remit.endorsement.SevCertificate;
import java.nio.file.Path;

/** An owner's certificate that was made, without its key. */
public final class OcaReport {
  private OcaReport() {}

  public static Answer of(SevCertificate oca, Path certificate, Path key) {
    var json = Json.of("remit.oca/1");
    json.put("fingerprint", oca.fingerprint().hex());
    json.put("certificate", certificate.toString());
    json.put("key", key.toString());
    return new Answer(
        ExitStatus.DONE,
        "%s: OCA on %s, sha256:%s\n%s: its private key, in DER"
            .formatted(
                new HostText(certificate.toString()),
                oca.publicKey().curve().title(),
                oca.fingerprint().hex(),
                new HostText(key.toString())),
        json);
  }
}
