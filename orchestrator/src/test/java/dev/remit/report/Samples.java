package dev.remit.report;

import dev.remit.bytes.Bytes;
import dev.remit.diagnostic.Failure;
import dev.remit.endorsement.FakeSource;
import dev.remit.endorsement.SevEndorser;
import dev.remit.identity.FakeEntropy;
import dev.remit.identity.LaunchId;
import dev.remit.launch.FakeHypervisor;
import dev.remit.launch.FakeJournals;
import dev.remit.launch.LaunchReport;
import dev.remit.launch.Launcher;
import dev.remit.plan.HostFacts;
import dev.remit.plan.Plan;
import dev.remit.plan.PlanFixtures;
import dev.remit.platform.ChipId;
import dev.remit.platform.Protection;
import dev.remit.spec.Spec;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/** Launches that came out as they should, and such that did not. */
public final class Samples {
  private Samples() {}

  public static LaunchReport trusted() {
    return launch(honest(), PlanFixtures.plan(Protection.SEV));
  }

  /** The host started something else, and added a device with a name that a terminal obeys. */
  public static LaunchReport refused() {
    return launch(
        new FakeHypervisor(PlanFixtures.platform(), Bytes.ofHex("77".repeat(32)))
            .living(document ->
                document.replace("</devices>", "<channel type=\"\u009bpty\"/></devices>")),
        PlanFixtures.plan(Protection.SEV));
  }

  /** The host measured nothing, and does not destroy what it started. */
  public static LaunchReport notDestroyed() {
    return launch(
        honest()
            .claiming(measurement -> Optional.empty())
            .before(
                FakeHypervisor.Call.DESTROY,
                () -> {
                  throw FakeHypervisor.failure();
                }),
        PlanFixtures.plan(Protection.SEV));
  }

  /** The host invents as much as it can of a live document. */
  public static LaunchReport flooded() {
    var devices = new StringBuilder();
    for (int i = 0; i < 30; i++) {
      devices.append(
          "<x%d %s=\"%s\"/>".formatted(i, "n".repeat(900), "\udbff\udfff".repeat(2_000)));
    }
    return launch(
        honest().living(document -> document.replace("</devices>", devices + "</devices>")),
        PlanFixtures.plan(Protection.SEV));
  }

  public static LaunchReport notMeasured() {
    return launch(
        honest().claiming(measurement -> Optional.empty()), PlanFixtures.plan(Protection.SEV));
  }

  public static LaunchReport undecided() {
    var platform = PlanFixtures.platform();
    HostFacts unsigned = PlanFixtures.facts(platform.pdh(), platform.unsignedCertChain());
    return launch(
        honest(),
        PlanFixtures.plan(PlanFixtures.spec(Protection.SEV), PlanFixtures.host(), unsigned));
  }

  /**
   * A host that hands out no signature of its vendor, and a key server; the owner names a chip.
   *
   * @param claimed what the host says it has
   */
  public static LaunchReport endorsed(ChipId claimed, ChipId named, FakeSource server) {
    return launch(honest(), endorsedPlan(claimed, named, server));
  }

  /** The plan of that launch. */
  public static Plan endorsedPlan(ChipId claimed, ChipId named, FakeSource server) {
    var platform = PlanFixtures.platform();
    var facts = PlanFixtures.facts(platform.pdh(), platform.unsignedCertChain());
    var spec =
        PlanFixtures.with(
            PlanFixtures.spec(Protection.SEV), new Spec.TrustDemand(Set.of(), List.of(named)));
    return PlanFixtures.plan(
        spec,
        PlanFixtures.host(),
        PlanFixtures.telling(facts, claimed),
        new SevEndorser(List.of(), anchors -> server, fetched -> {}, line -> {}));
  }

  private static FakeHypervisor honest() {
    return new FakeHypervisor(PlanFixtures.platform(), PlanFixtures.LAUNCH_DIGEST);
  }

  private static LaunchReport launch(FakeHypervisor host, Plan plan) {
    try {
      return new Launcher(
              host,
              new FakeJournals(),
              PlanFixtures.files(),
              FakeEntropy.seeded(7),
              InstantSource.fixed(Instant.parse("2026-11-23T12:00:00Z")),
              stage -> {})
          .launch(new LaunchId(new UUID(0x1111, 0x2222)), plan);
    } catch (Failure failure) {
      throw new AssertionError(failure);
    }
  }
}
