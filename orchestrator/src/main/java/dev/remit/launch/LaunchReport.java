package dev.remit.launch;

import dev.remit.diagnostic.Diagnostic;
import dev.remit.evidence.Presented;
import dev.remit.identity.LaunchId;
import dev.remit.measurement.Neighbours;
import dev.remit.plan.Plan;
import dev.remit.trust.Verdict;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * How a launch came out, with everything that a later reader needs to judge it again.
 *
 * @param running present where the guest was released
 * @param presented empty where the platform was refused before anything was started
 * @param contradictions what the host claims of the live domain and was not sent; good only to
 *     refuse; text of the host is escaped
 * @param difference where the launch measurement differs, which input fits instead
 * @param notDestroyed why what was started and not released may still be there; the next run
 *     destroys it
 */
public record LaunchReport(
    LaunchId launchId,
    Plan plan,
    Instant at,
    Verdict verdict,
    Optional<RunningDomain> running,
    Optional<Presented> presented,
    List<String> contradictions,
    Optional<Neighbours.Finding> difference,
    Optional<Diagnostic> notDestroyed) {
  public LaunchReport {
    contradictions = List.copyOf(contradictions);
  }
}
