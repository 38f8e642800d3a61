package dev.remit.cli;

import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/**
 * A command that can take its arguments without the parser where nothing about them is special:
 * each known, given once, in the form {@code --name value}, and right. The parser takes longer to
 * start than such a command to run (docs/performance.md). Whatever is in doubt is left to it, so
 * that it alone says what is wrong.
 */
abstract class PlainCommand {
  /** Filled in once {@link #take} has said so. */
  abstract RemitCommand command();

  /** The one name of an option that may have several, or of an argument by its number from 0. */
  abstract Optional<String> known(String written);

  abstract boolean isFlag(String name);

  /** May throw anything where the value is not right. */
  abstract void set(String name, String value);

  /** Whether these options and arguments are all that are needed, and go together. */
  abstract boolean isWhole(Set<String> given);

  /** The command that a whole command line means, ready to be called, if it is a plain one. */
  static Optional<RemitCommand> read(Program program, String... words) {
    if (words.length == 0) {
      return Optional.empty();
    }
    var plain = PlainCommands.named(words[0]);
    if (plain.isEmpty() || !plain.get().take(words)) {
      return Optional.empty();
    }
    var command = plain.get().command();
    command.program = program;
    return Optional.of(command);
  }

  private boolean take(String... words) {
    Set<String> given = new HashSet<>();
    int arguments = 0;
    for (int at = 1; at < words.length; at++) {
      String word = words[at];
      boolean option = word.startsWith("-");
      var name = known(option ? word : Integer.toString(arguments++));
      if (name.isEmpty() || !given.add(name.get())) {
        return false;
      }
      boolean valueFollows = option && !isFlag(name.get());
      if (valueFollows && ++at == words.length) {
        return false;
      }
      if (!isSet(name.get(), words[at])) {
        return false;
      }
    }
    return isWhole(given);
  }

  private boolean isSet(String name, String value) {
    if (!isFlag(name) && !isPlain(value)) {
      return false;
    }
    try {
      set(name, value);
      return true;
    } catch (RuntimeException notRight) {
      return false;
    }
  }

  /** Nothing that the parser would take for more than a value. */
  private static boolean isPlain(String value) {
    return !value.isEmpty()
        && "-@".indexOf(value.charAt(0)) < 0
        && value.chars().noneMatch(c -> "\"'\\$".indexOf(c) >= 0);
  }

  /** Whether none of a group is given, or all that it must have. */
  static boolean noneOrAll(Set<String> given, Set<String> group, Set<String> required) {
    return given.containsAll(required) || group.stream().noneMatch(given::contains);
  }

  /** Whether at most one of these stands there. */
  static boolean atMostOne(boolean... present) {
    int count = 0;
    for (boolean each : present) {
      count += each ? 1 : 0;
    }
    return count <= 1;
  }

  static boolean any(Set<String> given, String... names) {
    for (String name : names) {
      if (given.contains(name)) {
        return true;
      }
    }
    return false;
  }
}
