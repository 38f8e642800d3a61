package dev.remit.exposure;

import dev.remit.diagnostic.Location;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A kernel command line in the words that the kernel sees: parted by white space, except between
 * double quotes, which nothing can escape (Linux, lib/cmdline.c, next_arg).
 */
public final class KernelCommandLine {
  /**
   * A word and where it stands.
   *
   * @param raw as written, quotes and all
   * @param name before the first equals sign, with underscores for hyphens: the kernel and systemd
   *     take both alike
   * @param value behind it, without the quotes around it
   * @param start in UTF-16 units from the start of the line
   * @param end behind the last unit
   */
  public record Word(String raw, String name, Optional<String> value, int start, int end) {
    /** The value, or nothing where the word has none. */
    String valueOrEmpty() {
      return value.orElse("");
    }
  }

  private final String text;
  private final List<Word> words;
  private final TextPlace place;

  private KernelCommandLine(String text, List<Word> words, TextPlace place) {
    this.text = text;
    this.words = List.copyOf(words);
    this.place = place;
  }

  public static KernelCommandLine parse(String text, TextPlace place) {
    var words = new ArrayList<Word>();
    int at = 0;
    while (at < text.length()) {
      if (isSpace(text.charAt(at))) {
        at++;
        continue;
      }
      int start = at;
      int equals = -1;
      boolean quoted = false;
      for (; at < text.length() && (quoted || !isSpace(text.charAt(at))); at++) {
        char sign = text.charAt(at);
        quoted ^= sign == '"';
        equals = sign == '=' && equals < 0 ? at : equals;
      }
      words.add(word(text, start, equals, at));
    }
    return new KernelCommandLine(text, words, place);
  }

  private static Word word(String text, int start, int equals, int end) {
    String raw = text.substring(start, end);
    // A quote before the name closes behind the value: "name=value" is one word.
    boolean whole = raw.startsWith("\"");
    int nameStart = whole ? start + 1 : start;
    int stop = whole && end - start > 1 && raw.endsWith("\"") ? end - 1 : end;
    if (equals < 0) {
      return new Word(raw, name(text.substring(nameStart, stop)), Optional.empty(), start, end);
    }
    String value = text.substring(equals + 1, Math.max(equals + 1, stop));
    if (value.startsWith("\"")) {
      value = value.substring(1);
      value = value.endsWith("\"") ? value.substring(0, value.length() - 1) : value;
    }
    return new Word(
        raw,
        name(text.substring(nameStart, Math.max(nameStart, equals))),
        Optional.of(value),
        start,
        end);
  }

  private static String name(String written) {
    return written.replace('-', '_');
  }

  /** As the kernel's isspace, which counts the no-break space of Latin-1. */
  private static boolean isSpace(char sign) {
    return sign == ' ' || (sign >= '\t' && sign <= '\r') || sign == '\u00a0';
  }

  public String text() {
    return text;
  }

  public List<Word> words() {
    return words;
  }

  Location at(Word word) {
    return place.part(word.start(), word.end());
  }

  Location whole() {
    return place.part(0, text.length());
  }
}
