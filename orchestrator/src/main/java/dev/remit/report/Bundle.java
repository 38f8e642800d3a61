package dev.remit.report;

import dev.remit.bytes.Bytes;
import dev.remit.bytes.MalformedException;
import dev.remit.diagnostic.HostText;
import dev.remit.endorsement.CekEndorsement;
import dev.remit.endorsement.SevChain;
import dev.remit.endorsement.Voucher;
import dev.remit.evidence.Evidence;
import dev.remit.evidence.Presented;
import dev.remit.evidence.SevLaunchMeasurement;
import dev.remit.launch.LaunchReport;
import dev.remit.plan.PlanDocument;
import dev.remit.platform.ApiVersion;
import dev.remit.platform.ChipId;
import dev.remit.platform.Generation;
import dev.remit.platform.SevPolicy;
import dev.remit.trust.Demand;
import dev.remit.trust.Policy;
import dev.remit.trust.Waiver;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * The evidence bundle: what a launch was planned to be, what the host presented, and what was said
 * of it. The stored verdict is for people; whoever verifies a bundle judges the rest of it again.
 *
 * @param simulated whether the launch said that it was
 * @param claimed the chip that the host said it has
 * @param endorsement the signed CEK that the launch found, on nobody's word but the bundle's
 * @param started whether the host was asked to start anything
 * @param reported empty where the host presented nothing in its format
 */
public record Bundle(
    boolean simulated,
    Policy policy,
    SevChain chain,
    Optional<ChipId> claimed,
    Optional<CekEndorsement> endorsement,
    boolean started,
    Optional<SevLaunchMeasurement> reported) {
  public static final String SCHEMA = "remit.bundle/1";

  /** Bytes. */
  public static final int LARGEST = 4 << 20;

  private static final JsonMapper JSON =
      JsonMapper.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();

  /** The bundle of a launch, without any secret: MAC key and session are gone by now. */
  public static Bytes write(LaunchReport launch) {
    var json = Json.of(SCHEMA);
    json.put("launch", launch.launchId().toString());
    json.put("at", launch.at().toString());
    json.put("simulated", launch.plan().simulated());
    json.set("plan", PlanDocument.withDigest(launch.plan()));
    launch.presented().ifPresent(presented -> json.set("presented", presented(presented)));
    json.set("verdict", VerdictReport.of(launch).json());
    return Bytes.copyOf((Json.print(json) + "\n").getBytes(StandardCharsets.UTF_8));
  }

  private static ObjectNode presented(Presented presented) {
    var json = Json.object();
    switch (presented) {
      case Presented.Nothing nothing -> json.put("form", "nothing");
      case Presented.Malformed malformed -> {
        json.put("form", "malformed");
        json.put("rule", malformed.rule());
      }
      case Presented.Given(Evidence evidence) -> {
        switch (evidence) {
          case SevLaunchMeasurement sev -> {
            json.put("form", "sev-launch-measurement");
            json.put("measurement", sev.blob().base64());
            json.put("apiMajor", sev.firmware().apiMajor());
            json.put("apiMinor", sev.firmware().apiMinor());
            json.put("build", sev.firmware().build());
            json.put("policy", sev.policy().bits());
          }
        }
      }
    }
    return json;
  }

  /** The stored object, for display only. */
  public static ObjectNode parse(Bytes content) throws MalformedException {
    try {
      if (JSON.readTree(content.toArray()) instanceof ObjectNode object
          && object.path("schema").asString("").equals(SCHEMA)) {
        return object;
      }
    } catch (JacksonException cause) {
      throw new MalformedException(0, "a bundle is a JSON object");
    }
    throw new MalformedException(0, "a bundle's first member is its schema, " + SCHEMA);
  }

  /**
   * What can be judged again. All of it but the evidence comes out of the plan, which must be the
   * one that its digest names.
   */
  public static Bundle read(Bytes content) throws MalformedException {
    var json = parse(content);
    try {
      if (!(json.required("plan") instanceof ObjectNode plan) || !PlanDocument.isWhole(plan)) {
        throw new MalformedException(0, "the bundle's plan is not the one that its digest names");
      }
      return new Bundle(
          plan.required("simulated").booleanValue(),
          policy(plan.required("identity").required("guestPolicy"), plan.required("trust")),
          SevChain.parse(
              Bytes.ofBase64(PlanDocument.text(plan.required("endorsement").required("chain")))),
          claimed(plan.required("host")),
          endorsement(plan.required("endorsement").path("cek")),
          json.has("presented"),
          reported(json.path("presented")));
    } catch (JacksonException | IllegalArgumentException | DateTimeException cause) {
      throw new MalformedException(0, "a member of the bundle is missing or of another type");
    }
  }

  private static Optional<ChipId> claimed(JsonNode host) {
    return host.has("chip") ? Optional.of(chip(host.required("chip"))) : Optional.empty();
  }

  private static Optional<CekEndorsement> endorsement(JsonNode cek) throws MalformedException {
    if (cek.isMissingNode()) {
      return Optional.empty();
    }
    return Optional.of(
        CekEndorsement.parse(
            chip(cek.required("chip")),
            Bytes.ofBase64(PlanDocument.text(cek.required("certificate"))),
            new Voucher(Voucher.Kind.EVIDENCE, PlanDocument.text(cek.required("name")))));
  }

  private static ChipId chip(JsonNode node) {
    return new ChipId(Bytes.ofHex(PlanDocument.text(node)));
  }

  /** Whoever gives us a bundle may have written it: its words are shown escaped. */
  private static String shown(JsonNode node) {
    return new HostText(PlanDocument.text(node)).toString();
  }

  private static Policy policy(JsonNode guestPolicy, JsonNode trust) throws MalformedException {
    var digests = new HashMap<String, Bytes>();
    for (var digest : trust.required("launchDigests").properties()) {
      digests.put(
          new HostText(digest.getKey()).toString(),
          Bytes.ofHex(PlanDocument.text(digest.getValue())));
    }
    var waivers = new ArrayList<Waiver>();
    for (var waiver : trust.required("acknowledged")) {
      waivers.add(
          new Waiver(
              shown(waiver.required("risk")),
              shown(waiver.required("reason")),
              LocalDate.parse(PlanDocument.text(waiver.required("until")))));
    }
    return new Policy(
        new Demand.Exactly<>(SevPolicy.fromBits(bits(PlanDocument.text(guestPolicy)))),
        digests,
        machine(trust),
        new Demand.AtLeast<>(ApiVersion.parse(PlanDocument.text(trust.required("minApi")))),
        waivers);
  }

  private static int bits(String text) {
    if (!text.matches("0x[0-9a-f]{8}")) {
      throw new IllegalArgumentException("a guest policy is 0x and eight hex digits");
    }
    return Integer.parseUnsignedInt(text.substring(2), 16);
  }

  private static Policy.Machine machine(JsonNode trust) {
    if (trust.has("chips")) {
      var chips = new HashSet<ChipId>();
      for (var chip : trust.required("chips")) {
        chips.add(chip(chip));
      }
      return new Policy.Machine.OfChip(new Demand.OneOf<>(chips));
    }
    var generations = new HashSet<Generation>();
    for (var generation : trust.required("generations")) {
      generations.add(
          Arrays.stream(Generation.values())
              .filter(known -> known.id().equals(PlanDocument.text(generation)))
              .findFirst()
              .orElseThrow(() -> new IllegalArgumentException("an unknown generation")));
    }
    return new Policy.Machine.OfGeneration(new Demand.OneOf<>(generations));
  }

  private static Optional<SevLaunchMeasurement> reported(JsonNode presented)
      throws MalformedException {
    if (!presented.path("form").asString("").equals("sev-launch-measurement")) {
      return Optional.empty();
    }
    return Optional.of(
        SevLaunchMeasurement.parse(
            Bytes.ofBase64(PlanDocument.text(presented.required("measurement"))),
            presented.required("apiMajor").intValue(),
            presented.required("apiMinor").intValue(),
            presented.required("build").intValue(),
            presented.required("policy").intValue()));
  }
}
