package dev.remit.image;

import static dev.remit.image.Rule.require;

import dev.remit.bytes.MalformedException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A section of the text in which LVM2 describes its volumes: each name once, to a section, a text,
 * a whole number or a list of the latter two (lvm2, libdm/libdm-config.c).
 */
final class LvmText {
  private static final int DEEPEST = 8;
  private static final int LONGEST_NUMBER = 18;

  /** Each value is an LvmText, a String, a Long or a List. */
  private final Map<String, Object> members;

  private final long offset;

  private LvmText(Map<String, Object> members, long offset) {
    this.members = members;
    this.offset = offset;
  }

  /**
   * @param offset of the text, for messages
   */
  static LvmText parse(String text, long offset, Budget budget) throws MalformedException {
    var parser = new Parser(text, offset, budget);
    var whole = parser.section(0);
    require(parser.isAtEnd(), offset, "its metadata closes a section that is not open");
    return whole;
  }

  /** In the order of the text. */
  Map<String, LvmText> sections() {
    var sections = new LinkedHashMap<String, LvmText>();
    members.forEach((name, value) -> {
      if (value instanceof LvmText section) {
        sections.put(name, section);
      }
    });
    return sections;
  }

  /** One without members where there is none. */
  LvmText section(String name) throws MalformedException {
    return members.containsKey(name) ? need(LvmText.class, name) : new LvmText(Map.of(), offset);
  }

  String text(String name) throws MalformedException {
    return need(String.class, name);
  }

  /** Not negative, and below 2⁴⁸ so that nobody's arithmetic overflows. */
  long number(String name) throws MalformedException {
    long number = need(Long.class, name);
    require(number >= 0 && number < 1L << 48, offset, "a number of its metadata is out of bounds");
    return number;
  }

  List<?> list(String name) throws MalformedException {
    return need(List.class, name);
  }

  private <T> T need(Class<T> type, String name) throws MalformedException {
    var value = members.get(name);
    if (!type.isInstance(value)) {
      throw new MalformedException(offset, "its metadata has no proper \"" + name + "\"");
    }
    return type.cast(value);
  }

  private static final class Parser {
    private final String text;
    private final long offset;
    private final Budget budget;
    private int at;

    Parser(String text, long offset, Budget budget) {
      this.text = text;
      this.offset = offset;
      this.budget = budget;
    }

    boolean isAtEnd() {
      skipSpace();
      return at == text.length();
    }

    /** Up to the end, or to the brace that closes it. */
    LvmText section(int depth) throws MalformedException {
      require(depth <= DEEPEST, here(), "its metadata is nested too deep");
      var members = new LinkedHashMap<String, Object>();
      while (!isAtEnd() && text.charAt(at) != '}') {
        budget.step(here());
        String name = name();
        require(!members.containsKey(name), here(), "its metadata has a name twice");
        skipSpace();
        if (take('{')) {
          members.put(name, section(depth + 1));
          require(!isAtEnd() && take('}'), here(), "its metadata leaves a section open");
        } else {
          require(take('='), here(), "its metadata has a name without a value");
          members.put(name, value());
        }
      }
      return new LvmText(members, offset);
    }

    private Object value() throws MalformedException {
      skipSpace();
      if (!take('[')) {
        return scalar();
      }
      var items = new ArrayList<Object>();
      skipSpace();
      while (!take(']')) {
        budget.step(here());
        require(items.isEmpty() || take(','), here(), "its metadata has a broken list");
        skipSpace();
        items.add(scalar());
        skipSpace();
      }
      return items;
    }

    private Object scalar() throws MalformedException {
      return take('"') ? quoted() : number();
    }

    private String quoted() throws MalformedException {
      var content = new StringBuilder();
      while (true) {
        require(at < text.length(), here(), "its metadata leaves a text open");
        char next = text.charAt(at++);
        if (next == '"') {
          return content.toString();
        }
        if (next == '\\') {
          require(at < text.length(), here(), "its metadata leaves a text open");
          next = text.charAt(at++);
        }
        content.append(next);
      }
    }

    private Long number() throws MalformedException {
      int from = at;
      while (at < text.length()
          && (isDigit(text.charAt(at)) || (at == from && text.charAt(at) == '-'))) {
        at++;
      }
      String digits = text.substring(from, at);
      require(
          !digits.isEmpty() && !digits.equals("-") && digits.length() <= LONGEST_NUMBER,
          here(),
          "its metadata has a value that is neither text nor number");
      return Long.parseLong(digits);
    }

    private String name() throws MalformedException {
      int from = at;
      while (at < text.length() && isOfName(text.charAt(at))) {
        at++;
      }
      require(at > from, here(), "its metadata has no name where one belongs");
      return text.substring(from, at);
    }

    private static boolean isOfName(char character) {
      return isDigit(character)
          || (character >= 'a' && character <= 'z')
          || (character >= 'A' && character <= 'Z')
          || "_.+-/".indexOf(character) >= 0;
    }

    private static boolean isDigit(char character) {
      return character >= '0' && character <= '9';
    }

    private boolean take(char expected) {
      boolean there = at < text.length() && text.charAt(at) == expected;
      if (there) {
        at++;
      }
      return there;
    }

    private void skipSpace() {
      while (at < text.length()) {
        char next = text.charAt(at);
        if (next == '#') {
          int end = text.indexOf('\n', at);
          at = end < 0 ? text.length() : end;
        } else if (next == ' ' || next == '\t' || next == '\n' || next == '\r') {
          at++;
        } else {
          return;
        }
      }
    }

    private long here() {
      return offset + at;
    }
  }
}
