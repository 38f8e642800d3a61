package dev.remit.report;

import dev.remit.bytes.Bytes;
import dev.remit.diagnostic.Code;
import dev.remit.diagnostic.ExitStatus;
import dev.remit.measurement.Neighbours.Finding;
import dev.remit.measurement.SevExpectation;
import dev.remit.plan.PlanDocument;
import dev.remit.platform.Protection;
import dev.remit.platform.SevFirmwareVersion;
import dev.remit.platform.SevPolicy;
import dev.remit.trust.Check;
import dev.remit.trust.Outcome;
import dev.remit.trust.Stage;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import tools.jackson.databind.node.ObjectNode;

/** Expected values: as text the one that was asked for, as JSON every step to it. */
public final class MeasureReport {
  private MeasureReport() {}

  /**
   * What a launch digest was made of.
   *
   * @param steps empty where the digest was given
   * @param launchDigest 32 bytes
   * @param given what was taken
   */
  public record Digest(
      Protection protection,
      Optional<SevExpectation> steps,
      Bytes launchDigest,
      List<Given> given) {
    public Digest {
      given = List.copyOf(given);
    }

    /** The same, with one more value taken. */
    public Digest with(Given more) {
      return new Digest(
          protection, steps, launchDigest, Stream.concat(given.stream(), Stream.of(more)).toList());
    }
  }

  /**
   * What else one launch puts under its MAC, and the MAC.
   *
   * @param blob measure and nonce, 48 bytes
   */
  public record Measurement(SevFirmwareVersion firmware, SevPolicy policy, Bytes blob) {}

  /** The launch digest in hex. */
  public static Answer digest(Digest digest) {
    return new Answer(ExitStatus.DONE, digest.launchDigest().hex(), json(digest));
  }

  /** The measurement of one launch in base64. */
  public static Answer measurement(Digest digest, Measurement measurement) {
    return new Answer(ExitStatus.DONE, measurement.blob().base64(), json(digest, measurement));
  }

  /** The verdict on a measurement that was reported and is the expected one. */
  public static Answer same(Digest digest, Measurement expected) {
    var check =
        new Check(
            Code.MEASUREMENT,
            Stage.MEASUREMENT,
            "launch measurement",
            Outcome.PASS,
            digest.launchDigest().hex(),
            "launch digest " + digest.launchDigest().hex());
    return compared(ExitStatus.DONE, "PASS", digest, expected, check, "");
  }

  /**
   * The verdict on one that is not.
   *
   * @param reported measure and nonce, 48 bytes
   */
  public static Answer differs(
      Digest digest, Measurement expected, Bytes reported, Finding finding) {
    var check =
        new Check(
            Code.MEASUREMENT,
            Stage.MEASUREMENT,
            "launch measurement",
            Outcome.FAIL,
            "launch digest " + digest.launchDigest().hex(),
            "a MAC of something else: " + reported.slice(0, 32).hex());
    var answer =
        compared(
            ExitStatus.REFUSED,
            "REFUSED",
            digest,
            expected,
            check,
            "\n\n"
                + DifferenceReport.text(finding, hashes(digest))
                + "\nnext: \"remit explain "
                + check.code().id()
                + '"');
    answer.json().set("difference", DifferenceReport.json(finding));
    return answer;
  }

  private static Answer compared(
      ExitStatus status,
      String word,
      Digest digest,
      Measurement expected,
      Check check,
      String rest) {
    var checks = List.of(check);
    var json = json(digest, expected);
    json.put("verdict", word);
    json.set("checks", CheckTable.json(checks));
    return new Answer(
        status,
        "measurement: %s (%s, %s)\n\n%s%s"
            .formatted(
                word,
                digest.protection().title(),
                CheckTable.count(checks),
                CheckTable.text(checks),
                rest),
        json);
  }

  private static Map<String, Bytes> hashes(Digest digest) {
    var hashes = new LinkedHashMap<String, Bytes>();
    digest
        .steps()
        .ifPresentOrElse(
            steps -> {
              hashes.put("firmware", steps.firmware());
              steps
                  .kernelHashes()
                  .ifPresent(kernel -> {
                    hashes.put("kernel", kernel.kernel());
                    hashes.put("initrd", kernel.initrd());
                  });
            },
            () -> hashes.put("all of it", digest.launchDigest()));
    return hashes;
  }

  private static ObjectNode json(Digest digest, Measurement measurement) {
    var json = json(digest);
    json.put("api", measurement.firmware().api().toString());
    json.put("build", measurement.firmware().build());
    var policy = json.putObject("guestPolicy");
    policy.put("hex", measurement.policy().toString());
    policy.put("decimal", Integer.toUnsignedLong(measurement.policy().bits()));
    json.put("measurement", measurement.blob().base64());
    return json;
  }

  private static ObjectNode json(Digest digest) {
    var json = Json.of("remit.measure/1");
    json.put("protection", digest.protection().id());
    digest.steps().ifPresent(steps -> json.setAll(PlanDocument.expectation(steps)));
    json.put("launchDigest", digest.launchDigest().hex());
    json.set("given", Given.json(digest.given()));
    return json;
  }
}
