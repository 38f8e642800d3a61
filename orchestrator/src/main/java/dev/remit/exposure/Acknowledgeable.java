package dev.remit.exposure;

import dev.remit.spec.Risk;
import java.util.Arrays;
import java.util.Optional;

/**
 * How an owner may take the risk of a leak.
 *
 * @param risk its name in a spec
 * @param inProduction whether profile production lets him
 * @param when the only case that the acknowledgment covers; empty where it covers the whole leak
 */
public record Acknowledgeable(String risk, boolean inProduction, Optional<String> when) {
  public Acknowledgeable {
    if (!risk.matches("[a-z0-9]+(-[a-z0-9]+)*")) {
      throw new IllegalArgumentException("a risk is named by words in lower case: " + risk);
    }
    when.ifPresent(text -> Entry.requirePhrase("when", text));
  }

  /** Whether a spec of Remit can take it: most are about what Remit never writes. */
  public boolean isInSpecs() {
    return Arrays.stream(Risk.values()).anyMatch(known -> known.id().equals(risk));
  }
}
