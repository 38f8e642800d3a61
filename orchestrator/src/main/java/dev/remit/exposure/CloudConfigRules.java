package dev.remit.exposure;

import dev.remit.bytes.MalformedException;
import dev.remit.exposure.Yaml.Spot;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** Rules over a cloud-config (cloud-init, module reference). */
final class CloudConfigRules {
  /** A crypt(3) hash, or an account that is locked. */
  private static final Pattern HASH =
      Pattern.compile("\\$(?:[0-9a-z]{1,8})\\$.{8,}|[!*].*|", Pattern.DOTALL);

  private static final Pattern HOST_KEY_FILE = Pattern.compile("/etc/ssh/ssh_host_\\w+_key");

  /** Modules that have the guest fetch and run what its network gives. */
  private static final List<String> FETCHERS =
      List.of(
          "phone_home",
          "apt",
          "apt_sources",
          "packages",
          "package_update",
          "package_upgrade",
          "yum_repos",
          "zypper",
          "apk_repos",
          "snap",
          "ssh_import_id",
          "ansible",
          "chef",
          "puppet",
          "salt_minion",
          "mcollective",
          "landscape",
          "ubuntu_advantage");

  /** Modules whose list is run by a shell. */
  private static final Set<String> COMMANDS = Set.of("runcmd", "bootcmd");

  private static final Set<String> NETWORK_SHARES = Set.of("nfs", "nfs4", "cifs", "smb3", "9p");

  private final Place place;
  private final Findings findings;
  private final Spot root;

  private CloudConfigRules(Yaml root, Place place, Findings findings) {
    this.root = new Spot("", root);
    this.place = place;
    this.findings = findings;
  }

  /** Where parts of a document's text stand, and what the document is called there. */
  record Place(TextPlace text, String prefix) {
    dev.remit.diagnostic.Location of(Spot spot) {
      return text.part(spot.node().start(), spot.node().end());
    }

    String named(Spot spot) {
      return prefix + shown(spot.path()) + ": ";
    }
  }

  static void check(Yaml root, Place place, Findings findings) throws MalformedException {
    new CloudConfigRules(root, place, findings).check();
  }

  private void check() throws MalformedException {
    passwords();
    for (var key : root.at("ssh_keys", "*")) {
      if (key.name().endsWith("_private")) {
        add("PROV-33", key, "the private SSH host key, which the host then has, too");
      }
    }
    fetches();
    files();
    for (var time : root.at("ntp")) {
      if (!time.isFalse()) {
        add("NET-07", time, "time from servers that prove nothing");
      }
    }
    plainProtocols();
    encoded();
    commands();
  }

  /** What escapes and tags hide from those who search the text. */
  private void encoded() {
    root.all()
        .filter(spot -> spot.node() instanceof Yaml.Text text && text.encoded())
        .forEach(spot -> {
          String value = spot.text().orElse("");
          var whole = TextPlace.whole(place.of(spot));
          LiteralSecrets.check(value, whole, place.named(spot), findings);
          ScriptRules.check(value, whole, place.named(spot), findings);
        });
  }

  /** Logs and shares that leave the guest as they are. */
  private void plainProtocols() {
    for (var remote : root.at("rsyslog", "remotes", "*")) {
      add("NET-04", remote, "a log that goes out in clear text");
    }
    for (var mount : root.at("mounts", "*")) {
      var fields = mount.inside().flatMap(each -> each.text().stream()).toList();
      if (fields.size() > 2 && NETWORK_SHARES.contains(fields.get(2).toLowerCase(Locale.ROOT))) {
        add("NET-04", mount, "a share that is read and written in clear text");
      }
    }
  }

  private void passwords() {
    for (var user : root.at("chpasswd", "users", "*")) {
      if (user.at("type").stream().anyMatch(type -> type.is("RANDOM"))) {
        add("PROV-30", user, "a random password, which is printed to the console");
      } else if (user.at("type").stream().anyMatch(type -> type.is("text"))
          || user.at("password").stream().anyMatch(CloudConfigRules::isPlain)) {
        add("PROV-31", user, "a password in clear");
      }
    }
    for (var list : root.at("chpasswd", "list")) {
      for (var line : list.each()) {
        line.text().stream().flatMap(String::lines).forEach(pair -> passwordOf(line, pair));
      }
    }
    for (var password : root.at("password")) {
      if (password.is("R", "RANDOM")) {
        add("PROV-30", password, "a random password, which is printed to the console");
      } else if (isPlain(password)) {
        add("PROV-31", password, "a password in clear");
      }
    }
    for (var random : root.at("random_password")) {
      add("PROV-30", random, "a random password, which is printed to the console");
    }
    for (var login : root.at("ssh_pwauth")) {
      if (login.isTrue()) {
        add("PROV-31", login, "SSH takes passwords");
      }
    }
    for (var users : List.of("users", "user")) {
      for (var user : root.at(users)) {
        user(user);
        // A list, or a mapping whose keys are the names.
        user.inside().forEach(this::user);
      }
    }
  }

  private void passwordOf(Spot spot, String pair) {
    int colon = pair.indexOf(':');
    String password = colon < 0 ? "" : pair.substring(colon + 1).strip();
    if (password.equalsIgnoreCase("R") || password.equalsIgnoreCase("RANDOM")) {
      add("PROV-30", spot, "a random password, which is printed to the console");
    } else if (!HASH.matcher(password).matches()) {
      add("PROV-31", spot, "a password in clear");
    }
  }

  private void user(Spot user) {
    var plains = ofUser(user, "plain_text_passwd");
    for (var plain : plains) {
      add("PROV-31", plain, "a password in clear");
    }
    var passwords = ofUser(user, "passwd");
    boolean hashed = !passwords.isEmpty() || !ofUser(user, "hashed_passwd").isEmpty();
    for (var lock : ofUser(user, "lock_passwd")) {
      if (lock.isFalse() && !hashed && plains.isEmpty()) {
        add("PROV-31", lock, "an account without a password that is not locked");
      }
    }
    for (var passwd : passwords) {
      if (isPlain(passwd)) {
        add("PROV-31", passwd, "a password that is no hash");
      }
    }
    for (var imported : ofUser(user, "ssh_import_id")) {
      add("PROV-32", imported, "login keys that are fetched over the host's network");
    }
  }

  /** cloud-init takes a hyphen in these keys for an underscore. */
  private static List<Spot> ofUser(Spot user, String key) {
    return user.inside().filter(each -> each.name().replace('-', '_').equals(key)).toList();
  }

  private static boolean isPlain(Spot password) {
    return password.text().filter(text -> !HASH.matcher(text.strip()).matches()).isPresent();
  }

  private void fetches() {
    for (String module : FETCHERS) {
      for (var spot : root.at(module)) {
        if (!spot.isFalse()) {
          add("PROV-32", spot, "it has the guest fetch what the host's network gives");
        }
      }
    }
  }

  private void files() throws MalformedException {
    for (var file : root.at("write_files", "*")) {
      var source = file.at("source", "uri");
      if (!source.isEmpty()) {
        add("PROV-32", source.getFirst(), "a file that is fetched over the host's network");
      }
      boolean hostKey =
          file.at("path").stream()
              .anyMatch(path -> path.text().filter(HOST_KEY_FILE.asPredicate()).isPresent());
      for (var content : file.at("content")) {
        if (hostKey && content.text().filter(text -> text.contains("PRIVATE")).isPresent()) {
          add("PROV-33", content, "the private SSH host key, which the host then has, too");
        }
        var decoded = decoded(file, content);
        if (decoded.isPresent()) {
          // What an encoding hides has no place of its own.
          var whole = TextPlace.whole(place.of(content));
          LiteralSecrets.check(decoded.get(), whole, place.named(content), findings);
          ScriptRules.check(decoded.get(), whole, place.named(content), findings);
          if (hostKey && decoded.get().contains("PRIVATE KEY")) {
            add("PROV-33", content, "the private SSH host key, which the host then has, too");
          }
        }
      }
    }
  }

  /** Empty where the content stands there as it is. */
  private static Optional<String> decoded(Spot file, Spot content) throws MalformedException {
    String encoding =
        file.at("encoding").stream()
            .flatMap(each -> each.text().stream())
            .findFirst()
            .orElse("")
            .toLowerCase(Locale.ROOT);
    boolean base64 = encoding.contains("b64") || encoding.contains("base64");
    if (content.text().isEmpty() || encoding.isBlank() || encoding.equals("text/plain")) {
      return Optional.empty();
    }
    var octets =
        base64
            ? Base64Text.decoded(content.text().get())
            : Optional.of(
                dev.remit.bytes.Bytes.copyOf(
                    content.text().get().getBytes(StandardCharsets.ISO_8859_1)));
    if (octets.isEmpty()) {
      throw new MalformedException(content.node().start(), "a file's content is not base64");
    }
    var raw = Unpacked.isGzip(octets.get()) ? Unpacked.of(octets.get()) : octets.get();
    return Optional.of(new String(raw.toArray(), StandardCharsets.UTF_8));
  }

  /** A command that is a list has its words apart, so that only joined they are one. */
  private void commands() {
    for (String module : COMMANDS) {
      for (var command : root.at(module, "*")) {
        if (command.node() instanceof Yaml.Items words) {
          String line =
              String.join(
                  " ",
                  words.items().stream()
                      .map(word -> word instanceof Yaml.Text text ? text.value() : "")
                      .toList());
          ScriptRules.check(
              line, TextPlace.whole(place.of(command)), place.named(command), findings);
        }
      }
    }
  }

  private void add(String id, Spot spot, String what) {
    findings.add(id, place.of(spot), place.named(spot) + what);
  }

  /** A way, in which keys of the document may be secrets themselves. */
  static String shown(String path) {
    return LiteralSecrets.in(path).isPresent() ? "…" : path;
  }
}
