package dev.remit.exposure;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Short texts, in groups, that are looked for in a long one all at once: where none of a group is,
 * nobody needs to look closer. The case of letters does not count.
 */
final class Marks {
  private static final int SIGNS = 0x80;

  private record Mark(int group, String text) {}

  /** By the number of its first two signs. */
  private final Map<Integer, List<Mark>> byPair = new HashMap<>();

  /** The same without the marks, for a look at every place of a text. */
  private final boolean[] begins = new boolean[SIGNS * SIGNS];

  private final int count;

  /**
   * @param groups of marks of two or more ASCII signs
   */
  Marks(List<List<String>> groups) {
    count = groups.size();
    for (int group = 0; group < count; group++) {
      for (String mark : groups.get(group)) {
        int pair = pair(low(mark.charAt(0)), low(mark.charAt(1)));
        begins[pair] = true;
        byPair.computeIfAbsent(pair, key -> new ArrayList<>()).add(new Mark(group, mark));
      }
    }
  }

  /** The numbers of the groups of which a mark is in the text. */
  BitSet groupsIn(String text) {
    var found = new BitSet(count);
    int before = 0;
    for (int at = 0; at < text.length(); at++) {
      int sign = low(text.charAt(at));
      int pair = pair(before, sign);
      if (begins[pair]) {
        for (var mark : byPair.getOrDefault(pair, List.of())) {
          if (text.regionMatches(true, at - 1, mark.text(), 0, mark.text().length())) {
            found.set(mark.group());
          }
        }
      }
      before = sign;
    }
    return found;
  }

  private static int pair(int first, int second) {
    return first * SIGNS + second;
  }

  /** As a small letter; signs beyond ASCII are taken for others, which only costs a look. */
  private static int low(char sign) {
    int ascii = sign & (SIGNS - 1);
    return ascii >= 'A' && ascii <= 'Z' ? ascii + ('a' - 'A') : ascii;
  }
}
