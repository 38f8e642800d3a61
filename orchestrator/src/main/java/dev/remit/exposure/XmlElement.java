package dev.remit.exposure;

import dev.remit.diagnostic.Location;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.stream.Stream;

/**
 * An element of a domain's document, with places. Names outside of libvirt's own vocabulary carry
 * their namespace: {@code qemu:} for the one of QEMU, any other in braces.
 */
final class XmlElement {
  private final String name;
  private final MarkupScan.Tag tag;
  private final MarkedText source;
  private final SequencedMap<String, String> attributes = new LinkedHashMap<>();
  private final Map<String, String> writtenNames = new LinkedHashMap<>();
  private final List<XmlElement> children = new ArrayList<>();
  private final StringBuilder text = new StringBuilder();

  XmlElement(String name, MarkupScan.Tag tag, MarkedText source) {
    this.name = name;
    this.tag = tag;
    this.source = source;
  }

  void addAttribute(String attribute, String written, String value) {
    attributes.put(attribute, value);
    writtenNames.put(attribute, written);
  }

  void addChild(XmlElement child) {
    children.add(child);
  }

  void addText(String more) {
    text.append(more);
  }

  /** Makes one of all children of a name: the first, which gets what the others have. */
  void join(String child) {
    children(child)
        .findFirst()
        .ifPresent(first -> {
          children(child).filter(other -> other != first).forEach(first::take);
          children.removeIf(other -> other != first && other.name().equals(child));
        });
  }

  private void take(XmlElement other) {
    other.attributes.forEach(attributes::putIfAbsent);
    children.addAll(other.children);
  }

  String name() {
    return name;
  }

  SequencedMap<String, String> attributes() {
    return attributes;
  }

  /** Empty where there is none. */
  String attribute(String attribute) {
    return attributes.getOrDefault(attribute, "");
  }

  boolean has(String attribute) {
    return attributes.containsKey(attribute);
  }

  boolean is(String attribute, String... values) {
    return Arrays.asList(values).contains(attribute(attribute));
  }

  /** Own text without the space around it. */
  String text() {
    return text.toString().strip();
  }

  List<XmlElement> children() {
    return children;
  }

  Stream<XmlElement> children(String child) {
    return children.stream().filter(element -> element.name().equals(child));
  }

  /** The first one along a path of names, of which {@link SingleElements} lets be only one. */
  Optional<XmlElement> find(String path) {
    Optional<XmlElement> found = Optional.of(this);
    for (String step : path.split("/", -1)) {
      found = found.flatMap(element -> element.children(step).findFirst());
    }
    return found;
  }

  boolean contains(String path) {
    return find(path).isPresent();
  }

  /** This one and all below it, in the order of the text. */
  Stream<XmlElement> all() {
    return Stream.concat(Stream.of(this), children.stream().flatMap(XmlElement::all));
  }

  /** In UTF-16 units from the start of the document. */
  int start() {
    return tag.name().start();
  }

  /** The tag's name. */
  Location at() {
    return source.part(tag.name().start(), tag.name().end());
  }

  /** The value of an attribute, or the tag's name where it is missing. */
  Location at(String attribute) {
    var range = tag.values().get(writtenNames.getOrDefault(attribute, ""));
    return range == null
        ? at()
        : source.part(range.start(), Math.max(range.end(), range.start() + 1));
  }

  /** Own text, or the tag's name where there is none. */
  Location atText() {
    return text().isEmpty() ? at() : textPlace().part(0, text().length());
  }

  /** Where parts of {@link #text()} stand, as far as it is one piece. */
  TextPlace textPlace() {
    String raw = source.text().substring(tag.content().start(), tag.content().end());
    int[] offsets = XmlText.offsets(raw);
    int lead = 0;
    while (lead < text.length() && Character.isWhitespace(text.charAt(lead))) {
      lead++;
    }
    // Comments, marked sections and line ends of another kind part a text.
    if (offsets.length != text.length() + 1) {
      return TextPlace.whole(at());
    }
    int skipped = lead;
    return (start, end) ->
        source.part(
            tag.content().start() + offsets[Math.min(skipped + start, offsets.length - 1)],
            tag.content().start() + offsets[Math.min(skipped + end, offsets.length - 1)]);
  }

  void hideText() {
    source.hide(tag.content().start(), Math.max(tag.content().start(), tag.content().end()));
  }
}
