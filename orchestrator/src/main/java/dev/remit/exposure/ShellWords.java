package dev.remit.exposure;

import dev.remit.bytes.MalformedException;
import java.util.ArrayList;
import java.util.List;

/** Words of a shell's command: quotes and backslashes, and nothing that a shell would expand. */
final class ShellWords {
  private final MarkedText source;
  private final String text;
  private final List<EmulatorArguments.Argument> words = new ArrayList<>();
  private int at;

  ShellWords(MarkedText source) {
    this.source = source;
    this.text = source.text();
  }

  List<EmulatorArguments.Argument> words() throws MalformedException {
    while (at < text.length()) {
      if (text.charAt(at) == '\n' && isEnd()) {
        break;
      } else if (Character.isWhitespace(text.charAt(at))) {
        at++;
      } else if (isContinuation()) {
        at += 2;
      } else {
        EmulatorArguments.add(words, word());
      }
    }
    return words;
  }

  /** Behind the command a log goes on with what QEMU says; a line of options is none of that. */
  private boolean isEnd() {
    boolean started = words.stream().anyMatch(word -> EmulatorArguments.isEmulator(word.value()));
    return started && at + 1 < text.length() && " \t-\r\n".indexOf(text.charAt(at + 1)) < 0;
  }

  private boolean isContinuation() {
    return text.startsWith("\\\n", at) || text.startsWith("\\\r", at);
  }

  private EmulatorArguments.Argument word() throws MalformedException {
    int start = at;
    var word = new StringBuilder();
    while (at < text.length() && !Character.isWhitespace(text.charAt(at)) && !isContinuation()) {
      char sign = text.charAt(at++);
      switch (sign) {
        case '\'' -> quoted(word, '\'', start);
        case '"' -> quoted(word, '"', start);
        case '\\' -> {
          if (at < text.length()) {
            word.append(text.charAt(at++));
          }
        }
        default -> word.append(sign);
      }
    }
    int end = at;
    String value = word.toString();
    String raw = text.substring(start, end);
    if (raw.equals(value)) {
      return EmulatorArguments.argument(source, value, start);
    } else if (raw.length() == value.length() + 2 && raw.startsWith(value, 1)) {
      return EmulatorArguments.argument(source, value, start + 1);
    }
    return new EmulatorArguments.Argument(value, (_, _) -> source.part(start, end));
  }

  private void quoted(StringBuilder word, char quote, int start) throws MalformedException {
    while (at < text.length() && text.charAt(at) != quote) {
      // Between double quotes a backslash guards these four; the shell language, section 2.2.3.
      if (quote == '"'
          && text.charAt(at) == '\\'
          && at + 1 < text.length()
          && "\"\\$`".indexOf(text.charAt(at + 1)) >= 0) {
        at++;
      }
      word.append(text.charAt(at++));
    }
    if (at == text.length()) {
      throw new MalformedException(start, "a quote on a command line ends");
    }
    at++;
  }
}
