package dev.remit.measurement;

import dev.remit.diagnostic.HostText;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What the layers between an owner and QEMU make of a command line without being asked. */
final class CommandLines {
  private static final int MOST_WORDS = 64;

  private CommandLines() {}

  /**
   * What may have been measured instead, and how it differs, the likeliest first. The characters
   * are all that was measured: QEMU measures a NUL at the end.
   */
  static Map<String, String> near(String cmdline) {
    var near = new LinkedHashMap<String, String>();
    near.put(cmdline + "\n\0", "with a newline at its end");
    near.put(cmdline + " \0", "with a blank at its end");
    near.put(" " + cmdline + "\0", "with a blank at its start");
    near.put(cmdline + "\r\n\0", "with CR LF at its end");
    near.put(cmdline + "\0\0", "with a second NUL at its end");
    near.put(cmdline, "without the NUL at its end");
    near.put(cmdline + "\n", "with a newline in the place of the NUL");
    put(near, cmdline.strip(), "without the white space around it");
    put(near, cmdline.stripTrailing(), "without the white space at its end");
    put(near, cmdline.stripLeading(), "without the white space at its start");
    put(
        near,
        cmdline.strip().replaceAll("\\s+", " "),
        "with every run of white space as one blank");
    put(near, cmdline.replace('\t', ' '), "with its tabs as blanks");
    put(near, cmdline.replace("\r", ""), "without its CRs");
    put(near, cmdline.replace('\n', ' '), "with its newlines as blanks");
    put(near, cmdline + "  ", "with two blanks at its end");
    put(near, cmdline + "\t", "with a tab at its end");
    put(near, "\n" + cmdline, "with a newline at its start");
    put(near, cmdline.strip() + "\n", "without the white space around it and with a newline");
    put(near, '"' + cmdline + '"', "in double quotes");
    put(near, "'" + cmdline + "'", "in single quotes");
    for (String quote : List.of("\"", "'")) {
      if (cmdline.length() > 1 && cmdline.startsWith(quote) && cmdline.endsWith(quote)) {
        put(near, cmdline.substring(1, cmdline.length() - 1), "without the quotes around it");
      }
    }
    put(near, cmdline.replace("\"", ""), "without its double quotes");
    put(near, cmdline.replace("'", ""), "without its single quotes");
    put(near, cmdline.replace("\"", "").replace("'", ""), "without any quotes");
    put(near, cmdline.replace("\"", "\\\""), "with a backslash before each double quote");
    put(near, cmdline.replace("\\", ""), "without its backslashes");
    put(near, cmdline.replace("\\", "\\\\"), "with each backslash twice");
    put(near, escaped(cmdline), "with the escapes of XML");
    put(near, unescaped(cmdline), "with its escapes of XML resolved");
    words(near, cmdline);
    near.remove(cmdline + "\0");
    return near;
  }

  private static void words(Map<String, String> near, String cmdline) {
    var words = Arrays.asList(cmdline.split(" ", -1));
    if (words.size() > MOST_WORDS) {
      return;
    }
    for (int at = 0; at < words.size(); at++) {
      var fewer = new ArrayList<>(words);
      fewer.remove(at);
      put(near, String.join(" ", fewer), "without the word " + quoted(words.get(at)));
    }
    for (int at = 0; at < words.size(); at++) {
      var more = new ArrayList<>(words);
      more.add(at, words.get(at));
      put(near, String.join(" ", more), "with the word " + quoted(words.get(at)) + " twice");
    }
    for (int at = 1; at < words.size(); at++) {
      var turned = new ArrayList<>(words);
      turned.set(at - 1, words.get(at));
      turned.set(at, words.get(at - 1));
      put(
          near,
          String.join(" ", turned),
          "with the words %s and %s exchanged"
              .formatted(quoted(words.get(at - 1)), quoted(words.get(at))));
    }
  }

  private static void put(Map<String, String> near, String text, String how) {
    near.putIfAbsent(text + "\0", how);
  }

  private static String escaped(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;")
        .replace("'", "&apos;");
  }

  private static String unescaped(String text) {
    return text.replace("&apos;", "'")
        .replace("&quot;", "\"")
        .replace("&gt;", ">")
        .replace("&lt;", "<")
        .replace("&amp;", "&");
  }

  private static String quoted(String word) {
    return '"' + new HostText(word).toString() + '"';
  }
}
