package dev.remit.spec;

import dev.remit.bytes.Bytes;
import dev.remit.diagnostic.Code;
import dev.remit.diagnostic.Diagnostic;
import dev.remit.diagnostic.HostText;
import dev.remit.diagnostic.Location;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.snakeyaml.engine.v2.scanner.StreamReader;

/** A document as text, what is wrong with it, and what of it may be shown. */
final class SourceText {
  /** A marked part of one line; line and column from 1, in code points. */
  record Place(int line, int column, int length) {
    static final Place START = new Place(1, 1, 1);
  }

  private record Problem(Place place, Code code, String what, String why, String fix) {}

  private static final int LARGEST = 256 << 10;

  // Sorted by place; two checks that find the same thing say it once.
  private final TreeSet<Problem> problems =
      new TreeSet<>(
          Comparator.comparingInt((Problem problem) -> problem.place().line())
              .thenComparingInt(problem -> problem.place().column())
              .thenComparing(Problem::code)
              .thenComparing(Problem::what));
  private final Map<Integer, Integer> hiddenFrom = new HashMap<>();
  private final String file;
  private final String text;
  private final List<String> lines;

  private SourceText(String file, String text) {
    this.file = file;
    this.text = text;
    this.lines = text.lines().toList();
  }

  /** Decodes UTF-8 and finds what is not text at all. */
  static SourceText of(String file, Bytes content) {
    if (content.size() > LARGEST) {
      var source = new SourceText(file, "");
      source.problem(
          Place.START,
          Code.DOCUMENT_TOO_LARGE,
          "the document has " + content.size() + " bytes",
          "a document has at most " + LARGEST + " bytes",
          "name the right file: a spec or a host document is short");
      return source;
    }
    var input = ByteBuffer.wrap(content.toArray());
    var output = CharBuffer.allocate(content.size());
    boolean utf8 = !StandardCharsets.UTF_8.newDecoder().decode(input, output, true).isError();
    String decoded = output.flip().toString();
    var source = new SourceText(file, decoded);
    if (startsWith(content, 0xff, 0xfe) || startsWith(content, 0xfe, 0xff)) {
      source.notText("the file is in UTF-16", "a document is in UTF-8", Place.START);
    } else if (startsWith(content, 0xef, 0xbb, 0xbf)) {
      source.notText("the file starts with a byte order mark", "UTF-8 needs none", Place.START);
    } else if (!utf8) {
      source.notText(
          "a byte is not UTF-8 text",
          "byte 0x%02x cannot stand here in UTF-8".formatted(content.at(input.position())),
          source.placeOf(decoded.length()));
    } else {
      int index = 0;
      while (index < decoded.length() && StreamReader.isPrintable(decoded.codePointAt(index))) {
        index += Character.charCount(decoded.codePointAt(index));
      }
      if (index < decoded.length()) {
        source.notText(
            "the file has a character that YAML does not allow",
            "U+%04X is not printable".formatted(decoded.codePointAt(index)),
            source.placeOf(index));
      }
    }
    return source;
  }

  private static boolean startsWith(Bytes content, int... octets) {
    return content.size() >= octets.length
        && content.slice(0, octets.length).equals(Bytes.of(octets));
  }

  /** Where nothing could be parsed yet, nobody knows where a secret stands: no line is shown. */
  private void notText(String what, String why, Place place) {
    hide(1, 1, lastLine());
    problem(place, Code.NOT_YAML, what, why, "save the file as UTF-8 text");
  }

  private Place placeOf(int index) {
    String before = text.substring(0, index);
    int lineStart = Math.max(before.lastIndexOf('\n'), before.lastIndexOf('\r')) + 1;
    // A mark at the end closes the last line for lines(), so that it counts the line we are in.
    int line = (int) (before + "|").lines().count();
    return new Place(line, before.codePointCount(lineStart, index) + 1, 1);
  }

  String text() {
    return text;
  }

  /** Keeps what stands from a place to the end of a later line out of what is shown. */
  void hide(int line, int column, int lastLine) {
    hiddenFrom.merge(line, column, Math::min);
    for (int next = line + 1; next <= lastLine; next++) {
      hiddenFrom.put(next, 1);
    }
  }

  int lastLine() {
    return Math.max(1, lines.size());
  }

  void problem(Place place, Code code, String what, String why, String fix) {
    problems.add(new Problem(place, code, what, why, fix));
  }

  boolean isGood() {
    return problems.isEmpty();
  }

  /** In the order of the text. */
  List<Diagnostic> diagnostics() {
    return problems.stream()
        .map(problem ->
            Diagnostic.at(
                location(problem.place()),
                problem.code(),
                problem.what(),
                problem.why(),
                problem.fix()))
        .toList();
  }

  Location location(Place place) {
    return new Location.InText(
        file, place.line(), place.column(), place.length(), new HostText(shown(place.line())));
  }

  private String shown(int line) {
    String whole = line <= lines.size() ? lines.get(line - 1) : "";
    Integer from = hiddenFrom.get(line);
    return from == null ? whole : whole.substring(0, whole.offsetByCodePoints(0, from - 1)) + "…";
  }
}
