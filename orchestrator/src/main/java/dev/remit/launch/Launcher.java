package dev.remit.launch;

import dev.remit.diagnostic.Code;
import dev.remit.diagnostic.Diagnostic;
import dev.remit.diagnostic.Failure;
import dev.remit.domain.Difference;
import dev.remit.domain.DomainDocument;
import dev.remit.domain.DomainDocuments;
import dev.remit.domain.DomainRequest;
import dev.remit.domain.LiveDomain;
import dev.remit.endorsement.SevChainProof;
import dev.remit.evidence.Presented;
import dev.remit.identity.Challenge;
import dev.remit.identity.Entropy;
import dev.remit.identity.LaunchId;
import dev.remit.identity.SevSession;
import dev.remit.measurement.Neighbours;
import dev.remit.plan.LeakSearch;
import dev.remit.plan.Plan;
import dev.remit.secret.SecretEntry;
import dev.remit.secret.SecretSource;
import dev.remit.secret.SevSecretSealer;
import dev.remit.trust.Appraiser;
import dev.remit.trust.Check;
import dev.remit.trust.Outcome;
import dev.remit.trust.Stage;
import dev.remit.trust.Trusted;
import dev.remit.trust.Verdict;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Takes a plan to a running guest that was proved, or to nothing. */
public final class Launcher {
  /** A host can invent any number of them, and a report has all that it is told. */
  private static final int MOST_EXPOSED = 20;

  private final Hypervisor hypervisor;
  private final Journals journals;
  private final SecretSource secrets;
  private final Entropy entropy;
  private final InstantSource clock;
  private final Progress progress;
  private final ReentrantLock launching = new ReentrantLock();
  private final AtomicReference<@Nullable HeldDomain> underWay = new AtomicReference<>();
  private volatile boolean interrupted;

  public Launcher(
      Hypervisor hypervisor,
      Journals journals,
      SecretSource secrets,
      Entropy entropy,
      InstantSource clock,
      Progress progress) {
    this.hypervisor = hypervisor;
    this.journals = journals;
    this.secrets = secrets;
    this.entropy = entropy;
    this.clock = clock;
    this.progress = progress;
  }

  /** As the other, for those who have not reserved the name before. */
  public LaunchReport launch(LaunchId launchId, Plan plan) throws Failure {
    String name = plan.spec().name();
    String uri = plan.host().uri();
    var reserved = journals.reserve(name, uri);
    if (reserved.isEmpty()) {
      throw Launches.underWay(journals, name, uri);
    }
    try (var reservation = reserved.get()) {
      return launch(reservation, launchId, plan);
    }
  }

  /**
   * Refuses, stays undecided or releases; whatever was started and not released is destroyed. Does
   * nothing where a launch of this name runs.
   */
  public LaunchReport launch(Journals.Reservation reservation, LaunchId launchId, Plan plan)
      throws Failure {
    if (!reservation.name().equals(plan.spec().name())
        || !reservation.uri().equals(plan.host().uri())) {
      throw new IllegalStateException("the reservation is of another name or host");
    }
    new Launches(journals, hypervisor, reservation.uri())
        .requireFree(reservation.name(), plan.digest());
    var early = Appraiser.beforeStart(launchId, plan.policy(), plan.endorsements());
    if (early.isPresent()) {
      return stopped(
          launchId,
          plan,
          early.get(),
          Optional.empty(),
          List.of(),
          Optional.empty(),
          Optional.empty());
    }
    launching.lock();
    try {
      refuseWhereInterrupted(plan);
      return launchOnProvenPlatform(launchId, plan);
    } catch (Failure failure) {
      throw interrupted ? interruption(plan, failure) : failure;
    } finally {
      launching.unlock();
    }
  }

  private LaunchReport launchOnProvenPlatform(LaunchId launchId, Plan plan) throws Failure {
    try (var values = Secrets.read(plan.spec().secrets(), plan.inputs(), secrets);
        var session =
            SevSession.create(
                proven(plan).platform(), plan.policy().guestPolicy().value(), entropy)) {
      return launch(plan, new Challenge(launchId, session), values.entries());
    }
  }

  private LaunchReport launch(Plan plan, Challenge challenge, List<SecretEntry> values)
      throws Failure {
    var launchId = challenge.launchId();
    var document =
        DomainDocuments.write(
            plan.domain(),
            new DomainRequest.SevLaunchFields(
                launchId.value(),
                challenge.session().godh().base64(),
                challenge.session().blob().base64()));
    progress.stage("starting the domain, paused");
    try (var journal = journals.begin(intent(launchId, plan));
        var held = HeldDomain.start(hypervisor, journal, launchId, document)) {
      underWay.set(held);
      refuseWhereInterrupted(plan);
      progress.stage("fetching the launch measurement");
      var presented = held.presented();
      held.record(LaunchEvent.MEASURED);
      var contradictions = contradictions(plan, document, held.liveDocument());
      var verdict =
          withHostClaims(
              Appraiser.appraise(challenge, plan.policy(), presented, proven(plan)),
              contradictions);
      held.record(event(verdict));
      progress.judged(
          stopped(
              launchId,
              plan,
              verdict,
              Optional.of(presented),
              contradictions,
              Optional.empty(),
              Optional.empty()));
      return switch (verdict) {
        case Trusted trusted -> {
          progress.stage("handing over the secret");
          var sealed = SevSecretSealer.seal(values, challenge, trusted, entropy);
          var running = held.release(trusted, sealed);
          yield new LaunchReport(
              launchId,
              plan,
              clock.instant(),
              trusted,
              Optional.of(running),
              Optional.of(presented),
              contradictions,
              Optional.empty(),
              Optional.empty());
        }
        case Verdict.Refused refused -> {
          // Before anybody asks why: the search takes time, and the domain is not to be trusted.
          var notDestroyed = destroy(held);
          yield stopped(
              launchId,
              plan,
              refused,
              Optional.of(presented),
              contradictions,
              wrongInput(challenge, plan, presented, refused),
              notDestroyed);
        }
        case Verdict.Undecided undecided ->
            stopped(
                launchId,
                plan,
                undecided,
                Optional.of(presented),
                contradictions,
                Optional.empty(),
                destroy(held));
      };
    } finally {
      underWay.set(null);
    }
  }

  private Optional<Neighbours.Finding> wrongInput(
      Challenge challenge, Plan plan, Presented presented, Verdict.Refused refused) {
    boolean differs =
        refused.checks().stream()
            .anyMatch(check -> check.code() == Code.MEASUREMENT && check.outcome() == Outcome.FAIL);
    if (!differs) {
      return Optional.empty();
    }
    progress.stage("looking for the input that the host changed");
    return WrongInput.of(challenge, plan, presented);
  }

  /** A host that does not let go of the domain must not get rid of the verdict on it. */
  private static Optional<Diagnostic> destroy(HeldDomain held) {
    try {
      held.close();
      return Optional.empty();
    } catch (Failure failure) {
      return Optional.of(failure.diagnostic());
    }
  }

  /**
   * Stops a launch that is under way, from another thread: destroys its domain unless it was
   * released, and waits for its end. This launcher starts nothing any more.
   *
   * @return whether the launch came to rest within the given time
   */
  public boolean interrupt(Duration patience) throws Failure {
    interrupted = true;
    var held = underWay.get();
    if (held != null) {
      held.end();
    }
    var rest = new FutureTask<>(() -> comeToRest(held));
    Thread.ofPlatform().daemon().name("launch-interrupted").start(rest);
    try {
      return rest.get(patience.toNanos(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException tooLong) {
      return false;
    } catch (InterruptedException again) {
      Thread.currentThread().interrupt();
      return false;
    } catch (ExecutionException thrown) {
      if (thrown.getCause() instanceof Failure failure) {
        throw failure;
      }
      throw new IllegalStateException(thrown);
    }
  }

  private boolean comeToRest(@Nullable HeldDomain held) throws Failure {
    if (held != null) {
      held.close();
    }
    launching.lock();
    try {
      return true;
    } finally {
      launching.unlock();
    }
  }

  private void refuseWhereInterrupted(Plan plan) throws Failure {
    if (interrupted) {
      throw interruption(plan, null);
    }
  }

  /** A call to the host that fails because its domain is destroyed meanwhile is no news. */
  private static Failure interruption(Plan plan, @Nullable Failure met) {
    var interruption =
        new Failure(
            Diagnostic.of(
                Code.INTERRUPTED,
                "the launch of " + plan.spec().name() + " was interrupted",
                "whatever was started is destroyed now or by the next run",
                "launch it again"));
    if (met != null) {
      List.of(met.getSuppressed()).forEach(interruption::addSuppressed);
    }
    return interruption;
  }

  private LaunchReport stopped(
      LaunchId launchId,
      Plan plan,
      Verdict verdict,
      Optional<Presented> presented,
      List<String> contradictions,
      Optional<Neighbours.Finding> difference,
      Optional<Diagnostic> notDestroyed) {
    return new LaunchReport(
        launchId,
        plan,
        clock.instant(),
        verdict,
        Optional.empty(),
        presented,
        contradictions,
        difference,
        notDestroyed);
  }

  private Journals.Intent intent(LaunchId launchId, Plan plan) {
    return new Journals.Intent(
        launchId,
        plan.spec().name(),
        plan.host().uri(),
        plan.spec().tee().protection(),
        plan.simulated(),
        clock.instant(),
        Optional.of(Journals.Origin.of(plan)));
  }

  private static SevChainProof.Proven proven(Plan plan) {
    return switch (plan.endorsements()) {
      case SevChainProof.Proven proven -> proven;
      case SevChainProof.Broken broken -> throw unproven();
      case SevChainProof.Incomplete incomplete -> throw unproven();
      case SevChainProof.NotPinned notPinned -> throw unproven();
      case SevChainProof.OtherChip other -> throw unproven();
    };
  }

  private static IllegalStateException unproven() {
    return new IllegalStateException("a platform that was not proved came past the first verdict");
  }

  private static List<String> contradictions(Plan plan, DomainDocument sent, String live) {
    return switch (LiveDomain.compare(sent, live)) {
      case LiveDomain.Unreadable unreadable ->
          List.of("the live document is unreadable: " + unreadable.reason());
      case LiveDomain.Same same -> exposed(plan, live);
      case LiveDomain.Differs differs ->
          Stream.concat(
                  differs.differences().stream().map(Difference::toString),
                  exposed(plan, live).stream())
              .toList();
    };
  }

  /** The rules once more: what libvirt may add by itself must open no door either. */
  private static List<String> exposed(Plan plan, String live) {
    return LeakSearch.problemsOfLiveDomain(plan.spec(), live).stream()
        .limit(MOST_EXPOSED)
        .map(Diagnostic::what)
        .toList();
  }

  /** A claim of the host can take trust away; it never adds any. */
  private static Verdict withHostClaims(Verdict verdict, List<String> contradictions) {
    if (contradictions.isEmpty()) {
      return verdict;
    }
    var checks = new ArrayList<>(verdict.checks());
    checks.add(
        new Check(
            Code.DOMAIN_DIFFERS,
            Stage.TRUST,
            "live domain",
            Outcome.FAIL,
            "the document that was sent",
            someOf(contradictions)));
    return new Verdict.Refused(verdict.launchId(), checks);
  }

  /** The report has them all; in a line of a table a few are enough. */
  private static String someOf(List<String> contradictions) {
    int shown = Math.min(contradictions.size(), 3);
    int more = contradictions.size() - shown;
    return String.join("; ", contradictions.subList(0, shown))
        + (more == 0 ? "" : "; and " + more + " more");
  }

  private static LaunchEvent event(Verdict verdict) {
    return switch (verdict) {
      case Trusted trusted -> LaunchEvent.TRUSTED;
      case Verdict.Refused refused -> LaunchEvent.REFUSED;
      case Verdict.Undecided undecided -> LaunchEvent.UNDECIDED;
    };
  }
}
