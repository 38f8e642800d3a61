package dev.remit.exposure;

import dev.remit.bytes.MalformedException;
import java.io.StringReader;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import javax.xml.namespace.QName;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;
import org.jspecify.annotations.Nullable;

/**
 * A domain's document as libvirt takes it, with the place of each part. Others wrote it: it is
 * bounded in size, depth and number of elements, and has no document type and so no entities.
 */
public final class DomainXml {
  /** UTF-16 units. */
  public static final int LONGEST = 4 << 20;

  /** Elements within elements; long chains of images nest theirs. */
  static final int DEEPEST = 64;

  private static final String QEMU = "http://libvirt.org/schemas/domain/qemu/1.0";

  private static final XMLInputFactory FACTORY = factory();

  private final XmlElement root;

  private DomainXml(XmlElement root) {
    this.root = root;
  }

  private static XMLInputFactory factory() {
    var factory = XMLInputFactory.newDefaultFactory();
    factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
    factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
    factory.setProperty(XMLInputFactory.IS_NAMESPACE_AWARE, true);
    factory.setProperty(XMLInputFactory.IS_COALESCING, true);
    return factory;
  }

  /**
   * A document that somebody else wrote.
   *
   * @param file as its owner named it, for display
   */
  public static DomainXml parse(String file, String text) throws MalformedException {
    if (text.length() > LONGEST) {
      throw new MalformedException(LONGEST, "a document has at most " + LONGEST + " characters");
    }
    // First, since it refuses a document type before a parser sees it.
    List<MarkupScan.Tag> tags = MarkupScan.tags(text);
    var root = new Reading(tags, new MarkedText(file, text)).read();
    if (!root.name().equals("domain")) {
      throw new MalformedException(0, "no document of a domain is in it");
    }
    root.join("devices");
    SingleElements.require(root);
    return new DomainXml(root);
  }

  XmlElement root() {
    return root;
  }

  private static final class Reading {
    private final List<MarkupScan.Tag> tags;
    private final MarkedText source;
    private final Deque<XmlElement> open = new ArrayDeque<>();
    private @Nullable XmlElement root;
    private int count;

    Reading(List<MarkupScan.Tag> tags, MarkedText source) {
      this.tags = tags;
      this.source = source;
    }

    XmlElement read() throws MalformedException {
      try {
        var reader = FACTORY.createXMLStreamReader(new StringReader(source.text()));
        while (reader.hasNext()) {
          take(reader, reader.next());
        }
      } catch (XMLStreamException e) {
        var at = Optional.ofNullable(e.getLocation());
        throw new MalformedException(
            0,
            "not XML as libvirt takes it"
                + at.map(place ->
                        ", in line %d, column %d"
                            .formatted(place.getLineNumber(), place.getColumnNumber()))
                    .orElse(""));
      }
      var whole = root;
      if (whole == null || count != tags.size()) {
        throw new MalformedException(0, "not XML as libvirt takes it");
      }
      return whole;
    }

    private void take(XMLStreamReader reader, int event) throws MalformedException {
      switch (event) {
        case XMLStreamConstants.START_ELEMENT -> start(reader);
        case XMLStreamConstants.END_ELEMENT -> {
          var element = open.pop();
          // An entry of sysinfo may be anything that somebody hands to a guest.
          if (SecretText.isNamedSecret(element.name()) || element.name().equals("entry")) {
            element.hideText();
          }
        }
        case XMLStreamConstants.CHARACTERS, XMLStreamConstants.CDATA, XMLStreamConstants.SPACE -> {
          var element = open.peek();
          if (element != null) {
            element.addText(reader.getText());
          }
        }
        case XMLStreamConstants.DTD, XMLStreamConstants.ENTITY_REFERENCE ->
            throw new MalformedException(0, "a document has no entities of its own");
        default -> {}
      }
    }

    private void start(XMLStreamReader reader) throws MalformedException {
      if (open.size() == DEEPEST) {
        throw new MalformedException(0, "elements stand at most " + DEEPEST + " deep");
      }
      if (count == tags.size()) {
        throw new MalformedException(0, "not XML as libvirt takes it");
      }
      var element = new XmlElement(name(reader.getName()), tags.get(count++), source);
      for (int i = 0; i < reader.getAttributeCount(); i++) {
        QName attribute = reader.getAttributeName(i);
        String prefix = attribute.getPrefix();
        element.addAttribute(
            name(attribute),
            prefix.isEmpty() ? attribute.getLocalPart() : prefix + ":" + attribute.getLocalPart(),
            reader.getAttributeValue(i));
      }
      var parent = open.peek();
      if (parent == null) {
        root = element;
      } else {
        parent.addChild(element);
      }
      open.push(element);
    }

    private static String name(QName name) {
      return switch (name.getNamespaceURI()) {
        case "" -> name.getLocalPart();
        case QEMU -> "qemu:" + name.getLocalPart();
        default -> "{" + name.getNamespaceURI() + "}" + name.getLocalPart();
      };
    }
  }
}
