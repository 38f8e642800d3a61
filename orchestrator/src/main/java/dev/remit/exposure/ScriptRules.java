package dev.remit.exposure;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Rules over text that a guest runs in a shell, or fetches from. */
final class ScriptRules {
  private record Sign(String id, String what, Pattern pattern) {}

  private static final int MOST = 50;

  private static final String SHELL =
      "(?:sudo\\s+(?:-\\w+\\s+)?)?(?:/\\S{0,40}/)?(?:ba|da|z|k|a)?sh\\b";
  private static final String FETCH = "\\b(?:curl|wget)\\b";

  private static final List<Sign> SIGNS =
      List.of(
          sign(
              "PROV-32",
              "what is fetched goes straight into a shell",
              FETCH + "[^\\n|;&]{0,500}\\|\\s*" + SHELL),
          sign(
              "PROV-32",
              "what is fetched goes straight into a shell",
              "\\b(?:ba|da|z|k|a)?sh\\s+(?:-\\w+\\s+)?(?:<\\(|-c\\s+[\"']?\\$\\(|[\"']?\\$\\()\\s*(?:curl|wget)\\b"),
          sign(
              "PROV-32",
              "a fetch that does not look at the server's certificate",
              FETCH + "[^\\n|;&]{0,500}\\s(?:-k|--insecure|--no-check-certificate)\\b"),
          sign(
              "PROV-32",
              "a URL over http",
              "\\bhttp://(?!(?:localhost|127\\.0\\.0\\.1|\\[::1\\])\\b)"),
          sign(
              "NET-04",
              "a mount of a share in clear text",
              "\\bmount\\s[^\\n;&|]{0,200}-t\\s*(?:nfs4?|cifs|smb3)\\b"),
          sign("NET-04", "a log that goes out in clear text", "\\bnetconsole="),
          sign(
              "NET-07",
              "time from servers that prove nothing",
              "\\b(?:ntpdate|sntp|ntpd\\s+-q\\w*)\\s"),
          sign(
              "DISK-20",
              "an artifact without its digest",
              "\\b(?:docker|podman|nerdctl)\\s+(?:pull|run)\\b(?![^\\n;&|]{0,500}@sha256:)"
                  + "|\\bollama\\s+(?:pull|run)\\b|\\bhuggingface-cli\\s+download\\b"
                  + "|\\bctr\\s+(?:-n\\s+\\S{1,60}\\s+)?i(?:mages?)?\\s+pull\\b(?![^\\n;&|]{0,500}@sha256:)"),
          sign(
              "NET-09",
              "a join to a cluster or mesh, whose token is there before any proof",
              "\\b(?:kubeadm\\s+join\\b|K3S_TOKEN=|RKE2_TOKEN=|docker\\s+swarm\\s+join\\b"
                  + "|tailscale\\s+up\\b[^\\n]{0,200}--auth-?key|microk8s\\s+join\\b)"));

  private static final Pattern DOWNLOAD =
      Pattern.compile(FETCH + "[^\\n|;&]{0,500}\\bhttps://|\\bgit\\s+clone\\b");

  /** A digest or a signature that somebody looks at. */
  private static final Pattern CHECKED =
      Pattern.compile(
          "\\bsha(?:256|384|512)sum\\b|\\bgpgv?\\b[^\\n]{0,100}--verify|\\bcosign\\s+verify|\\bminisign\\b"
              + "|\\bsha256\\b|git\\s+(?:-C\\s+\\S{1,200}\\s+)?verify-(?:commit|tag)");

  private ScriptRules() {}

  private static Sign sign(String id, String what, String pattern) {
    return new Sign(id, what, Pattern.compile(pattern));
  }

  /**
   * @param where it stands in its document, a prefix for what is found, which may be empty
   */
  static void check(String script, TextPlace place, String where, Findings findings) {
    for (Sign sign : SIGNS) {
      Matcher matcher = sign.pattern().matcher(script);
      for (int count = 0; count < MOST && matcher.find(); count++) {
        findings.add(sign.id(), place.part(matcher.start(), matcher.end()), where + sign.what());
      }
    }
    if (!CHECKED.matcher(script).find()) {
      Matcher matcher = DOWNLOAD.matcher(script);
      for (int count = 0; count < MOST && matcher.find(); count++) {
        findings.add(
            "PROV-32",
            place.part(matcher.start(), matcher.end()),
            where + "a download whose digest nobody compares");
      }
    }
  }
}
