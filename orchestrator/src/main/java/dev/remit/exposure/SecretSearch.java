package dev.remit.exposure;

import java.util.List;
import java.util.stream.Stream;

/** Looks for secrets of several shapes in a text, which it reads once where there are none. */
final class SecretSearch {
  private final List<SecretShape> shapes;
  private final Marks marks;

  SecretSearch(List<SecretShape> shapes) {
    this.shapes = List.copyOf(shapes);
    this.marks = new Marks(shapes.stream().map(SecretShape::marks).toList());
  }

  /** The shapes that a secret in this text can have, in their order; all others are not in it. */
  Stream<SecretShape> possible(String text) {
    return marks.groupsIn(text).stream().mapToObj(shapes::get);
  }
}
