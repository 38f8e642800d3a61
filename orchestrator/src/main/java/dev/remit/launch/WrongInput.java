package dev.remit.launch;

import dev.remit.evidence.Evidence;
import dev.remit.evidence.Presented;
import dev.remit.evidence.SevLaunchMeasurement;
import dev.remit.identity.Challenge;
import dev.remit.measurement.Neighbours;
import dev.remit.measurement.Neighbours.Finding;
import dev.remit.measurement.SevExpectation.Candidate;
import dev.remit.measurement.VmsaFlavour;
import dev.remit.plan.Plan;
import dev.remit.spec.FirmwareManifest;
import java.util.Optional;
import java.util.Set;

/**
 * What a refused host seems to have started instead. Told to the owner and to nobody else, and no
 * part of any verdict.
 */
final class WrongInput {
  private WrongInput() {}

  /** Empty where there is no measurement; the one that there is must differ. */
  static Optional<Finding> of(Challenge challenge, Plan plan, Presented presented) {
    return switch (presented) {
      case Presented.Nothing nothing -> Optional.empty();
      case Presented.Malformed malformed -> Optional.empty();
      case Presented.Given(Evidence evidence) ->
          switch (evidence) {
            case SevLaunchMeasurement reported -> Optional.of(of(challenge, plan, reported));
          };
    };
  }

  private static Finding of(Challenge challenge, Plan plan, SevLaunchMeasurement reported) {
    return Neighbours.search(
        question(plan, reported), challenge.session().tik(), FirmwareManifest.builtIn());
  }

  private static Neighbours.Question question(Plan plan, SevLaunchMeasurement reported) {
    return new Neighbours.Question(
        plan.inputs().expectation().candidates().stream().map(Candidate::launchDigest).toList(),
        Optional.of(plan.inputs().recipe()),
        Optional.of(plan.spec().boot().cmdline()),
        Set.of(VmsaFlavour.values()),
        plan.spec().tee().policy(),
        reported.firmware(),
        reported.policy(),
        reported.nonce(),
        reported.measure());
  }
}
