package dev.remit.domain;

import dev.remit.diagnostic.HostText;
import java.util.Optional;

/**
 * One place in which a live document is not the one that was sent. Of each text, which a host may
 * make as long as it likes, at most 200 characters are kept.
 *
 * @param path for example {@code /domain/cpu@check}; may have names in it that the host invented
 * @param sent empty where the host added something
 * @param live empty where the host left something out
 */
public record Difference(HostText path, Optional<HostText> sent, Optional<HostText> live) {
  private static final int LONGEST = 200;

  public Difference {
    path = cut(path);
    sent = sent.map(Difference::cut);
    live = live.map(Difference::cut);
  }

  private static HostText cut(HostText text) {
    String raw = text.raw();
    return raw.codePointCount(0, raw.length()) <= LONGEST
        ? text
        : new HostText(raw.substring(0, raw.offsetByCodePoints(0, LONGEST)) + "…");
  }

  @Override
  public String toString() {
    return path
        + ": sent "
        + sent.map(HostText::toString).orElse("nothing")
        + ", live "
        + live.map(HostText::toString).orElse("nothing");
  }
}
