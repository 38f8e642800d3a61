package dev.remit.diagnostic;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/** Known words that somebody may have meant who typed another one. */
public final class NearWords {
  private NearWords() {}

  /** At most two letters off, and no more than a third; the nearest first. */
  public static List<String> of(String typed, List<String> known) {
    return known.stream()
        .filter(word -> distance(typed, word) <= Math.min(2, Math.max(1, word.length() / 3)))
        .sorted(Comparator.comparingInt(word -> distance(typed, word)))
        .toList();
  }

  public static Optional<String> nearest(String typed, List<String> known) {
    return of(typed, known).stream().findFirst();
  }

  /** Levenshtein's, ignoring case; large where the lengths alone say so. */
  private static int distance(String from, String to) {
    if (Math.abs(from.length() - to.length()) > 2) {
      return Integer.MAX_VALUE;
    }
    int[] row = IntStream.rangeClosed(0, to.length()).toArray();
    for (int i = 1; i <= from.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= to.length(); j++) {
        boolean same =
            Character.toLowerCase(from.charAt(i - 1)) == Character.toLowerCase(to.charAt(j - 1));
        int replaced = diagonal + (same ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(replaced, Math.min(row[j], row[j - 1]) + 1);
      }
    }
    return row[to.length()];
  }
}
