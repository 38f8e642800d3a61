package dev.remit.exposure;

import dev.remit.bytes.Bytes;
import dev.remit.bytes.MalformedException;
import dev.remit.exposure.CloudConfigRules.Place;
import dev.remit.exposure.Yaml.Spot;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/** Rules over cloud-init's user data in all of its forms (cloud-init, user-data formats). */
public final class UserData {
  private static final int DEEPEST = 6;

  private static final String INCLUDE = "#include";
  private static final String ARCHIVE = "#cloud-config-archive";
  private static final String CONFIG = "#cloud-config";
  private static final String JINJA = "## template:";

  private static final List<String> FIRST_WORDS =
      List.of(
          CONFIG,
          INCLUDE,
          JINJA,
          "#cloud-boothook",
          "#part-handler",
          "#upstart-job",
          "#cloud-config-jsonp",
          "#!");

  private static final Pattern LINE = Pattern.compile("[^\\r\\n]+");

  private final Findings findings;
  private final Consumer<MalformedException> unreadable;

  private UserData(Findings findings, Consumer<MalformedException> unreadable) {
    this.findings = findings;
    this.unreadable = unreadable;
  }

  /** Whether a text says by itself that it is user data. */
  static boolean isUserData(String text) {
    String head = text.stripLeading();
    return FIRST_WORDS.stream().anyMatch(head::startsWith) || MimeParts.isMime(text);
  }

  /**
   * Checks user data, which may be packed.
   *
   * @param where it stands in a larger document, a prefix for what is found, which may be empty
   * @param unreadable takes what cannot be read, at its offset in the text; the rest is checked
   */
  public static void check(
      Bytes content,
      TextPlace place,
      String where,
      Findings findings,
      Consumer<MalformedException> unreadable) {
    new UserData(findings, unreadable).octets(content, place, where, "", 1);
  }

  /** Checks user data that stands in another document as it is. */
  static void check(
      String text,
      TextPlace place,
      String where,
      Findings findings,
      Consumer<MalformedException> unreadable) {
    new UserData(findings, unreadable).text(text, place, where, "", 1);
  }

  private void octets(Bytes content, TextPlace place, String where, String type, int depth) {
    try {
      if (Unpacked.isGzip(content)) {
        if (depth > DEEPEST) {
          throw new MalformedException(0, "user data lies deeper than Remit looks");
        }
        octets(Unpacked.of(content), TextPlace.whole(place.part(0, 0)), where, type, depth + 1);
        return;
      }
      text(new String(content.toArray(), StandardCharsets.UTF_8), place, where, type, depth);
    } catch (MalformedException malformed) {
      unreadable.accept(malformed);
    }
  }

  /**
   * @param type by MIME, which cloud-init believes where it is more than plain text
   */
  private void text(String text, TextPlace place, String where, String type, int depth) {
    try {
      if (depth > DEEPEST) {
        throw new MalformedException(0, "user data lies deeper than Remit looks");
      }
      String head = text.stripLeading();
      if (MimeParts.isMime(text)) {
        for (var part : MimeParts.of(text)) {
          var inside =
              part.asItStands()
                  ? shifted(place, part.start())
                  : TextPlace.whole(place.part(part.start(), part.end()));
          octets(part.content(), inside, where, part.type(), depth + 1);
        }
      } else if (head.startsWith(ARCHIVE) || type.endsWith("/cloud-config-archive")) {
        archive(text, place, where, depth);
      } else if (head.startsWith(INCLUDE) || type.startsWith("text/x-include")) {
        included(text, place, where);
      } else {
        LiteralSecrets.check(text, place, where, findings);
        ScriptRules.check(text, place, where, findings);
        if (head.startsWith(CONFIG)
            || head.startsWith(JINJA)
            || type.endsWith("/cloud-config")
            || !isUserData(text)) {
          config(text, place, where);
        }
      }
    } catch (MalformedException malformed) {
      unreadable.accept(malformed);
    }
  }

  /** A template may be of a script, which is no YAML. */
  private void config(String text, TextPlace place, String where) throws MalformedException {
    String head = text.stripLeading();
    boolean template = head.startsWith(JINJA);
    if (template) {
      int line = head.indexOf('\n');
      String rest = line < 0 ? "" : head.substring(line).stripLeading();
      if (!rest.startsWith(CONFIG)) {
        return;
      }
    }
    for (Yaml document : YamlReader.documents(template ? JinjaText.plain(text) : text)) {
      if (document instanceof Yaml.Mapping) {
        CloudConfigRules.check(document, new Place(place, where), findings);
      }
    }
  }

  private void archive(String text, TextPlace place, String where, int depth)
      throws MalformedException {
    for (Yaml document : YamlReader.documents(text)) {
      for (Spot part : new Spot("", document).each()) {
        String type =
            part.at("type").stream()
                .flatMap(each -> each.text().stream())
                .findFirst()
                .orElse("")
                .toLowerCase(Locale.ROOT);
        var contents = part.node() instanceof Yaml.Text ? List.of(part) : part.at("content");
        for (Spot content : contents) {
          if (content.text().isPresent()) {
            text(
                content.text().get(),
                TextPlace.whole(place.part(content.node().start(), content.node().end())),
                where + CloudConfigRules.shown(content.path()) + ": ",
                type,
                depth + 1);
          }
        }
      }
    }
  }

  private void included(String text, TextPlace place, String where) {
    var line = LINE.matcher(text);
    while (line.find()) {
      String address = line.group().strip();
      if (!address.isEmpty() && !address.startsWith("#")) {
        findings.add(
            "PROV-32",
            place.part(line.start(), line.end()),
            where + "user data that is fetched from an address");
      }
    }
    if (text.lines().filter(each -> each.strip().startsWith("#include ")).findAny().isPresent()) {
      findings.add(
          "PROV-32", place.part(0, 0), where + "user data that is fetched from an address");
    }
    LiteralSecrets.check(text, place, where, findings);
  }

  static TextPlace shifted(TextPlace place, int by) {
    return (start, end) -> place.part(start + by, end + by);
  }
}
