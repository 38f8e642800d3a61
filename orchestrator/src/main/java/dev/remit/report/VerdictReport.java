package dev.remit.report;

import dev.remit.bytes.Bytes;
import dev.remit.diagnostic.Code;
import dev.remit.diagnostic.ExitStatus;
import dev.remit.diagnostic.HostText;
import dev.remit.endorsement.Link;
import dev.remit.endorsement.SevChain;
import dev.remit.launch.LaunchReport;
import dev.remit.plan.Inputs;
import dev.remit.plan.PlanDocument;
import dev.remit.trust.Assessment;
import dev.remit.trust.Check;
import dev.remit.trust.Outcome;
import dev.remit.trust.Trusted;
import dev.remit.trust.Verdict;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/** Verdicts on launches, and assessments of what was stored. */
public final class VerdictReport {
  static final String SIMULATED =
      "SIMULATED: no secure processor took part; this launch proves nothing about any host";

  private VerdictReport() {}

  public static Answer of(LaunchReport launch) {
    var word = word(launch.verdict());
    var plan = launch.plan();
    var text = new StringBuilder();
    text.append(
        "%s: %s (%s%s, %s)\n\n"
            .formatted(
                plan.spec().name(),
                word.name(),
                plan.spec().tee().protection().title(),
                plan.simulated() ? ", SIMULATED" : "",
                CheckTable.count(launch.verdict().checks())));
    text.append(CheckTable.text(launch.verdict().checks())).append("\n\n");
    launch
        .difference()
        .map(finding -> DifferenceReport.text(finding, hashes(plan.inputs())))
        .ifPresent(difference -> text.append(difference).append("\n\n"));
    if (plan.simulated()) {
      text.append(SIMULATED).append('\n');
    }
    text.append(plan.spec().tee().protection().title())
        .append(" encrypts memory and does not protect its integrity\n");
    String warnings = ExposureReport.warnings(plan.inputs().exposure());
    if (!warnings.isEmpty()) {
      text.append("warnings: ").append(warnings).append('\n');
    }
    text.append(ExposureReport.residual(plan.inputs().exposure())).append('\n');
    if (launch.presented().isPresent() && launch.contradictions().isEmpty()) {
      text.append("host's claim: the live domain is the one that was sent\n");
    }
    text.append(end(launch));
    deciding(launch.verdict().checks())
        .ifPresent(
            check -> text.append("\nnext: \"remit explain ").append(check.code().id()).append('"'));
    var json = Json.of("remit.verdict/1");
    json.put("name", plan.spec().name());
    json.put("launch", launch.launchId().toString());
    json.put("protection", plan.spec().tee().protection().id());
    json.put("simulated", plan.simulated());
    json.put("at", launch.at().toString());
    json.put("verdict", word.name());
    json.put("released", launch.running().isPresent());
    json.put("plan", plan.digest().hex());
    json.set("checks", CheckTable.json(launch.verdict().checks()));
    json.set("exposure", PlanDocument.exposure(plan.inputs().exposure()));
    launch
        .difference()
        .ifPresent(finding -> json.set("difference", DifferenceReport.json(finding)));
    var claims = json.putArray("contradictionsClaimedByHost");
    launch.contradictions().forEach(claims::add);
    launch
        .notDestroyed()
        .ifPresent(reason -> json.set("notDestroyed", DiagnosticReport.json(reason)));
    return new Answer(word.status, text.toString(), json);
  }

  private static Map<String, Bytes> hashes(Inputs inputs) {
    var hashes = new LinkedHashMap<String, Bytes>();
    inputs.measured().forEach(input -> hashes.put(input.role(), input.digest()));
    return hashes;
  }

  private static String end(LaunchReport launch) {
    if (launch.running().isPresent()) {
      return "the guest has its secret and runs";
    }
    if (launch.notDestroyed().isPresent()) {
      return "the VM may still be there, and the next run destroys it: "
          + launch.notDestroyed().get().what()
          + "; no secret left this machine";
    }
    return launch.presented().isPresent()
        ? "the VM was destroyed; no secret left this machine"
        : "nothing was started; no secret left this machine";
  }

  /**
   * What stored evidence amounts to.
   *
   * @param what was judged, as the user named it
   * @param simulated whether an anchor that is made of software was believed
   */
  public static Answer of(String what, boolean simulated, Assessment assessment) {
    return of(what, simulated, assessment, "not judged");
  }

  /**
   * The same for the report of a running guest, of which a nonce may say how old it is.
   *
   * @param given what it was compared with
   */
  public static Answer ofReport(
      String what, boolean simulated, Assessment assessment, List<Given> given) {
    boolean judged = assessment.checks().stream().anyMatch(check -> check.code() == Code.SESSION);
    var answer = of(what, simulated, assessment, judged ? "judged by the nonce" : "not judged");
    answer.json().set("given", Given.json(given));
    return answer;
  }

  private static Answer of(
      String what, boolean simulated, Assessment assessment, String freshness) {
    var word = word(assessment);
    var text = new StringBuilder();
    text.append(
        "%s: %s (%s%s)\n\n"
            .formatted(
                HostText.line(what),
                word.name(),
                simulated ? "SIMULATED, " : "",
                CheckTable.count(assessment.checks())));
    text.append(CheckTable.text(assessment.checks())).append("\n\nfreshness: ").append(freshness);
    if (simulated) {
      text.append('\n').append(SIMULATED);
    }
    var json = Json.of("remit.assessment/1");
    json.put("file", what);
    json.put("simulated", simulated);
    json.put("assessment", word.name());
    json.put("freshness", freshness);
    json.set("checks", CheckTable.json(assessment.checks()));
    return new Answer(word.status, text.toString(), json);
  }

  /** The same of a platform's chain, with its keys as a tree. */
  public static Answer of(
      String what, boolean simulated, Assessment assessment, SevChain chain, List<Link> links) {
    var plain = of(what, simulated, assessment);
    var tree = ChainTree.of(chain);
    var json = plain.json();
    json.set("certificates", tree.json());
    json.set(
        "links",
        Json.array(
            links,
            link -> {
              var entry = Json.object();
              entry.put("subject", link.subject());
              entry.put("signer", link.signer());
              entry.put("state", link.state().name());
              entry.put("reason", link.reason());
              return entry;
            }));
    return new Answer(
        plain.status(), plain.text() + "\n\n" + tree.text(links) + "\n\n" + ChainTree.LEGEND, json);
  }

  /** The check to look into first: what failed, else what was missing. */
  private static Optional<Check> deciding(List<Check> checks) {
    return first(checks, check -> check.outcome() == Outcome.FAIL)
        // A root is unknown for want of a chain that reaches it: the chain's check says what is
        // missing.
        .or(() ->
            first(
                checks, check -> check.outcome() == Outcome.UNKNOWN && check.code() != Code.ANCHOR))
        .or(() -> first(checks, check -> check.outcome() == Outcome.UNKNOWN));
  }

  private static Optional<Check> first(List<Check> checks, Predicate<Check> wanted) {
    return checks.stream().filter(wanted).findFirst();
  }

  private enum Word {
    TRUSTED(ExitStatus.DONE),
    SATISFIED(ExitStatus.DONE),
    REFUSED(ExitStatus.REFUSED),
    UNDECIDED(ExitStatus.UNDECIDED);

    private final ExitStatus status;

    Word(ExitStatus status) {
      this.status = status;
    }
  }

  private static Word word(Verdict verdict) {
    return switch (verdict) {
      case Trusted trusted -> Word.TRUSTED;
      case Verdict.Refused refused -> Word.REFUSED;
      case Verdict.Undecided undecided -> Word.UNDECIDED;
    };
  }

  private static Word word(Assessment assessment) {
    return switch (assessment) {
      case Assessment.Satisfied satisfied -> Word.SATISFIED;
      case Assessment.Refused refused -> Word.REFUSED;
      case Assessment.Undecided undecided -> Word.UNDECIDED;
    };
  }
}
