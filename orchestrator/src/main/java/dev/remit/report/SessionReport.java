package dev.remit.report;

import dev.remit.diagnostic.ExitStatus;
import dev.remit.diagnostic.HostText;
import dev.remit.identity.SevSession;
import dev.remit.platform.SevPolicy;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.node.ObjectNode;

/** A launch session that was made, without its keys. */
public final class SessionReport {
  private SessionReport() {}

  /**
   * What the session is good for, and where its files are.
   *
   * @param folder that holds them
   */
  public static Answer of(SevSession session, Path folder, List<Given> given) {
    var policy = session.policy();
    var anchor = session.platform().anchor();
    String place = new HostText(folder.toString()).toString();
    var text = new StringBuilder();
    text.append(
        "session: MADE (%s%s)\n\n"
            .formatted(policy.protection().title(), anchor.simulated() ? ", SIMULATED" : ""));
    text.append("policy    ").append(words(policy)).append('\n');
    text.append("platform  ").append(anchor.origin()).append(", PDH ");
    text.append(session.platform().chain().pdh().fingerprint().hex()).append('\n');
    text.append("files     ").append(place);
    text.append(": godh.b64, session.b64, tik.bin, tek.bin, tk.bin\n\n");
    if (anchor.simulated()) {
      text.append(VerdictReport.SIMULATED).append('\n');
    }
    text.append("for one start of one guest: make another session for the next one");
    var json = Json.of("remit.session/1");
    json.put("simulated", anchor.simulated());
    json.set("policy", json(policy));
    json.put("generation", anchor.generation().id());
    json.put("pdh", session.platform().chain().pdh().fingerprint().hex());
    json.put("folder", folder.toString());
    json.put("dhCert", session.godh().base64());
    json.put("session", session.blob().base64());
    json.set("given", Given.json(given));
    return new Answer(ExitStatus.DONE, text.toString(), json);
  }

  /** Both forms of the number, and what it says. */
  static String words(SevPolicy policy) {
    var words = new ArrayList<>(List.of(policy.protection().title()));
    words.add(policy.noDebug() ? "no debug" : "debug allowed");
    words.add(policy.noKeySharing() ? "no key sharing" : "key sharing allowed");
    words.add(policy.noSend() ? "no migration" : "migration allowed");
    if (policy.domain()) {
      words.add("within its domain only");
    }
    if (policy.sevOnly()) {
      words.add("to platforms with SEV only");
    }
    words.add("api " + policy.minApi() + " or newer");
    return "%s = %s: %s"
        .formatted(policy, Integer.toUnsignedString(policy.bits()), String.join(", ", words));
  }

  static ObjectNode json(SevPolicy policy) {
    var json = Json.object();
    json.put("hex", policy.toString());
    json.put("decimal", Integer.toUnsignedLong(policy.bits()));
    json.put("tee", policy.protection().id());
    json.put("debug", !policy.noDebug());
    json.put("keySharing", !policy.noKeySharing());
    json.put("migration", !policy.noSend());
    json.put("domain", policy.domain());
    json.put("sevOnly", policy.sevOnly());
    json.put("minApi", policy.minApi().toString());
    return json;
  }
}
