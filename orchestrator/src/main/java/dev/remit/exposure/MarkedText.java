package dev.remit.exposure;

import dev.remit.diagnostic.HostText;
import dev.remit.diagnostic.Location;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/**
 * A text whose parts can be pointed at. What looks like a secret is left out of the lines that a
 * place shows.
 */
final class MarkedText implements TextPlace {
  /** Values that are handed to a guest or to QEMU, which may be secret whatever they look like. */
  private static final Pattern DELIVERED =
      Pattern.compile(
          "(?:io\\.systemd\\.credential(?:\\.binary)?:|set[_-]credential(?:[_-]binary)?=[^:\\s]{0,80}:"
              + "|(?<![A-Za-z0-9_-])(?:data|string)(?:=|\"\\s?:\\s?\"))([^\\s\"'<,]++)");

  private final String file;
  private final String text;
  private final int[] lineStarts;
  private final int[] lowSurrogates;
  private final Map<Integer, Integer> hiddenFrom = new HashMap<>();
  // One object per line, however many places there are in a line of megabytes.
  private final Map<Integer, HostText> shown = new HashMap<>();

  MarkedText(String file, String text) {
    this.file = file;
    this.text = text;
    this.lineStarts =
        IntStream.concat(
                IntStream.of(0),
                IntStream.range(0, text.length())
                    .filter(index -> text.charAt(index) == '\n')
                    .map(index -> index + 1))
            .toArray();
    this.lowSurrogates =
        IntStream.range(0, text.length())
            .filter(index -> Character.isLowSurrogate(text.charAt(index)))
            .toArray();
    SecretText.find(text).forEach(secret -> hide(secret.start(), secret.end()));
    DELIVERED.matcher(text).results().forEach(match -> hide(match.start(1), match.end(1)));
  }

  String text() {
    return text;
  }

  /** Keeps a part out of the lines that places show; to be called before any place is asked for. */
  void hide(int start, int end) {
    int first = line(start);
    hiddenFrom.merge(first, start - lineStarts[first], Math::min);
    for (int line = first + 1; line <= line(Math.max(start, end - 1)); line++) {
      hiddenFrom.put(line, 0);
    }
  }

  @Override
  public Location part(int start, int end) {
    int line = line(start);
    int stop = Math.min(end, line + 1 < lineStarts.length ? lineStarts[line + 1] - 1 : end);
    return new Location.InText(
        file,
        line + 1,
        codePoints(lineStarts[line], start) + 1,
        Math.max(1, codePoints(start, stop)),
        shown.computeIfAbsent(line, this::show));
  }

  private int line(int index) {
    int found = Arrays.binarySearch(lineStarts, index);
    return found >= 0 ? found : -found - 2;
  }

  private int codePoints(int start, int end) {
    return Math.max(0, end - start) - (below(end) - below(start));
  }

  private int below(int index) {
    int found = Arrays.binarySearch(lowSurrogates, index);
    return found >= 0 ? found : -found - 1;
  }

  private HostText show(int line) {
    int start = lineStarts[line];
    int end = line + 1 < lineStarts.length ? lineStarts[line + 1] - 1 : text.length();
    Integer hidden = hiddenFrom.get(line);
    if (hidden != null) {
      return new HostText(text.substring(start, start + hidden) + "…");
    }
    String whole = text.substring(start, end);
    return new HostText(whole.endsWith("\r") ? whole.substring(0, whole.length() - 1) : whole);
  }
}
