package dev.remit.diagnostic;

import java.util.List;
import java.util.Random;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** What a host writes where a text is expected. */
public final class Hostile {
  private static final String MEGABYTE = "long".repeat(1 << 18);

  /** Each is one kind of harm. */
  public static final List<String> TEXTS =
      List.of(
          "\u001b[2J\u001b]0;title\u0007", // clears the screen, names the window
          "\rremit: TRUSTED", // writes over the line
          "web\nremit: TRUSTED", // begins a line of its own
          "web\r\n  fix: run this",
          "\u0007\b\b\b\bPASS", // rings, and writes over what it follows
          "\u009b2J\u0085\u0090", // the same in C1, where one character is an escape sequence
          "\u202e\u2066\u2067\u200f\u061c", // shown in another order than written
          "a\u2028b\u2029c", // line ends that only some programs know
          "a\u0000b\u000bc\fd\u007f",
          "\ud800 \udfff", // halves of characters
          "\u200b\u200d\ufeff\u00ad\u3164\u2800\ufe0f\udb40\udd00", // nothing to be seen
          "\ue000\udbff\udffd\uffff", // means something else in each font
          "\u00a0\u2003\u3000", // spaces that are none
          "<script>alert(1)</script><!--",
          "\\x1b[2J",
          "%n%s%1$x",
          "@|red x|@ ${sys:user.home}",
          MEGABYTE);

  /** General categories without the space, the digits, letters, marks and signs (Unicode, 4.5). */
  private static final Pattern HARMFUL =
      Pattern.compile(
          "[\\p{Cc}\\p{Cf}\\p{Cs}\\p{Co}\\p{Cn}\\p{Zl}\\p{Zp}\\p{Zs}\\x{34f}\\x{115f}\\x{1160}"
              + "\\x{17b4}\\x{17b5}\\x{180b}-\\x{180f}\\x{2800}\\x{3164}\\x{fe00}-\\x{fe0f}"
              + "\\x{ffa0}\\x{e0100}-\\x{e01ef}&&[^ ]]");

  private Hostile() {}

  /** The texts above, then so many that are made of them and of any characters. */
  public static Stream<String> texts(int random) {
    return Stream.concat(
        TEXTS.stream(),
        IntStream.range(0, random).mapToObj(seed -> Hostile.random(new Random(seed))));
  }

  private static String random(Random random) {
    var text = new StringBuilder();
    int parts = 1 + random.nextInt(20);
    for (int i = 0; i < parts; i++) {
      switch (random.nextInt(4)) {
        case 0 -> text.append(TEXTS.get(random.nextInt(TEXTS.size() - 1)));
        case 1 -> text.append((char) random.nextInt(0x10000));
        case 2 -> text.appendCodePoint(random.nextInt(Character.MAX_CODE_POINT + 1));
        default -> text.append((char) random.nextInt(0x100));
      }
    }
    return text.toString();
  }

  /** Whether a terminal, a log and an editor show it as what it is; line feeds are allowed. */
  public static boolean isHarmless(String text) {
    return !HARMFUL.matcher(text.replace("\n", "")).find();
  }

  public static long lines(String text) {
    return text.chars().filter(each -> each == '\n').count();
  }
}
