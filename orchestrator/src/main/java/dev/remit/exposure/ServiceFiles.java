package dev.remit.exposure;

import dev.remit.bytes.Bytes;
import dev.remit.exposure.ImageRules.Spot;
import dev.remit.image.FileTree.Entry;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/** Rules over the files that tell a guest's services whom to believe. */
final class ServiceFiles {
  private static final Pattern CHRONY = Pattern.compile("etc/(?:chrony/.+|chrony\\.conf)");
  private static final Pattern TIMESYNCD =
      Pattern.compile("etc/systemd/timesyncd\\.conf(?:\\.d/[^/]+\\.conf)?");
  private static final Set<String> TIME_SOURCES = Set.of("server", "pool", "peer");
  private static final Pattern SNTP =
      Pattern.compile("(?m)^[ \\t]*(?:Fallback)?NTP[ \\t]*=[ \\t]*\\S");

  private static final Pattern ANY_IMAGE =
      Pattern.compile(
          "\"default\"\\s*:\\s*\\[\\s*\\{\\s*\"type\"\\s*:\\s*\"insecureAcceptAnything\"");

  /** Of the agents of Confidential Containers (guest-components). */
  private static final Set<String> AGENTS =
      Set.of("aa.toml", "cdh.toml", "attestation-agent.conf", "confidential-data-hub.conf");

  private static final Pattern BROKER_WITHOUT_TLS =
      Pattern.compile(
          "(?m)^[ \\t]*(?:url|kbs_url|kbs_uri|kbc_url|aa_kbc_params)[ \\t]*=[ \\t]*[\"'][^\"'\\n]{0,200}?http://");

  private static final Pattern ASSIGNMENT =
      Pattern.compile(
          "(?m)^[ \\t]*[\"']?([A-Za-z0-9_.-]{1,64})[\"']?[ \\t]*=[ \\t]*[\"']{1,3}([^\"'\\n]+)");

  /** What only names a secret: an address at the key broker, an envelope, a file. */
  private static final Pattern REFERENCE = Pattern.compile("(?:kbs:|sealed\\.|/|file:).*");

  private ServiceFiles() {}

  static void check(Entry entry, String path, Spot spot) {
    String name = path.substring(path.lastIndexOf('/') + 1);
    boolean chrony = CHRONY.matcher(path).matches() || path.equals("etc/ntp.conf");
    boolean sntp = TIMESYNCD.matcher(path).matches();
    boolean policy = path.equals("etc/containers/policy.json");
    boolean agent = AGENTS.contains(name);
    if (!chrony && !sntp && !policy && !agent) {
      return;
    }
    String text = entry.content().map(ServiceFiles::text).orElse("");
    if ((chrony && text.lines().anyMatch(ServiceFiles::isPlainTime))
        || (sntp && SNTP.matcher(text).find())) {
      spot.add("NET-07", "time from servers that prove nothing: " + entry.path());
    }
    if (policy && ANY_IMAGE.matcher(text).find()) {
      spot.add("DISK-20", "container images without signatures: " + entry.path());
    }
    if (agent && BROKER_WITHOUT_TLS.matcher(text).find()) {
      spot.add("POL-33", "a broker without TLS: " + entry.path());
    }
  }

  /** A line of chrony.conf(5) or ntp.conf(5); the latter has no option for NTS. */
  private static boolean isPlainTime(String line) {
    var words = List.of(line.strip().split("\\s+"));
    return words.size() > 1
        && TIME_SOURCES.contains(words.getFirst())
        && !words.subList(2, words.size()).contains("nts");
  }

  /** The document that a host gives to a guest by its digest. */
  static void checkInitdata(Bytes document, Spot spot) {
    String text = text(document);
    LiteralSecrets.in(text).ifPresent(what -> spot.add("PROV-39", "initdata with " + what));
    var assignments = ASSIGNMENT.matcher(text);
    while (assignments.find()) {
      if (SecretText.isNamedSecret(assignments.group(1))
          && !REFERENCE.matcher(assignments.group(2)).matches()) {
        spot.add("PROV-39", "initdata with a value whose name says that it is secret");
      }
    }
    if (BROKER_WITHOUT_TLS.matcher(text).find()) {
      spot.add("POL-33", "initdata that names a broker without TLS");
    }
  }

  private static String text(Bytes content) {
    return new String(content.toArray(), StandardCharsets.UTF_8);
  }
}
