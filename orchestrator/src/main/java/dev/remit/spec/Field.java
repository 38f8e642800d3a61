package dev.remit.spec;

import dev.remit.diagnostic.Code;
import dev.remit.diagnostic.HostText;
import dev.remit.diagnostic.Location;
import dev.remit.spec.SourceText.Place;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.MissingNode;

/** A value of a document that keeps to its schema, or the place where there is none. */
final class Field {
  private final YamlTree tree;
  private final SourceText source;
  private final String pointer;
  private final JsonNode node;
  private final boolean insideFault;

  Field(YamlTree tree, SourceText source) {
    this(tree, source, "", tree.root(), false);
  }

  private Field(
      YamlTree tree, SourceText source, String pointer, JsonNode node, boolean insideFault) {
    this.tree = tree;
    this.source = source;
    this.pointer = pointer;
    this.insideFault = insideFault;
    this.node = isFaulty() ? MissingNode.getInstance() : node;
  }

  Field at(String key) {
    return child(YamlTree.escape(key), node.path(key));
  }

  List<Field> items() {
    return IntStream.range(0, node.isArray() ? node.size() : 0)
        .mapToObj(index -> child(Integer.toString(index), node.path(index)))
        .toList();
  }

  private Field child(String step, JsonNode value) {
    return new Field(tree, source, pointer + "/" + step, value, isFaulty());
  }

  /** The keys of a mapping, in the order of the text. */
  List<String> keys() {
    return List.copyOf(node.propertyNames());
  }

  /** Whether something stands here, right or wrong. */
  boolean isWritten() {
    return isFaulty() || !node.isMissingNode();
  }

  /** Whether something wrong stands here, so that nobody knows what was meant. */
  boolean isFaulty() {
    return insideFault || tree.isFaulty(pointer);
  }

  boolean isList() {
    return node.isArray();
  }

  boolean isMapping() {
    return node.isObject();
  }

  Optional<String> text() {
    return node.isString() ? Optional.of(node.stringValue()) : Optional.empty();
  }

  boolean isText(String expected) {
    return text().filter(expected::equals).isPresent();
  }

  boolean isTrue() {
    return node.isBoolean() && node.booleanValue();
  }

  /** A text that the schema requires, in a document without a problem. */
  String required() {
    return node.stringValue();
  }

  int number() {
    return node.intValue();
  }

  /** Reports a path that this system cannot have. */
  void checkPath(Path folder) {
    try {
      path(folder);
    } catch (InvalidPathException e) {
      problem(
          Code.WRONG_VALUE,
          "this system has no such path",
          new HostText(e.getReason()).toString(),
          "write another path, or set a locale with UTF-8");
    }
  }

  Optional<Path> path(Path folder) {
    return text().map(text -> folder.resolve(text).normalize());
  }

  void problem(Code code, String what, String why, String fix) {
    source.problem(tree.spot(pointer).value(), code, what, why, fix);
    tree.setFaulty(pointer);
  }

  void problemAtKey(Code code, String what, String why, String fix) {
    source.problem(tree.spot(pointer).key(), code, what, why, fix);
  }

  /** Keeps the value out of what messages show. */
  void hide() {
    Place place = tree.spot(pointer).value();
    source.hide(place.line(), place.column(), place.line());
  }

  Location location() {
    return source.location(tree.spot(pointer).value());
  }
}
