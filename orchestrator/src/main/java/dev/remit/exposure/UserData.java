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
  private static final String PATCH = "#cloud-config-jsonp";
  private static final String JINJA = "## template:";

  private static final String CONFIG_TYPE = "text/cloud-config";
  private static final String PATCH_TYPE = "/cloud-config-jsonp";

  private static final List<String> FIRST_WORDS =
      List.of(CONFIG, INCLUDE, JINJA, "#cloud-boothook", "#part-handler", "#upstart-job", "#!");

  private static final Pattern LINE = Pattern.compile("[^\\r\\n]+");

  private final Findings findings;
  private final Consumer<MalformedException> unreadable;

  private UserData(Findings findings, Consumer<MalformedException> unreadable) {
    this.findings = findings;
    this.unreadable = unreadable;
  }

  /** Whether a text says by itself that it is user data. */
  static boolean isUserData(String text) {
    return isMarked(head(text)) || MimeParts.isMime(text);
  }

  private static boolean isMarked(String head) {
    return FIRST_WORDS.stream().anyMatch(head::startsWith);
  }

  /** The first line, in which cloud-init makes no difference between small letters and capitals. */
  private static String head(String text) {
    String head = text.stripLeading();
    int end = head.indexOf('\n');
    return (end < 0 ? head : head.substring(0, end)).toLowerCase(Locale.ROOT);
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
   * Judges a text as everything that it may be taken for.
   *
   * @param type by MIME, which cloud-init believes where it is more than plain text
   */
  private void text(String text, TextPlace place, String where, String type, int depth) {
    try {
      if (depth > DEEPEST) {
        throw new MalformedException(0, "user data lies deeper than Remit looks");
      }
      boolean typed = !type.isEmpty() && !type.equals("text/plain");
      boolean message = !typed && MimeParts.isMime(text) && message(text, place, where, depth);
      if (!message || isMarked(head(text))) {
        single(text, place, where, type, depth);
      }
    } catch (MalformedException malformed) {
      unreadable.accept(malformed);
    }
  }

  /** False for a text that only names MIME and has no header: it is its own one part. */
  private boolean message(String text, TextPlace place, String where, int depth)
      throws MalformedException {
    var parts = MimeParts.of(text);
    if (parts.size() == 1 && parts.getFirst().isWhole(text)) {
      return false;
    }
    LiteralSecrets.check(text, place, where, findings);
    for (var part : parts) {
      var inside =
          part.asItStands()
              ? shifted(place, part.start())
              : TextPlace.whole(place.part(part.start(), part.end()));
      octets(part.content(), inside, where, part.type(), depth + 1);
    }
    return true;
  }

  private void single(String text, TextPlace place, String where, String type, int depth)
      throws MalformedException {
    String head = head(text);
    boolean archive = head.startsWith(ARCHIVE) || type.endsWith("/cloud-config-archive");
    boolean included = head.startsWith(INCLUDE) || type.startsWith("text/x-include");
    boolean config =
        type.endsWith("/cloud-config")
            || type.endsWith(PATCH_TYPE)
            || isTemplate(head, type)
            || (head.startsWith(CONFIG) && !archive)
            || (!isMarked(head) && !archive && !included);
    if (archive) {
      archive(text, place, where, depth);
    }
    if (included) {
      included(text, place, where);
    }
    if (config || !(archive || included)) {
      LiteralSecrets.check(text, place, where, findings);
      ScriptRules.check(text, place, where, findings);
    }
    if (config) {
      config(text, place, where, type);
    }
  }

  private static boolean isTemplate(String head, String type) {
    return head.startsWith(JINJA) || type.endsWith("/jinja2");
  }

  /** A template may be of a script, which is no YAML. */
  private void config(String text, TextPlace place, String where, String type)
      throws MalformedException {
    String head = head(text);
    boolean template = isTemplate(head, type);
    if (head.startsWith(JINJA)) {
      int line = text.indexOf('\n', text.indexOf(JINJA.charAt(0)));
      head = line < 0 ? "" : head(text.substring(line));
      if (!head.startsWith(CONFIG) && !type.contains(CONFIG_TYPE)) {
        return;
      }
    }
    boolean patch = head.startsWith(PATCH) || type.endsWith(PATCH_TYPE);
    for (Yaml document : YamlReader.documents(template ? JinjaText.plain(text) : text)) {
      if (patch) {
        CloudConfigRules.check(ConfigPatch.result(document), new Place(place, where), findings);
      } else if (document instanceof Yaml.Mapping) {
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
                // cloud-init takes what says nothing of itself for a cloud-config here.
                type.isEmpty() && !isMarked(head(content.text().get())) ? CONFIG_TYPE : type,
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
