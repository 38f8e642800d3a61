package dev.remit.exposure;

import dev.remit.diagnostic.Location;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.SequencedSet;
import java.util.Set;
import java.util.function.Predicate;

/** Collects what rules find in one subject, each thing once, in the order of the subject. */
public final class Findings {
  private final SequencedSet<Finding> found = new LinkedHashSet<>();
  private final Predicate<String> concerns;

  /** Takes every entry. */
  public Findings() {
    this(_ -> true);
  }

  private Findings(Predicate<String> concerns) {
    this.concerns = concerns;
  }

  /** Takes the entries that are about one of the technologies that a subject uses. */
  public static Findings about(Set<Technology> used) {
    return new Findings(
        id -> !Collections.disjoint(used, Catalogue.builtIn().require(id).technologies()));
  }

  /** An entry whose default applies. */
  public void add(String id, Location at, String what) {
    add(new Finding(id, Finding.Form.FULL, at, what));
  }

  /** An entry in the lesser form that may be acknowledged. */
  public void addLesser(String id, Location at, String what) {
    add(new Finding(id, Finding.Form.LESSER, at, what));
  }

  void add(Finding finding) {
    if (concerns.test(finding.id())) {
      found.add(finding);
    }
  }

  /** Takes what rules found in a text in any order, sorted by place. */
  void addSorted(Findings others) {
    others.found.stream().sorted(Comparator.comparingLong(Findings::position)).forEach(this::add);
  }

  private static long position(Finding finding) {
    return switch (finding.at()) {
      case Location.InFile _ -> 0;
      case Location.InBytes bytes -> bytes.offset();
      case Location.InText text -> ((long) text.line() << Integer.SIZE) + text.column();
    };
  }

  public List<Finding> all() {
    return List.copyOf(found);
  }
}
