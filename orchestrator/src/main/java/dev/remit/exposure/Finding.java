package dev.remit.exposure;

import dev.remit.diagnostic.HostText;
import dev.remit.diagnostic.Location;

/**
 * One sign of a catalogue entry, at one place.
 *
 * @param id of the entry
 * @param form in which the entry shows
 * @param found what stands there, a phrase without a secret
 */
public record Finding(String id, Form form, Location at, String found) {
  /** How much of an entry is there. */
  public enum Form {
    /** All that the entry is about: its default applies. */
    FULL,
    /**
     * The lesser form, which its owner may acknowledge though the full one is refused; of an entry
     * that nobody can acknowledge, what he should only know.
     */
    LESSER
  }

  public Finding {
    found = HostText.line(found);
    if (found.isBlank()) {
      throw new IllegalArgumentException("a finding says what was found");
    }
  }
}
