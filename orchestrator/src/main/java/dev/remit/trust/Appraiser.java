package dev.remit.trust;

import dev.remit.bytes.Bytes;
import dev.remit.bytes.SecretBytes;
import dev.remit.diagnostic.Code;
import dev.remit.endorsement.CekEndorsement;
import dev.remit.endorsement.Link;
import dev.remit.endorsement.ReportSignature;
import dev.remit.endorsement.SevChain;
import dev.remit.endorsement.SevChainProof;
import dev.remit.evidence.Evidence;
import dev.remit.evidence.Presented;
import dev.remit.evidence.SevAttestationReport;
import dev.remit.evidence.SevLaunchMeasurement;
import dev.remit.identity.Challenge;
import dev.remit.identity.LaunchId;
import dev.remit.identity.TransportKeys;
import dev.remit.measurement.SevLaunchMac;
import dev.remit.platform.ChipId;
import dev.remit.platform.Generation;
import dev.remit.platform.SevPolicy;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Judges what a machine presented against what the owner demands, in REMIT order. */
public final class Appraiser {
  private Appraiser() {}

  /**
   * The verdict on a platform that is not fit for the session to be made at all; empty where
   * nothing stands in the way of a start.
   */
  public static Optional<Verdict> beforeStart(
      LaunchId launchId, Policy policy, SevChainProof endorsements) {
    var checks = new ArrayList<>(platformChecks(endorsements));
    checks.add(debug(policy.guestPolicy().value().noDebug(), "requested"));
    checks.add(machine(policy.machine(), endorsements));
    return refusal(launchId, checks);
  }

  /**
   * The verdict on one launch. The only way to a {@link Trusted}.
   *
   * @param challenge made for this policy, and for the platform that is proven here
   */
  public static Verdict appraise(
      Challenge challenge, Policy policy, Presented presented, SevChainProof.Proven endorsements) {
    var session = challenge.session();
    if (session.platform() != endorsements.platform()
        || !policy.guestPolicy().holdsFor(session.policy())) {
      throw new IllegalStateException("the session was made for another platform or policy");
    }
    var checks = new ArrayList<>(platformChecks(endorsements));
    checks.addAll(
        switch (presented) {
          case Presented.Nothing nothing ->
              List.of(
                  failed(
                      Code.NOT_MEASURED,
                      Stage.MEASUREMENT,
                      "launch measurement",
                      "a measurement of 48 bytes",
                      "the host answered without any value"));
          case Presented.Malformed malformed ->
              List.of(
                  failed(
                      Code.EVIDENCE_MALFORMED,
                      Stage.MEASUREMENT,
                      "launch measurement",
                      "values in the format of LAUNCH_MEASURE",
                      malformed.rule()));
          case Presented.Given(SevLaunchMeasurement reported) ->
              evidenceChecks(challenge, policy, reported);
        });
    checks.add(machine(policy.machine(), endorsements));
    checks.addAll(waived(policy));
    return switch (presented) {
      case Presented.Nothing nothing -> new Verdict.Refused(challenge.launchId(), checks);
      case Presented.Malformed malformed -> new Verdict.Refused(challenge.launchId(), checks);
      case Presented.Given(Evidence evidence) ->
          refusal(challenge.launchId(), checks)
              .orElseGet(() -> new Trusted(challenge.launchId(), evidence, checks));
    };
  }

  /** What a platform's chain amounts to by itself, at any time and anywhere. */
  public static Assessment assess(SevChainProof endorsements) {
    return Assessment.of(platformChecks(endorsements));
  }

  /** The same, where it matters also which platform it is. */
  public static Assessment assess(SevChainProof endorsements, Policy.Machine machine) {
    var checks = new ArrayList<>(platformChecks(endorsements));
    checks.add(machine(machine, endorsements));
    return Assessment.of(checks);
  }

  /**
   * What a finished launch amounts to when it is judged again: all but the measurement, whose MAC
   * key was wiped, so that the answer is at best {@link Assessment.Undecided}.
   */
  public static Assessment assessAgain(
      Policy policy, SevLaunchMeasurement reported, SevChainProof endorsements) {
    var checks = new ArrayList<>(platformChecks(endorsements));
    checks.add(
        new Check(
            Code.FRESHNESS_NOT_JUDGED,
            Stage.MEASUREMENT,
            "launch measurement",
            Outcome.UNKNOWN,
            digests(policy),
            "a MAC whose key was wiped after the launch"));
    checks.addAll(reportedChecks(policy, reported));
    checks.add(machine(policy.machine(), endorsements));
    checks.addAll(waived(policy));
    return Assessment.of(checks);
  }

  /** The same for a launch that ended before anything was started. */
  public static Assessment assessNotStarted(Policy policy, SevChainProof endorsements) {
    var checks = new ArrayList<>(platformChecks(endorsements));
    checks.add(
        new Check(
            Code.NOT_MEASURED,
            Stage.MEASUREMENT,
            "launch measurement",
            Outcome.UNKNOWN,
            digests(policy),
            "nothing was started"));
    checks.add(machine(policy.machine(), endorsements));
    checks.addAll(waived(policy));
    return Assessment.of(checks);
  }

  /** The same for a launch that presented nothing in its format. */
  public static Assessment assessWithoutEvidence(Policy policy, SevChainProof endorsements) {
    var checks = new ArrayList<>(platformChecks(endorsements));
    checks.add(
        failed(
            Code.NOT_MEASURED,
            Stage.MEASUREMENT,
            "launch measurement",
            digests(policy),
            "the launch ended without one"));
    checks.add(machine(policy.machine(), endorsements));
    checks.addAll(waived(policy));
    return Assessment.of(checks);
  }

  /**
   * The verdict on a measurement alone, for a guest that its owner starts by other means. The only
   * way to a {@link MatchedMeasurement}.
   *
   * @param keys of the session that the guest was started with
   * @param launchDigests as in a {@link Policy}: what the owner's own files give
   * @param reported with the policy that the session was made for, which the MAC then proves
   */
  public static MeasurementVerdict appraiseMeasurement(
      TransportKeys keys, Map<String, Bytes> launchDigests, SevLaunchMeasurement reported) {
    var named = new TreeMap<>(launchDigests);
    String expected = digests(named);
    var match =
        named.entrySet().stream()
            .filter(digest -> isMacOf(digest.getValue(), keys.tik(), reported))
            .findFirst();
    boolean swapped =
        match.isEmpty()
            && named.values().stream().anyMatch(digest -> isMacOf(digest, keys.tek(), reported));
    String actual =
        match
            .map(digest -> digest.getKey() + " " + digest.getValue().hex())
            .orElseGet(() ->
                swapped
                    ? "the MAC holds under the other key: TIK and TEK are swapped"
                    : "a MAC of something else: " + reported.measure().hex());
    var checks =
        List.of(
            check(
                Code.MEASUREMENT,
                Stage.MEASUREMENT,
                "launch measurement",
                match.isPresent(),
                expected,
                actual),
            debug(reported.policy().noDebug(), "session's"),
            check(
                Code.FIRMWARE_OLD,
                Stage.TRUST,
                "SEV firmware",
                reported.firmware().api().compareTo(reported.policy().minApi()) >= 0,
                "api " + reported.policy().minApi() + " or newer",
                reported.firmware().toString()));
    return switch (Assessment.of(checks)) {
      case Assessment.Satisfied satisfied -> new MatchedMeasurement(reported, checks);
      case Assessment.Refused refused -> new MeasurementVerdict.Refused(checks);
      case Assessment.Undecided undecided ->
          throw new IllegalStateException("every check of a measurement has an answer");
    };
  }

  /**
   * What the attestation report of a running guest amounts to.
   *
   * @param chain whose PEK is to have signed it
   * @param endorsements what became of the proof of that chain
   */
  public static Assessment assess(
      SevAttestationReport report,
      ReportDemands demands,
      SevChain chain,
      SevChainProof endorsements) {
    var checks = new ArrayList<>(platformChecks(endorsements));
    var signature =
        ReportSignature.byPek(
            chain.pek(), report.signer(), report.algorithm(), report.signed(), report.signature());
    checks.add(
        check(
            Code.REPORT_NOT_SIGNED,
            Stage.MEASUREMENT,
            "report signature",
            signature.state() == Link.State.VALID,
            "of the PEK",
            signature.reason()));
    checks.add(
        compared(
            Code.MEASUREMENT,
            Code.NOTHING_TO_COMPARE,
            Stage.MEASUREMENT,
            "launch digest",
            demands.launchDigest().map(Bytes::hex),
            report.launchDigest().hex()));
    checks.add(
        compared(
            Code.SESSION,
            Code.FRESHNESS_NOT_JUDGED,
            Stage.IDENTITY,
            "nonce",
            demands.nonce().map(Bytes::hex),
            report.nonce().hex()));
    checks.add(
        compared(
            Code.POLICY_DIFFERS,
            Code.NOTHING_TO_COMPARE,
            Stage.IDENTITY,
            "guest policy",
            demands.policy().map(SevPolicy::toString),
            report.policy().toString()));
    checks.add(debug(report.policy().noDebug(), "reported"));
    checks.add(machine(demands.machine(), endorsements));
    return Assessment.of(checks);
  }

  private static Check compared(
      Code differs,
      Code unnamed,
      Stage stage,
      String subject,
      Optional<String> expected,
      String actual) {
    return expected
        .map(value -> check(differs, stage, subject, value.equals(actual), value, actual))
        .orElseGet(
            () -> new Check(unnamed, stage, subject, Outcome.UNKNOWN, "none was named", actual));
  }

  private static Optional<Verdict> refusal(LaunchId launchId, List<Check> checks) {
    return switch (Assessment.of(checks)) {
      case Assessment.Refused refused ->
          Optional.of(new Verdict.Refused(launchId, refused.checks()));
      case Assessment.Undecided undecided ->
          Optional.of(new Verdict.Undecided(launchId, undecided.checks()));
      case Assessment.Satisfied satisfied -> Optional.empty();
    };
  }

  /** R and E: whether a pinned root key vouches for the platform's keys. */
  private static List<Check> platformChecks(SevChainProof endorsements) {
    return switch (endorsements) {
      case SevChainProof.Proven proven ->
          List.of(
              passed(
                  Code.ANCHOR,
                  Stage.ROOT,
                  "root key",
                  "a pinned root key",
                  proven.platform().anchor().origin()),
              chain(proven, Code.CHAIN, Outcome.PASS));
      case SevChainProof.Incomplete incomplete ->
          List.of(
              new Check(
                  Code.ANCHOR,
                  Stage.ROOT,
                  "root key",
                  Outcome.UNKNOWN,
                  "a pinned root key",
                  "the chain does not reach one"),
              unsigned(incomplete));
      case SevChainProof.OtherChip other ->
          List.of(
              new Check(
                  Code.ANCHOR,
                  Stage.ROOT,
                  "root key",
                  Outcome.UNKNOWN,
                  "a pinned root key",
                  "none vouches for this key of this chip"),
              failed(
                  Code.OTHER_CHIP,
                  Stage.ENDORSEMENT,
                  "platform chain",
                  "the CEK of " + other.found(),
                  "another CEK: the host has another chip than it says"));
      case SevChainProof.NotPinned notPinned ->
          List.of(
              failed(
                  Code.PINNED_DIFFERS,
                  Stage.ROOT,
                  "root key",
                  "the pinned " + notPinned.which(),
                  "another " + notPinned.which()),
              chain(notPinned, Code.CHAIN, Outcome.FAIL));
      case SevChainProof.Broken broken ->
          List.of(
              new Check(
                  Code.ANCHOR,
                  Stage.ROOT,
                  "root key",
                  Outcome.UNKNOWN,
                  "a pinned root key",
                  "the chain does not reach one"),
              chain(broken, Code.CHAIN, Outcome.FAIL));
    };
  }

  private static Check unsigned(SevChainProof.Incomplete incomplete) {
    var check = chain(incomplete, Code.CEK_UNSIGNED, Outcome.UNKNOWN);
    return incomplete
        .chip()
        .lacking()
        .map(why ->
            new Check(
                check.code(),
                check.stage(),
                check.subject(),
                check.outcome(),
                check.expected(),
                "%s; %s; fix: %s".formatted(check.actual(), why.reason(), why.fix())))
        .orElse(check);
  }

  private static Check chain(SevChainProof proof, Code code, Outcome outcome) {
    var wrong =
        proof.links().stream()
            .filter(link -> link.state() != Link.State.VALID)
            .map(link -> link.signer() + " over " + link.subject() + ": " + link.reason())
            .toList();
    return new Check(
        code,
        Stage.ENDORSEMENT,
        "platform chain",
        outcome,
        "PDH, PEK, OCA, CEK, ASK, ARK",
        wrong.isEmpty() ? valid(proof) : String.join("; ", wrong));
  }

  private static String valid(SevChainProof proof) {
    return proof.links().size()
        + " signatures valid"
        + proof
            .chip()
            .endorsement()
            .map(found -> ", the signed CEK from " + found.voucher())
            .orElse("");
  }

  /** M and I: the MAC, and the guest policy that it covers. */
  private static List<Check> evidenceChecks(
      Challenge challenge, Policy policy, SevLaunchMeasurement reported) {
    var checks = new ArrayList<Check>();
    var form =
        new TreeMap<>(policy.launchDigests())
            .entrySet().stream()
                .filter(digest -> isMacOf(digest.getValue(), challenge.session().tik(), reported))
                .map(digest -> digest.getKey() + " " + digest.getValue().hex())
                .findFirst();
    checks.add(
        form.map(named ->
                passed(
                    Code.MEASUREMENT,
                    Stage.MEASUREMENT,
                    "launch measurement",
                    digests(policy),
                    named))
            .orElseGet(() ->
                failed(
                    Code.MEASUREMENT,
                    Stage.MEASUREMENT,
                    "launch measurement",
                    digests(policy),
                    "a MAC of something else: " + reported.measure().hex())));
    // The MAC key was made for this launch and wrapped to the proven platform: a MAC that holds
    // cannot come from an earlier launch or another machine.
    checks.add(
        new Check(
            Code.SESSION,
            Stage.IDENTITY,
            "session",
            form.isPresent() ? Outcome.PASS : Outcome.UNKNOWN,
            "the key of launch " + challenge.launchId(),
            form.isPresent() ? "the key of this launch" : "not told apart while the MAC differs"));
    checks.addAll(reportedChecks(policy, reported));
    return checks;
  }

  private static boolean isMacOf(Bytes digest, SecretBytes tik, SevLaunchMeasurement reported) {
    return SevLaunchMac.compute(
            tik, reported.firmware(), reported.policy(), digest, reported.nonce())
        .equals(reported.measure());
  }

  private static List<Check> reportedChecks(Policy policy, SevLaunchMeasurement reported) {
    var demanded = policy.guestPolicy();
    return List.of(
        check(
            Code.POLICY_DIFFERS,
            Stage.IDENTITY,
            "guest policy",
            demanded.holdsFor(reported.policy()),
            demanded.toString(),
            reported.policy().toString()),
        debug(reported.policy().noDebug(), "reported"),
        check(
            Code.FIRMWARE_OLD,
            Stage.TRUST,
            "SEV firmware",
            policy.api().holdsFor(reported.firmware().api()),
            "api " + policy.api(),
            reported.firmware().toString()));
  }

  private static Check debug(boolean noDebug, String whose) {
    return check(
        Code.DEBUG_ALLOWED,
        Stage.TRUST,
        "debug",
        noDebug,
        "off",
        (noDebug ? "off" : "on") + " in the " + whose + " policy");
  }

  /** T: whether this is a machine that the owner named. */
  private static Check machine(Policy.Machine machine, SevChainProof endorsements) {
    return switch (machine) {
      case Policy.Machine.OfGeneration demanded ->
          generation(demanded.generation(), provenGeneration(endorsements));
      case Policy.Machine.OfChip demanded -> chip(demanded.chip(), endorsements);
    };
  }

  /**
   * Passes by the word of whoever answered for a chip that the owner names; the host's own word can
   * only be held against it.
   */
  private static Check chip(Demand.OneOf<ChipId> demanded, SevChainProof endorsements) {
    var binding = endorsements.chip();
    var vouched =
        switch (endorsements) {
          case SevChainProof.Proven proven -> binding.endorsement();
          case SevChainProof.Broken broken -> Optional.<CekEndorsement>empty();
          case SevChainProof.Incomplete incomplete -> Optional.<CekEndorsement>empty();
          case SevChainProof.NotPinned notPinned -> Optional.<CekEndorsement>empty();
          case SevChainProof.OtherChip other -> Optional.<CekEndorsement>empty();
        };
    if (vouched.isPresent()) {
      var voucher = vouched.get().voucher();
      var outcome =
          !demanded.holdsFor(vouched.get().chip())
              ? Outcome.FAIL
              : voucher.independent() ? Outcome.PASS : Outcome.UNKNOWN;
      return chip(demanded, outcome, vouched.get().chip() + ", by the word of " + voucher);
    }
    if (binding.claimed().filter(claimed -> !demanded.holdsFor(claimed)).isPresent()) {
      return chip(demanded, Outcome.FAIL, "the host says " + binding.claimed().get());
    }
    if (binding.excluded().containsAll(demanded.values())) {
      return chip(demanded, Outcome.FAIL, "the CEK of the platform is that of none of them");
    }
    return chip(
        demanded,
        Outcome.UNKNOWN,
        binding
            .lacking()
            .map(why ->
                "nobody vouches for its chip: %s; fix: %s".formatted(why.reason(), why.fix()))
            .orElse("nobody vouches for its chip"));
  }

  private static Check chip(Demand.OneOf<ChipId> demanded, Outcome outcome, String found) {
    return new Check(Code.CHIP, Stage.TRUST, "chip", outcome, demanded.toString(), found);
  }

  private static Check generation(
      Demand.OneOf<Generation> demanded, Optional<Generation> generation) {
    return new Check(
        Code.GENERATION,
        Stage.TRUST,
        "generation",
        generation
            .map(actual -> demanded.holdsFor(actual) ? Outcome.PASS : Outcome.FAIL)
            .orElse(Outcome.UNKNOWN),
        demanded.toString(),
        generation.map(Generation::toString).orElse("unknown"));
  }

  private static Optional<Generation> provenGeneration(SevChainProof endorsements) {
    return switch (endorsements) {
      case SevChainProof.Proven proven -> Optional.of(proven.platform().anchor().generation());
      case SevChainProof.Broken broken -> Optional.empty();
      case SevChainProof.Incomplete incomplete -> Optional.empty();
      case SevChainProof.NotPinned notPinned -> Optional.empty();
      case SevChainProof.OtherChip other -> Optional.empty();
    };
  }

  private static List<Check> waived(Policy policy) {
    return policy.waivers().stream()
        .map(waiver ->
            new Check(
                Code.NOT_ACKNOWLEDGED,
                Stage.TRUST,
                waiver.risk(),
                Outcome.WAIVED,
                "until " + waiver.until(),
                waiver.reason()))
        .toList();
  }

  private static String digests(Policy policy) {
    return digests(policy.launchDigests());
  }

  private static String digests(Map<String, Bytes> launchDigests) {
    return String.join(
        " or ",
        new TreeMap<>(launchDigests)
            .entrySet().stream()
                .map(digest -> digest.getKey() + " " + digest.getValue().hex())
                .toList());
  }

  private static Check check(
      Code code, Stage stage, String subject, boolean holds, String expected, String actual) {
    return holds
        ? passed(code, stage, subject, expected, actual)
        : failed(code, stage, subject, expected, actual);
  }

  private static Check passed(
      Code code, Stage stage, String subject, String expected, String actual) {
    return new Check(code, stage, subject, Outcome.PASS, expected, actual);
  }

  private static Check failed(
      Code code, Stage stage, String subject, String expected, String actual) {
    return new Check(code, stage, subject, Outcome.FAIL, expected, actual);
  }
}
