package dev.remit.exposure;

import dev.remit.diagnostic.Diagnostic;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What was found in one file.
 *
 * @param kind empty where nobody could tell
 * @param used the technologies that it asks for; all where it asks for none that is known
 * @param verdict on an image that holds something
 * @param unreadable why it, or a part of it, could not be looked through
 */
public record Checked(
    String file,
    Optional<SubjectKind> kind,
    Set<Technology> used,
    Optional<ImageVerdict> verdict,
    List<Finding> findings,
    List<Diagnostic> unreadable) {
  public Checked {
    used = Set.copyOf(used);
    findings = List.copyOf(findings);
    unreadable = List.copyOf(unreadable);
  }
}
