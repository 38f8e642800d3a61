package dev.remit.domain;

import dev.remit.diagnostic.HostText;
import java.util.Optional;

/**
 * One place in which a live document is not the one that was sent.
 *
 * @param path for example {@code /domain/cpu@check}; may have names in it that the host invented
 * @param sent empty where the host added something
 * @param live empty where the host left something out
 */
public record Difference(HostText path, Optional<HostText> sent, Optional<HostText> live) {
  @Override
  public String toString() {
    return path
        + ": sent "
        + sent.map(HostText::toString).orElse("nothing")
        + ", live "
        + live.map(HostText::toString).orElse("nothing");
  }
}
