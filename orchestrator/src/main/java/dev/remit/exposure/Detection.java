package dev.remit.exposure;

import dev.remit.bytes.Bytes;
import dev.remit.exposure.Yaml.Spot;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.SequencedSet;
import java.util.Set;
import java.util.regex.Pattern;

/** Tells by its content what a file is; its name says nothing. */
final class Detection {
  private static final int PACKED_HEAD = 4_096;

  private static final Pattern ELEMENT =
      Pattern.compile("<(?![?!])(?:[A-Za-z_][\\w.-]*:)?([A-Za-z_][\\w.-]*)");
  private static final Set<String> DOMAINS =
      Set.of("domain", "domains", "domainsnapshot", "domstatus", "domcheckpoint");

  private static final Pattern EMULATOR =
      Pattern.compile(
          "(?m)(?:^|[\\s\\x00])(?:\\S*/)?(?:qemu-system-[a-z0-9_]+|qemu-kvm)(?=[\\s\\x00]|$)");
  private static final Pattern EMULATOR_OPTION =
      Pattern.compile("(?:^|[\\s\\x00])--?(?:machine|object|M)[\\s\\x00]");

  private static final Pattern KNOWN_WORD =
      Pattern.compile(
          "(?:^|\\s)(?:root=|console=|init=|rdinit=|ro(?=\\s|$)|rw(?=\\s|$)|quiet(?=\\s|$)"
              + "|BOOT_IMAGE=|initrd=|ds=|ci\\.|ignition\\.|systemd\\.|rd\\.|roothash=|usrhash="
              + "|luks\\.|resume=|noresume(?=\\s|$)|panic=|ip=|cloud-config-url=|net\\.ifnames="
              + "|inst\\.|random\\.trust|mem_encrypt=|modprobe\\.|module_blacklist=|loglevel=)");

  private static final Set<String> CLOUD_CONFIG =
      Set.of(
          "runcmd",
          "bootcmd",
          "write_files",
          "ssh_authorized_keys",
          "chpasswd",
          "ssh_pwauth",
          "ssh_keys",
          "phone_home",
          "cloud_init_modules",
          "cloud_config_modules",
          "datasource_list",
          "package_update",
          "package_upgrade",
          "autoinstall",
          "ssh_import_id",
          "ignition");

  private Detection() {}

  /** Empty for what is no text. */
  static Optional<String> text(Bytes content) {
    try {
      String text =
          StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(content.toArray())).toString();
      // A command line from /proc has zeros between its arguments, and no other control character.
      boolean readable =
          text.chars()
              .allMatch(
                  each -> each >= ' ' || each == '\n' || each == '\r' || each == '\t' || each == 0);
      boolean zeros = text.indexOf('\0') >= 0;
      return readable && (!zeros || EMULATOR.matcher(firstWord(text)).find())
          ? Optional.of(text)
          : Optional.empty();
    } catch (CharacterCodingException notText) {
      return Optional.empty();
    }
  }

  private static String firstWord(String text) {
    int end = text.indexOf('\0');
    return end < 0 ? text : text.substring(0, end);
  }

  /** Of a whole file that is no text. */
  static SubjectKind ofOctets(Bytes content) {
    if (Unpacked.isGzip(content)) {
      var head = text(Unpacked.start(content, PACKED_HEAD));
      if (head.filter(UserData::isUserData).isPresent()) {
        return SubjectKind.USER_DATA;
      }
    }
    return SubjectKind.IMAGE;
  }

  /**
   * All that a text is by a sign of its own, for whoever wrote it chooses who reads it how; empty
   * where nothing says what it is.
   */
  static SequencedSet<SubjectKind> ofText(String text) {
    var kinds = new LinkedHashSet<SubjectKind>();
    String head =
        text.startsWith("\ufeff") ? text.substring(1).stripLeading() : text.stripLeading();
    if (head.startsWith("<") && !head.startsWith("<<")) {
      ofXml(head).ifPresent(kinds::add);
      return kinds;
    }
    if (isCommandLine(head)) {
      kinds.add(SubjectKind.COMMAND_LINE);
    }
    if (UserData.isUserData(head)) {
      kinds.add(SubjectKind.USER_DATA);
    }
    var documents = ofYaml(text);
    kinds.addAll(documents);
    boolean oneLine = head.strip().indexOf('\n') < 0;
    if (oneLine
        && documents.isEmpty()
        && !kinds.contains(SubjectKind.COMMAND_LINE)
        && KNOWN_WORD.matcher(head.strip()).find()) {
      kinds.add(SubjectKind.KERNEL_COMMAND_LINE);
    }
    return kinds;
  }

  private static Optional<SubjectKind> ofXml(String head) {
    var element = ELEMENT.matcher(withoutComments(head));
    return element.find() && DOMAINS.contains(element.group(1))
        ? Optional.of(SubjectKind.DOMAIN)
        : Optional.empty();
  }

  private static String withoutComments(String xml) {
    int at = 0;
    while (xml.startsWith("<!--", at)) {
      int end = xml.indexOf("-->", at);
      if (end < 0) {
        return "";
      }
      at = end + 3;
      while (at < xml.length() && Character.isWhitespace(xml.charAt(at))) {
        at++;
      }
    }
    if (xml.startsWith("<?", at)) {
      int end = xml.indexOf("?>", at);
      return end < 0 ? "" : withoutComments(xml.substring(end + 2).stripLeading());
    }
    return xml.substring(at);
  }

  /** A command, with variables before it or not, or a script in which one stands. */
  private static boolean isCommandLine(String head) {
    var emulator = EMULATOR.matcher(head);
    if (emulator.find()) {
      boolean first = head.substring(0, emulator.start()).replace("\\\n", " ").lines().count() <= 1;
      return (first && !head.startsWith("#cloud") && !head.startsWith("Content-"))
          || (head.startsWith("#!") && EMULATOR_OPTION.matcher(head).find());
    }
    return head.startsWith("-") && EMULATOR_OPTION.matcher(head).find();
  }

  /** What each document is; those before the place from which on a text is no YAML count, too. */
  private static Set<SubjectKind> ofYaml(String text) {
    var kinds = new LinkedHashSet<SubjectKind>();
    for (Yaml document :
        YamlReader.firstDocuments(JinjaText.isThere(text) ? JinjaText.plain(text) : text)) {
      var root = new Spot("", document);
      boolean spec =
          root.at("apiVersion").stream()
              .anyMatch(version -> version.text().orElse("").startsWith("remit.dev/"));
      if (spec) {
        kinds.add(SubjectKind.SPEC);
      }
      if (KubeVirtManifest.isOne(document)) {
        kinds.add(SubjectKind.KUBEVIRT);
      }
      if (root.inside().map(Spot::name).anyMatch(CLOUD_CONFIG::contains)) {
        kinds.add(SubjectKind.USER_DATA);
      }
      // Words of a spec are those of a plan; its reader takes no others.
      if (!spec && KcliPlan.isOne(document)) {
        kinds.add(SubjectKind.KCLI);
      }
    }
    return kinds;
  }
}
