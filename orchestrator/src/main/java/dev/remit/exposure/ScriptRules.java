package dev.remit.exposure;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Rules over text that a guest runs in a shell, or fetches from. */
final class ScriptRules {
  private record Sign(String id, String what, Pattern pattern) {}

  /**
   * What a command does, by two parts of it: a look from each first part to the end of its command
   * would take time that grows with the square of a text's length.
   *
   * @param second behind the first in the same command, or where the command ends
   */
  private record Pair(String id, String what, Pattern first, Pattern second) {}

  private static final int MOST = 50;

  private static final String SHELL =
      "(?:sudo\\s+(?:-\\w+\\s+)?)?(?:/\\S{0,40}/)?(?:ba|da|z|k|a)?sh\\b";
  private static final String FETCH = "\\b(?:curl|wget)\\b";
  private static final String DOWNLOAD = "a download whose digest nobody compares";

  private static final List<Sign> SIGNS =
      List.of(
          sign(
              "PROV-32",
              "what is fetched goes straight into a shell",
              "\\b(?:ba|da|z|k|a)?sh\\s+(?:-\\w+\\s+)?(?:<\\(|-c\\s+[\"']?\\$\\(|[\"']?\\$\\()\\s*(?:curl|wget)\\b"),
          sign(
              "PROV-32",
              "a URL over http",
              "\\bhttp://(?!(?:localhost|127\\.0\\.0\\.1|\\[::1\\])\\b)"),
          sign("NET-04", "a log that goes out in clear text", "\\bnetconsole="),
          sign(
              "NET-07",
              "time from servers that prove nothing",
              "\\b(?:ntpdate|sntp|ntpd\\s+-q\\w*)\\s"),
          sign(
              "DISK-20",
              "an artifact without its digest",
              "\\bollama\\s+(?:pull|run)\\b|\\bhuggingface-cli\\s+download\\b"),
          sign(
              "NET-09",
              "a join to a cluster or mesh, whose token is there before any proof",
              "\\b(?:kubeadm\\s+join\\b|K3S_TOKEN=|RKE2_TOKEN=|docker\\s+swarm\\s+join\\b"
                  + "|microk8s\\s+join\\b)"));

  private static final List<Pair> PAIRS =
      List.of(
          pair(
              "PROV-32",
              "what is fetched goes straight into a shell",
              FETCH,
              "\\|&?[\\s\\\\]*" + SHELL),
          pair(
              "PROV-32",
              "a fetch that does not look at the server's certificate",
              FETCH,
              "\\s(?:-k|--insecure|--no-check-certificate)\\b"),
          pair(
              "NET-04",
              "a mount of a share in clear text",
              "\\bmount(?=\\s)",
              "-t\\s*(?:nfs4?|cifs|smb3)\\b"),
          pair(
              "NET-09",
              "a join to a cluster or mesh, whose token is there before any proof",
              "\\btailscale\\s+up\\b",
              "--auth-?key"));

  private static final Pattern ARTIFACT =
      Pattern.compile(
          "\\b(?:docker|podman|nerdctl)\\s+(?:pull|run)\\b"
              + "|\\bctr\\s+(?:-n\\s+\\S{1,60}\\s+)?i(?:mages?)?\\s+pull\\b");
  private static final String DIGEST = "@sha256:";

  private static final Pair OVER_HTTPS = pair("PROV-32", DOWNLOAD, FETCH, "\\bhttps://");
  private static final Sign BY_GIT = sign("PROV-32", DOWNLOAD, "\\bgit\\s+clone\\b");

  /** A digest or a signature that somebody looks at. */
  private static final Pattern CHECKED =
      Pattern.compile(
          "\\bsha(?:256|384|512)sum\\b|\\bgpgv?\\b[^\\n]{0,100}--verify|\\bcosign\\s+verify|\\bminisign\\b"
              + "|\\bsha256\\b|git\\s+(?:-C\\s+\\S{1,200}\\s+)?verify-(?:commit|tag)");

  private final String script;
  private final TextPlace place;
  private final String where;
  private final Findings findings;

  private ScriptRules(String script, TextPlace place, String where, Findings findings) {
    this.script = script;
    this.place = place;
    this.where = where;
    this.findings = findings;
  }

  private static Sign sign(String id, String what, String pattern) {
    return new Sign(id, what, Pattern.compile(pattern));
  }

  private static Pair pair(String id, String what, String first, String second) {
    return new Pair(id, what, Pattern.compile(first), Pattern.compile(second));
  }

  /**
   * @param where it stands in its document, a prefix for what is found, which may be empty
   */
  static void check(String script, TextPlace place, String where, Findings findings) {
    var rules = new ScriptRules(script, place, where, findings);
    SIGNS.forEach(rules::check);
    PAIRS.forEach(rules::check);
    rules.checkArtifacts();
    if (!CHECKED.matcher(script).find()) {
      rules.check(OVER_HTTPS);
      rules.check(BY_GIT);
    }
  }

  private void check(Sign sign) {
    Matcher matcher = sign.pattern().matcher(script);
    for (int count = 0; count < MOST && matcher.find(); count++) {
      add(sign.id(), matcher.start(), matcher.end(), sign.what());
    }
  }

  /** Once in each command. */
  private void check(Pair pair) {
    Matcher first = pair.first().matcher(script);
    Matcher second = pair.second().matcher(script).useTransparentBounds(true);
    int at = 0;
    for (int count = 0; count < MOST && first.find(at); ) {
      at = commandEnd(first.end());
      boolean found =
          second.region(first.end(), at).find() || second.region(at, script.length()).lookingAt();
      if (found) {
        add(pair.id(), first.start(), second.end(), pair.what());
        count++;
      }
    }
  }

  /** Each has its digest behind it, before the next one and before its command ends. */
  private void checkArtifacts() {
    Matcher artifact = ARTIFACT.matcher(script);
    int count = 0;
    int end = 0;
    for (boolean found = artifact.find(); found && count < MOST; ) {
      int start = artifact.start();
      int behind = artifact.end();
      end = behind > end ? commandEnd(behind) : end;
      found = artifact.find();
      int stop = found ? Math.min(end, artifact.start()) : end;
      if (script.indexOf(DIGEST, behind, stop) < 0) {
        add("DISK-20", start, behind, "an artifact without its digest");
        count++;
      }
    }
  }

  /** Where a command ends that may go on over several lines. */
  private int commandEnd(int from) {
    for (int at = from; at < script.length(); at++) {
      char here = script.charAt(at);
      if (here == '|' || here == ';' || here == '&' || (here == '\n' && !isContinued(at))) {
        return at;
      }
    }
    return script.length();
  }

  private boolean isContinued(int feed) {
    return script.startsWith("\\", feed - 1) || script.startsWith("\\\r", feed - 2);
  }

  private void add(String id, int start, int end, String what) {
    findings.add(id, place.part(start, end), where + what);
  }
}
