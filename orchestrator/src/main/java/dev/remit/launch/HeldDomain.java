package dev.remit.launch;

import dev.remit.bytes.Bytes;
import dev.remit.bytes.MalformedException;
import dev.remit.diagnostic.Code;
import dev.remit.diagnostic.Diagnostic;
import dev.remit.diagnostic.Failure;
import dev.remit.domain.DomainDocument;
import dev.remit.evidence.Presented;
import dev.remit.evidence.SevLaunchMeasurement;
import dev.remit.identity.LaunchId;
import dev.remit.secret.SevLaunchSecret;
import dev.remit.trust.Trusted;

/**
 * A SEV or SEV-ES guest that was started and not resumed: it is proved while paused. Closing one
 * that was not released destroys it, also from another thread while a release is under way.
 *
 * <p>State and journal change together, under the monitor of this object; every call to the host
 * runs outside of it, so that ending it need not wait for one that hangs.
 */
public final class HeldDomain implements AutoCloseable {
  private enum State {
    HELD,
    RELEASING,
    RELEASED,
    ENDED
  }

  private final Hypervisor hypervisor;
  private final Journal journal;
  private final LaunchId launchId;
  private final PausedVm vm;
  private final Object destroying = new Object();
  private State state = State.HELD;
  private boolean destroyTried;

  private HeldDomain(Hypervisor hypervisor, Journal journal, LaunchId launchId, PausedVm vm) {
    this.hypervisor = hypervisor;
    this.journal = journal;
    this.launchId = launchId;
    this.vm = vm;
  }

  /**
   * Starts the domain paused. Where that does not come to its end, it is destroyed; the journal
   * does not say so, because a host whose answer was lost or late may start it yet. So the next run
   * destroys it once more.
   */
  static HeldDomain start(
      Hypervisor hypervisor, Journal journal, LaunchId launchId, DomainDocument document)
      throws Failure {
    try {
      var vm = hypervisor.startPaused(launchId, document);
      journal.append(LaunchEvent.STARTED);
      return new HeldDomain(hypervisor, journal, launchId, vm);
    } catch (Failure | RuntimeException | Error cause) {
      try {
        destroy(hypervisor, launchId);
      } catch (Failure | RuntimeException second) {
        cause.addSuppressed(second);
      }
      throw cause;
    }
  }

  /** Whoever reads of a failure must not have to guess what it left. */
  private static void destroy(Hypervisor hypervisor, LaunchId launchId) throws Failure {
    try {
      hypervisor.destroy(launchId);
    } catch (Failure failure) {
      var met = failure.diagnostic();
      throw new Failure(
          Diagnostic.of(
              met.code(),
              met.what(),
              met.why(),
              "the guest may still be there, and the next run destroys it: see that the host is"
                  + " well, then run \"remit list\""),
          failure);
    }
  }

  /** The evidence as the host gives it, parsed. */
  Presented presented() throws Failure {
    var claimed = vm.measurement();
    if (claimed.isEmpty()) {
      return new Presented.Nothing();
    }
    try {
      return new Presented.Given(parse(claimed.get()));
    } catch (MalformedException malformed) {
      return new Presented.Malformed(String.valueOf(malformed.getMessage()));
    }
  }

  private static SevLaunchMeasurement parse(PausedVm.ClaimedMeasurement claimed)
      throws MalformedException {
    Bytes blob;
    try {
      blob = Bytes.ofBase64(claimed.measurementBase64());
    } catch (IllegalArgumentException notBase64) {
      throw new MalformedException(0, "a launch measurement is canonical base64");
    }
    if (claimed.policy() >>> 32 != 0) {
      throw new MalformedException(0, "a guest policy has 32 bits");
    }
    return SevLaunchMeasurement.parse(
        blob,
        oneByte(claimed.apiMajor()),
        oneByte(claimed.apiMinor()),
        oneByte(claimed.buildId()),
        (int) claimed.policy());
  }

  private static int oneByte(long value) throws MalformedException {
    if (value >>> 8 != 0) {
      throw new MalformedException(0, "a firmware version is three numbers from 0 to 255");
    }
    return (int) value;
  }

  /** What the host says the domain is: a claim, good only to refuse. */
  String liveDocument() throws Failure {
    return vm.liveDocument();
  }

  /** Writes down what happened; after the end of the domain nothing happens any more. */
  synchronized void record(LaunchEvent event) throws Failure {
    if (state == State.ENDED) {
      throw interrupted();
    }
    journal.append(event);
  }

  /**
   * Hands the secret over and lets the guest run. A failure on the way leaves it to {@link
   * #close()} to destroy the domain, because the secret may have arrived.
   */
  RunningDomain release(Trusted verdict, SevLaunchSecret secret) throws Failure {
    if (!verdict.launchId().equals(launchId) || !secret.launchId().equals(launchId)) {
      throw new IllegalStateException("verdict and secret are of another launch");
    }
    beginRelease();
    inject(secret);
    record(LaunchEvent.INJECTED);
    vm.resume();
    endRelease();
    return new RunningDomain(launchId);
  }

  /**
   * QEMU takes a second secret, and libvirt only looks whether the domain is paused: what may have
   * arrived is not sent again.
   */
  private void inject(SevLaunchSecret secret) throws Failure {
    try {
      vm.inject(secret);
    } catch (Failure failure) {
      throw saysThatNothingArrived(failure) ? failure : ambiguous(failure);
    }
  }

  /** The firmware opens a packet wholly or not at all. */
  private static boolean saysThatNothingArrived(Failure failure) {
    return failure.diagnostic().code() == Code.FIRMWARE_REFUSED;
  }

  private static Failure ambiguous(Failure cause) {
    var met = cause.diagnostic();
    return new Failure(
        Diagnostic.of(
            Code.AMBIGUOUS_INJECTION,
            "it is unknown whether the secret arrived; the guest is destroyed and never resumed",
            "%s: %s; %s".formatted(met.code().id(), met.what(), met.why()),
            "find the cause, then launch again: the new launch has a new session"),
        cause);
  }

  private synchronized void beginRelease() throws Failure {
    switch (state) {
      case HELD -> {
        journal.append(LaunchEvent.INJECTING);
        state = State.RELEASING;
      }
      case RELEASING, RELEASED ->
          throw new IllegalStateException("a launch is released once, and this is " + state);
      case ENDED -> throw interrupted();
    }
  }

  private synchronized void endRelease() throws Failure {
    record(LaunchEvent.RELEASED);
    state = State.RELEASED;
  }

  /** Only another thread can have closed what this one still works on. */
  private static Failure interrupted() {
    return new Failure(
        Diagnostic.of(
            Code.INTERRUPTED,
            "the launch was interrupted before its guest was released",
            "whatever was started is destroyed now or by the next run",
            "launch it again"));
  }

  /** Lets nothing happen any more but the destroy; false where the guest was released before. */
  synchronized boolean end() {
    if (state != State.RELEASED) {
      state = State.ENDED;
    }
    return state == State.ENDED;
  }

  /**
   * Destroys what was not released, or waits while another thread does. Where that fails, the
   * journal lets the next run do it.
   */
  @Override
  public void close() throws Failure {
    boolean toDestroy = end();
    synchronized (destroying) {
      if (toDestroy && !destroyTried) {
        destroyTried = true;
        destroy(hypervisor, launchId);
        journal.append(LaunchEvent.DESTROYED);
      }
    }
  }
}
