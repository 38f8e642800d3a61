package dev.remit.domain;

import dev.remit.diagnostic.HostText;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.TreeMap;
import org.w3c.dom.Attr;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.Node;
import org.w3c.dom.Text;

/**
 * Compares two documents node by node. The order of elements counts only among those of one name:
 * libvirt writes its documents in an order of its own.
 */
final class XmlDifferences {
  /** Enough to show; a host could make them as many as it likes. */
  static final int MOST = 20;

  private final Additions additions;
  private final List<Difference> found = new ArrayList<>();

  private XmlDifferences(Additions additions) {
    this.additions = additions;
  }

  /** At most {@link #MOST}. */
  static List<Difference> between(Document sent, Document live, Additions additions) {
    var differences = new XmlDifferences(additions);
    Element sentRoot = sent.getDocumentElement();
    Element liveRoot = live.getDocumentElement();
    String path = "/" + name(sentRoot);
    if (name(sentRoot).equals(name(liveRoot))) {
      differences.compare(path, sentRoot, liveRoot);
    } else {
      differences.report(path, Optional.of(sentRoot), Optional.of(liveRoot));
    }
    return Collections.unmodifiableList(differences.found);
  }

  private void compare(String path, Element sent, Element live) {
    compareAttributes(path, sent, live);
    if (!ownText(sent).equals(ownText(live))) {
      report(path, ownText(sent), ownText(live));
    }
    var expected = childrenByName(sent);
    childrenByName(live)
        .forEach((name, children) ->
            compareSiblings(
                path + "/" + name,
                Optional.ofNullable(expected.remove(name)).orElseGet(ArrayDeque::new),
                children));
    expected.forEach((name, missing) -> reportMissing(path + "/" + name, missing));
  }

  /**
   * Walks both lists in step. A live element that is not the next expected one may be an addition;
   * where it is not, the two are compared, and the report says in what they differ.
   */
  private void compareSiblings(String path, Deque<Element> expected, Deque<Element> live) {
    for (Element candidate : live) {
      boolean isNext = !expected.isEmpty() && isSame(path, expected.getFirst(), candidate);
      if (!isNext && additions.allowElement(path, candidate, live.size())) {
        continue;
      }
      if (expected.isEmpty()) {
        report(path, Optional.empty(), Optional.of(candidate));
      } else {
        compare(path, expected.removeFirst(), candidate);
      }
    }
    reportMissing(path, expected);
  }

  private boolean isSame(String path, Element sent, Element live) {
    var trial = new XmlDifferences(additions);
    trial.compare(path, sent, live);
    return trial.found.isEmpty();
  }

  private void compareAttributes(String path, Element sent, Element live) {
    var expected = attributes(sent);
    attributes(live)
        .forEach((name, value) -> {
          String place = path + "@" + name;
          var wanted = Optional.ofNullable(expected.remove(name));
          if (!wanted.equals(Optional.of(value))
              && !additions.allowAttribute(place, wanted.isPresent(), value)) {
            add(
                new Difference(
                    new HostText(place),
                    wanted.map(HostText::new),
                    Optional.of(new HostText(value))));
          }
        });
    expected.forEach((name, value) ->
        add(
            new Difference(
                new HostText(path + "@" + name),
                Optional.of(new HostText(value)),
                Optional.empty())));
  }

  private void reportMissing(String path, Deque<Element> missing) {
    missing.forEach(element -> report(path, Optional.of(element), Optional.empty()));
  }

  private void report(String path, Optional<Element> sent, Optional<Element> live) {
    add(
        new Difference(
            new HostText(path),
            sent.map(XmlDifferences::summary),
            live.map(XmlDifferences::summary)));
  }

  private void report(String path, String sent, String live) {
    add(
        new Difference(
            new HostText(path), Optional.of(new HostText(sent)), Optional.of(new HostText(live))));
  }

  private void add(Difference difference) {
    if (found.size() < MOST) {
      found.add(difference);
    }
  }

  /** Enough of an element to recognise it. */
  private static HostText summary(Element element) {
    var text = new StringBuilder(name(element));
    attributes(element)
        .forEach((name, value) -> text.append(' ').append(name).append('=').append(value));
    String own = ownText(element);
    return new HostText(own.isEmpty() ? text.toString() : text.append(": ").append(own).toString());
  }

  static SequencedMap<String, String> attributes(Element element) {
    var attributes = element.getAttributes();
    SequencedMap<String, String> values = new TreeMap<>();
    for (int i = 0; i < attributes.getLength(); i++) {
      var attribute = (Attr) attributes.item(i);
      values.put(attribute.getNodeName(), attribute.getValue());
    }
    return values;
  }

  /**
   * All text directly inside an element, exactly; between child elements white space is layout.
   * Anything else that is not an element, such as a processing instruction, counts as text.
   */
  static String ownText(Element element) {
    var text = new StringBuilder();
    boolean hasChildren = false;
    for (Node node = element.getFirstChild(); node != null; node = node.getNextSibling()) {
      switch (node) {
        case Element _ -> hasChildren = true;
        case Text part -> text.append(part.getData());
        default -> text.append(node.getNodeName());
      }
    }
    return hasChildren ? text.toString().strip() : text.toString();
  }

  /** With its namespace, so that an element of another vocabulary is not taken for libvirt's. */
  static String name(Node node) {
    String namespace = node.getNamespaceURI();
    return namespace == null ? node.getNodeName() : "{" + namespace + "}" + node.getLocalName();
  }

  static Map<String, Deque<Element>> childrenByName(Element element) {
    var byName = new LinkedHashMap<String, Deque<Element>>();
    for (Node node = element.getFirstChild(); node != null; node = node.getNextSibling()) {
      if (node instanceof Element child) {
        byName.computeIfAbsent(name(child), _ -> new ArrayDeque<>()).add(child);
      }
    }
    return byName;
  }
}
