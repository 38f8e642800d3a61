package dev.remit.exposure;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * The documents of domains in a text that holds others: a snapshot, the state of a running domain,
 * or several domains one after the other. Everything keeps its place.
 */
public final class WrappedDomains {
  private static final Pattern START = Pattern.compile("<(domain|inactiveDomain)(?=[\\s/>])");
  private static final Pattern NOT_A_LINE_END = Pattern.compile("[^\\r\\n]");
  private static final int MOST = 100;

  /** UTF-16 units of all domains together, with what stands before each. */
  private static final int MOST_TEXT = 32 << 20;

  private WrappedDomains() {}

  /**
   * Each domain alone, what stands before it blank; the text itself where it is one domain or none,
   * or holds more than Remit looks at.
   */
  public static List<String> in(String text) {
    var starts = new ArrayList<Integer>();
    var start = START.matcher(text);
    while (start.find() && starts.size() < MOST) {
      starts.add(start.start());
    }
    boolean alone = starts.size() <= 1 && !isWrapped(text);
    if (alone || starts.isEmpty() || starts.size() == MOST) {
      return List.of(text);
    }
    var domains = new ArrayList<String>();
    long size = 0;
    for (int at : starts) {
      boolean inactive = text.startsWith("<inactiveDomain", at);
      String name = inactive ? "inactiveDomain" : "domain";
      int close = text.indexOf("</" + name, at);
      int end = close < 0 ? -1 : text.indexOf('>', close);
      size += end;
      if (end < 0 || size > MOST_TEXT) {
        return List.of(text);
      }
      String domain = text.substring(at, close);
      String padding = " ".repeat(name.length() - "domain".length());
      domains.add(
          blank(text.substring(0, at))
              + padding
              + "<domain"
              + domain.substring(name.length() + 1)
              + "</domain"
              + padding
              + text.substring(close + name.length() + 2, end + 1));
    }
    return domains;
  }

  private static boolean isWrapped(String text) {
    return text.contains("<domainsnapshot")
        || text.contains("<domstatus")
        || text.contains("<domcheckpoint")
        || text.contains("<domains");
  }

  private static String blank(String text) {
    return NOT_A_LINE_END.matcher(text).replaceAll(" ");
  }
}
