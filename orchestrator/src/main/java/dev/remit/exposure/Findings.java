package dev.remit.exposure;

import dev.remit.diagnostic.Location;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.SequencedSet;

/** Collects what rules find in one subject, each thing once, in the order of the subject. */
public final class Findings {
  private final SequencedSet<Finding> found = new LinkedHashSet<>();

  /** An entry whose default applies. */
  public void add(String id, Location at, String what) {
    found.add(new Finding(id, Finding.Form.FULL, at, what));
  }

  /** An entry in the lesser form that may be acknowledged. */
  public void addLesser(String id, Location at, String what) {
    found.add(new Finding(id, Finding.Form.LESSER, at, what));
  }

  public List<Finding> all() {
    return List.copyOf(found);
  }
}
