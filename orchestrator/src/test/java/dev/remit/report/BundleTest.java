package dev.remit.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.remit.bytes.Bytes;
import dev.remit.bytes.MalformedException;
import dev.remit.bytes.Sample;
import dev.remit.diagnostic.Code;
import dev.remit.endorsement.FakeAmd;
import dev.remit.endorsement.SevChainProver;
import dev.remit.launch.LaunchReport;
import dev.remit.measurement.Sha256;
import dev.remit.plan.PlanFixtures;
import dev.remit.trust.Appraiser;
import dev.remit.trust.Assessment;
import dev.remit.trust.Check;
import dev.remit.trust.Outcome;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

final class BundleTest {
  @Test
  void canBeReadHoweverMuchTheHostInvents() throws MalformedException {
    var launch = Samples.flooded();
    assertThat(launch.contradictions()).hasSize(40);
    assertThat(launch.verdict().checks())
        .extracting(Check::actual)
        .anySatisfy(actual -> assertThat(actual).endsWith("; and 37 more"));
    var bundle = Bundle.write(launch);
    assertThat(bundle.size()).isLessThan(Bundle.LARGEST / 10);
    assertThat(Bundle.read(bundle).started()).isTrue();
  }

  private static final Bytes WRITTEN = Bundle.write(Samples.trusted());

  @Test
  void tellsWhatItWasTold() throws MalformedException {
    var launch = Samples.trusted();
    var bundle = Bundle.read(Bundle.write(launch));
    assertThat(bundle.simulated()).isTrue();
    assertThat(bundle.policy()).isEqualTo(launch.plan().policy());
    assertThat(bundle.chain().raw()).isEqualTo(launch.plan().chain().raw());
    assertThat(bundle.reported()).isPresent();
  }

  @Test
  void hasNoSecretInIt() {
    assertThat(text(WRITTEN))
        .doesNotContain(
            PlanFixtures.DISK_KEY.base64(), PlanFixtures.DISK_KEY.hex(), "password", "session>");
  }

  @Test
  void isUndecidedWhenATrustedLaunchIsJudgedAgain() throws MalformedException {
    assertThat(again(WRITTEN)).isInstanceOf(Assessment.Undecided.class);
  }

  @Test
  void isUndecidedWhenALaunchIsJudgedAgainWhoseMacDidNotHold() throws MalformedException {
    assertThat(again(Samples.refused())).isInstanceOf(Assessment.Undecided.class);
  }

  @Test
  void isRefusedWhenALaunchIsJudgedAgainThatMeasuredNothing() throws MalformedException {
    assertThat(again(Samples.notMeasured())).isInstanceOf(Assessment.Refused.class);
  }

  @Test
  void isUndecidedWhenALaunchIsJudgedAgainThatWasNotStarted() throws MalformedException {
    assertThat(again(Samples.undecided())).isInstanceOf(Assessment.Undecided.class);
  }

  @Test
  void isRefusedWhereTheReportedPolicyWasChanged() throws MalformedException {
    var assessment =
        again(edited(json -> ((ObjectNode) json.path("presented")).put("policy", 0x3301_0003)));
    assertThat(assessment.checks())
        .filteredOn(check -> check.outcome() == Outcome.FAIL)
        .extracting(Check::code)
        .containsExactly(Code.POLICY_DIFFERS);
  }

  @Test
  void isRefusedWhereTheReportedFirmwareIsOld() throws MalformedException {
    assertThat(again(edited(json -> ((ObjectNode) json.path("presented")).put("apiMinor", 1))))
        .isInstanceOf(Assessment.Refused.class);
  }

  @Test
  void doesNotRepeatAStoredVerdict() throws MalformedException {
    var blessed =
        edited(json -> {
          ((ObjectNode) json.path("presented")).put("apiMinor", 1);
          ((ObjectNode) json.path("verdict")).put("verdict", "TRUSTED");
        });
    assertThat(again(blessed)).isInstanceOf(Assessment.Refused.class);
  }

  @Test
  void isMalformedWhereAnyMemberOfItsPlanWasChanged() {
    for (String member : List.of("name", "trust", "identity", "endorsement", "domain", "digest")) {
      var changed = edited(json -> ((ObjectNode) json.path("plan")).put(member, "x"));
      assertMalformed(changed);
      assertMalformed(edited(json -> ((ObjectNode) json.path("plan")).remove(member)));
    }
  }

  /** Somebody who changes a plan can compute its digest too. */
  @Test
  void isRefusedWhereThePlanWasChangedAndItsDigestWithIt() throws MalformedException {
    var stricter = replanned(plan -> ((ObjectNode) plan.path("trust")).put("minApi", "1.56"));
    assertThat(again(stricter)).isInstanceOf(Assessment.Refused.class);
    var otherChain =
        replanned(plan ->
            ((ObjectNode) plan.path("endorsement"))
                .put(
                    "chain",
                    Bytes.concat(
                            FakeAmd.believed().platform(1).pdh(),
                            PlanFixtures.platform().certChain())
                        .base64()));
    assertThat(again(otherChain)).isInstanceOf(Assessment.Refused.class);
  }

  @Test
  void showsTheWordsOfAStrangerEscaped() throws MalformedException {
    var hostile =
        replanned(plan -> {
          var trust = (ObjectNode) plan.path("trust");
          ((ObjectNode) trust.path("launchDigests")).put("\u001b[2J", "5a".repeat(32));
          ((ObjectNode) trust.path("acknowledged").path(0))
              .put("risk", "\u009b2J")
              .put("reason", "\u202e");
        });
    var answer = VerdictReport.of("x", true, again(hostile));
    assertThat(answer.text().chars()).allMatch(c -> c == '\n' || (c >= ' ' && c < 0x7f));
  }

  /** Every value of a bundle in turn becomes something else: read or malformed, nothing else. */
  @Test
  void isReadOrMalformedWhateverStandsInAnyPlace() {
    var places = new ArrayList<String>();
    collect(parsed(WRITTEN), "", places);
    assertThat(places).hasSizeGreaterThan(100);
    int read = 0;
    for (String place : places) {
      for (var replace : REPLACEMENTS) {
        read +=
            isRead(
                    edited(json -> {
                      int cut = place.lastIndexOf('/');
                      var parent = json.at(place.substring(0, cut));
                      if (parent instanceof ObjectNode object) {
                        replace.accept(object, place.substring(cut + 1));
                      }
                      resign(json);
                    }))
                ? 1
                : 0;
      }
    }
    assertThat(read).isPositive();
  }

  @Test
  void isReadOrMalformedWhicheverByteIsTurned() {
    for (int at = 0; at < WRITTEN.size(); at += 5) {
      isRead(Sample.flipped(WRITTEN, 8 * at + at % 7));
    }
  }

  @Test
  void isMalformedWhereverItIsCut() {
    for (int size = 0; size < WRITTEN.size() - 2; size += 37) {
      assertMalformed(WRITTEN.slice(0, size));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "null",
        "[]",
        "1",
        "\"remit.bundle/1\"",
        "{}",
        "{\"schema\":\"remit.bundle/2\"}",
        "{\"schema\":1}",
        "{\"schema\":\"remit.bundle/1\"}",
        "{\"schema\":\"remit.bundle/1\",\"schema\":\"remit.bundle/1\"}",
        "{\"schema\":\"remit.bundle/1\",\"plan\":[]}",
        "{\"schema\":\"remit.bundle/1\",\"plan\":{}}",
        "{\"schema\":\"remit.bundle/1\",\"plan\":{\"digest\":{}}}"
      })
  void isMalformedWhereItIsNone(String text) {
    assertMalformed(bytes(text));
  }

  @Test
  void isMalformedWhereItIsNestedDeeplyOrFollowedByMore() {
    assertMalformed(bytes("{\"schema\":\"remit.bundle/1\",\"plan\":" + "[".repeat(1_000_000)));
    assertMalformed(bytes("{\"a\":".repeat(1_000_000)));
    assertMalformed(bytes("{\"schema\":\"remit.bundle/1\",\"x\":" + "9".repeat(1_000_000) + "}"));
    assertMalformed(Bytes.concat(WRITTEN, bytes("{}")));
  }

  private static final List<BiConsumer<ObjectNode, String>> REPLACEMENTS =
      List.of(
          ObjectNode::remove,
          ObjectNode::putNull,
          (json, name) -> json.put(name, ""),
          (json, name) -> json.put(name, "ä€\u0000"),
          (json, name) -> json.put(name, -1),
          (json, name) -> json.put(name, Long.MAX_VALUE),
          (json, name) -> json.put(name, 1.5),
          (json, name) -> json.put(name, true),
          ObjectNode::putArray,
          (json, name) -> json.putArray(name).add(1),
          ObjectNode::putObject,
          (json, name) -> json.putObject(name).put("x", 1));

  private static void collect(JsonNode node, String at, List<String> places) {
    if (!at.isEmpty()) {
      places.add(at);
    }
    if (node instanceof ObjectNode object) {
      object.propertyNames().forEach(name -> collect(object.path(name), at + "/" + name, places));
    } else if (node.isArray()) {
      for (int index = 0; index < node.size(); index++) {
        collect(node.path(index), at + "/" + index, places);
      }
    }
  }

  private static boolean isRead(Bytes content) {
    try {
      Bundle.read(content);
      return true;
    } catch (MalformedException malformed) {
      return false;
    }
  }

  private static Assessment again(LaunchReport launch) throws MalformedException {
    return again(Bundle.write(launch));
  }

  private static Assessment again(Bytes content) throws MalformedException {
    var bundle = Bundle.read(content);
    var endorsements = SevChainProver.prove(bundle.chain(), FakeAmd.believed().anchors());
    return bundle
        .reported()
        .map(reported -> Appraiser.assessAgain(bundle.policy(), reported, endorsements))
        .orElseGet(() ->
            bundle.started()
                ? Appraiser.assessWithoutEvidence(bundle.policy(), endorsements)
                : Appraiser.assessNotStarted(bundle.policy(), endorsements));
  }

  private static void assertMalformed(Bytes content) {
    assertThatExceptionOfType(MalformedException.class).isThrownBy(() -> Bundle.read(content));
  }

  private static Bytes replanned(Consumer<ObjectNode> change) {
    return edited(json -> {
      change.accept((ObjectNode) json.path("plan"));
      resign(json);
    });
  }

  /** Gives a plan the digest that fits it. */
  private static void resign(ObjectNode bundle) {
    if (bundle.path("plan") instanceof ObjectNode plan) {
      plan.remove("digest");
      var text = JsonMapper.builder().build().writeValueAsString(plan);
      plan.put("digest", "sha256:" + Sha256.of(bytes(text)).hex());
    }
  }

  private static Bytes edited(Consumer<ObjectNode> change) {
    var json = parsed(WRITTEN);
    change.accept(json);
    return bytes(json.toString());
  }

  private static ObjectNode parsed(Bytes content) {
    try {
      return Bundle.parse(content);
    } catch (MalformedException e) {
      throw new AssertionError(e);
    }
  }

  private static String text(Bytes content) {
    return new String(content.toArray(), StandardCharsets.UTF_8);
  }

  private static Bytes bytes(String text) {
    return Bytes.copyOf(text.getBytes(StandardCharsets.UTF_8));
  }
}
