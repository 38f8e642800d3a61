package dev.remit.trust;

import java.util.Set;

/** What the owner demands of one property. There is no form of it that leaves it unchecked. */
public sealed interface Demand<T> {
  boolean holdsFor(T actual);

  /** This value and no other. */
  record Exactly<T>(T value) implements Demand<T> {
    @Override
    public boolean holdsFor(T actual) {
      return value.equals(actual);
    }

    @Override
    public String toString() {
      return value.toString();
    }
  }

  /** One of these values; an empty set denies all. */
  record OneOf<T>(Set<T> values) implements Demand<T> {
    public OneOf {
      values = Set.copyOf(values);
    }

    @Override
    public boolean holdsFor(T actual) {
      return values.contains(actual);
    }

    @Override
    public String toString() {
      return values.isEmpty()
          ? "none"
          : String.join(" or ", values.stream().map(Object::toString).sorted().toList());
    }
  }

  /** This value or a higher one. */
  record AtLeast<T extends Comparable<T>>(T lowest) implements Demand<T> {
    @Override
    public boolean holdsFor(T actual) {
      return actual.compareTo(lowest) >= 0;
    }

    @Override
    public String toString() {
      return lowest + " or newer";
    }
  }
}
