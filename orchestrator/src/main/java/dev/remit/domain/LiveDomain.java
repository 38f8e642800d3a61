package dev.remit.domain;

import dev.remit.bytes.MalformedException;
import java.util.List;
import org.w3c.dom.Document;

/**
 * What a host says a domain is now, held against what was sent. The host's claim: it can end a
 * launch and never vouch for one.
 */
public sealed interface LiveDomain {
  /** The document that was sent, and what libvirt is known to add by itself. */
  record Same() implements LiveDomain {}

  /**
   * Another document.
   *
   * @param differences at least one, in the order of the documents
   */
  record Differs(List<Difference> differences) implements LiveDomain {
    public Differs {
      differences = List.copyOf(differences);
    }
  }

  /**
   * No document.
   *
   * @param reason a phrase of ours, without anything of the text
   */
  record Unreadable(String reason) implements LiveDomain {}

  /**
   * Compares node by node. Every element, attribute and text that was not sent counts as a
   * difference, unless it stands in the table of what libvirt adds by itself.
   *
   * @param live as {@code virDomainGetXMLDesc} gave it, without flags: {@code dhCert} and {@code
   *     session} are in it (libvirt 11.3)
   */
  static LiveDomain compare(DomainDocument sent, String live) {
    Document liveDocument;
    try {
      liveDocument = HostileXml.parse(live);
    } catch (MalformedException e) {
      return new Unreadable(String.valueOf(e.getMessage()));
    }
    try {
      var differences =
          XmlDifferences.between(HostileXml.parse(sent.text()), liveDocument, Additions.OF_LIBVIRT);
      return differences.isEmpty() ? new Same() : new Differs(differences);
    } catch (MalformedException e) {
      throw new IllegalStateException("the document that was sent is not XML", e);
    }
  }
}
