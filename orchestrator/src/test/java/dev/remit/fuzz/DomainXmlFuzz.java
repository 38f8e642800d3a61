package dev.remit.fuzz;

import dev.remit.bytes.Bytes;
import dev.remit.exposure.DomainRules;
import dev.remit.exposure.DomainXml;
import dev.remit.exposure.Samples;
import dev.remit.exposure.WrappedDomains;
import java.util.List;

/** A document of libvirt, and the rules over it. */
public final class DomainXmlFuzz {
  private DomainXmlFuzz() {}

  public static void fuzzerTestOneInput(byte[] input) {
    Expected.ofText(
        input,
        (text, place, findings, unreadable) -> {
          for (String domain : WrappedDomains.in(text)) {
            var document = DomainXml.parse(Expected.FILE, domain);
            DomainRules.check(document, findings);
            Expected.require(
                !DomainRules.technologies(document).isEmpty(), "it is judged for a technology");
          }
        });
  }

  static List<Bytes> seeds() {
    return Envelope.texts(Samples.domains());
  }
}
