package dev.remit.exposure;

import dev.remit.bytes.MalformedException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Where start tags and their attributes stand in XML, which parsers do not tell. It knows no more
 * of XML than that; a parser must read the same text and find the same elements.
 */
final class MarkupScan {
  /** Of one element; libvirt's own have about ten. */
  static final int MOST_ATTRIBUTES = 64;

  static final int MOST_ELEMENTS = 20_000;

  /** A part of the text. */
  record Range(int start, int end) {}

  /**
   * @param name of the element as written, from its angle bracket on
   * @param values of attributes, by name as written, without their quotes
   * @param content from the end of the tag to the next markup; empty where there is none
   */
  record Tag(Range name, Map<String, Range> values, Range content) {}

  private final String text;
  private final List<Tag> tags = new ArrayList<>();

  private MarkupScan(String text) {
    this.text = text;
  }

  /** In the order of the text. */
  static List<Tag> tags(String text) throws MalformedException {
    var scan = new MarkupScan(text);
    int at = text.indexOf('<');
    while (at >= 0) {
      at = text.indexOf('<', scan.behindMarkup(at));
    }
    return scan.tags;
  }

  private int behindMarkup(int at) throws MalformedException {
    if (text.startsWith("<!--", at)) {
      return behind("-->", at + 4);
    } else if (text.startsWith("<![CDATA[", at)) {
      return behind("]]>", at);
    } else if (text.startsWith("<?", at)) {
      return behind("?>", at);
    } else if (text.startsWith("<!", at)) {
      throw new MalformedException(at, "a document has no document type");
    } else if (text.startsWith("</", at)) {
      return behind(">", at);
    }
    return behindStartTag(at);
  }

  private int behindStartTag(int start) throws MalformedException {
    if (tags.size() == MOST_ELEMENTS) {
      throw new MalformedException(start, "a document has at most " + MOST_ELEMENTS + " elements");
    }
    int at = behindName(start + 1);
    var name = new Range(start, at);
    var values = new LinkedHashMap<String, Range>();
    while (true) {
      at = behindSpace(at);
      char sign = at(at);
      if (sign == '>') {
        break;
      } else if (sign == '/') {
        at++;
        continue;
      }
      int nameEnd = behindName(at);
      String attribute = text.substring(at, nameEnd);
      at = behindSpace(nameEnd);
      if (at(at) != '=') {
        throw new MalformedException(at, "an attribute has a value");
      }
      at = behindSpace(at + 1);
      char quote = at(at);
      if (quote != '"' && quote != '\'') {
        throw new MalformedException(at, "the value of an attribute stands in quotes");
      }
      int end = text.indexOf(quote, at + 1);
      if (end < 0) {
        throw new MalformedException(at, "the value of an attribute ends");
      }
      values.put(attribute, new Range(at + 1, end));
      if (values.size() > MOST_ATTRIBUTES) {
        throw new MalformedException(
            start, "an element has at most " + MOST_ATTRIBUTES + " attributes");
      }
      at = end + 1;
    }
    boolean empty = text.charAt(at - 1) == '/';
    int next = empty ? at + 1 : text.indexOf('<', at);
    tags.add(new Tag(name, values, new Range(at + 1, next < 0 ? text.length() : next)));
    return at + 1;
  }

  private int behindName(int from) {
    int at = from;
    while (at < text.length() && isName(text.charAt(at))) {
      at++;
    }
    return at;
  }

  private static boolean isName(char sign) {
    return sign > ' '
        && sign != '='
        && sign != '>'
        && sign != '/'
        && sign != '<'
        && sign != '"'
        && sign != '\'';
  }

  private int behindSpace(int from) {
    int at = from;
    while (at < text.length() && text.charAt(at) <= ' ') {
      at++;
    }
    return at;
  }

  private char at(int index) throws MalformedException {
    if (index >= text.length()) {
      throw new MalformedException(index, "a tag ends");
    }
    return text.charAt(index);
  }

  private int behind(String end, int from) throws MalformedException {
    int found = text.indexOf(end, from);
    if (found < 0) {
      throw new MalformedException(from, "markup ends");
    }
    return found + end.length();
  }
}
