package dev.remit.launch;

import dev.remit.bytes.Bytes;
import dev.remit.bytes.SecretBytes;
import dev.remit.diagnostic.Code;
import dev.remit.diagnostic.Diagnostic;
import dev.remit.diagnostic.Failure;
import dev.remit.domain.DomainDocument;
import dev.remit.endorsement.FakeFirmware;
import dev.remit.endorsement.FakePlatform;
import dev.remit.identity.Entropy;
import dev.remit.identity.FakeEntropy;
import dev.remit.identity.LaunchId;
import dev.remit.secret.SevLaunchSecret;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A host, a disk and a clock of which one misbehaves at one moment. What truly happens stands in
 * the history, and is kept apart from what is answered.
 */
final class FaultyWorld {
  /** The process does nothing any more, not even clean up. */
  static final class Killed extends Error {
    private static final long serialVersionUID = 1;
  }

  private static final Instant BEGIN = Instant.parse("2026-11-23T12:00:00Z");
  private static final Bytes OTHER_DIGEST = Bytes.ofHex("77".repeat(32));

  private final FakePlatform platform;
  private final Bytes launchDigest;
  private final Moment moment;
  private final Fault fault;
  private final List<String> history = new ArrayList<>();
  private final Map<LaunchId, Domain> domains = new LinkedHashMap<>();
  private final Map<LaunchId, Journals.Intent> intents = new LinkedHashMap<>();
  private final Map<LaunchId, LaunchEvent> last = new LinkedHashMap<>();
  private final Set<LaunchId> locked = new HashSet<>();
  private final Set<String> reserved = new HashSet<>();
  private Duration jumped = Duration.ZERO;
  private int incarnations;
  private boolean struck;
  private boolean struckInTime;
  private boolean dead;
  private boolean hostGone;
  private boolean connectionLost;
  private boolean diskFull;
  private Runnable signal = () -> {};
  private Runnable afterSignal = () -> {};
  private @Nullable Effect<?> pending;

  /** What there truly is at the host. */
  private static final class Domain {
    private final int incarnation;
    private final Optional<FakeFirmware> firmware;
    private final SentDocument document;
    private boolean running;

    Domain(int incarnation, Optional<FakeFirmware> firmware, SentDocument document) {
      this.incarnation = incarnation;
      this.firmware = firmware;
      this.document = document;
    }
  }

  @FunctionalInterface
  private interface Effect<T> {
    T take() throws Failure;
  }

  FaultyWorld(FakePlatform platform, Bytes launchDigest, Moment moment, Fault fault) {
    this.platform = platform;
    this.launchDigest = moment.isOfARefusal() ? OTHER_DIGEST : launchDigest;
    this.moment = moment;
    this.fault = fault;
  }

  /**
   * What the signal does to the process.
   *
   * @param wait until it was heard: run before the next thing that the launch does outside of a
   *     lock, so that each run goes the same way
   */
  void onSignal(Runnable handler, Runnable wait) {
    signal = handler;
    afterSignal = wait;
  }

  /** Whether the run came to the moment of its fault. */
  boolean struckInTime() {
    return struckInTime;
  }

  Instant now() {
    return BEGIN.plus(jumped);
  }

  synchronized List<String> history() {
    return List.copyOf(history);
  }

  /** The process has ended, and another one starts; the host does what it still had to do. */
  void nextRun() {
    dead = false;
    hostGone = false;
    connectionLost = false;
    diskFull = false;
    struck = true;
    locked.clear();
    reserved.clear();
    try {
      if (pending != null) {
        pending.take();
      }
    } catch (Failure thereIsNoDomain) {
      pending = null;
    }
  }

  /** Writes down what is there in the end. */
  synchronized void conclude() {
    domains.forEach((id, domain) -> effect(id, "alive", domain.incarnation));
  }

  synchronized void run(LaunchId launchId, String what, String more) {
    history.add("{\"launch\":\"%s\",\"run\":\"%s\"%s}".formatted(launchId, what, more));
  }

  synchronized boolean isRunning(LaunchId launchId) {
    var domain = domains.get(launchId);
    return domain != null && domain.running;
  }

  private synchronized void effect(LaunchId launchId, String effect, int incarnation) {
    history.add(
        "{\"launch\":\"%s\",\"effect\":\"%s\",\"incarnation\":%d}"
            .formatted(launchId, effect, incarnation));
  }

  /** Something that the process does by itself. */
  void reach(Moment here) {
    afterSignal.run();
    requireAlive();
    if (strikes(here)) {
      strike();
      afterSignal.run();
      requireAlive();
    }
  }

  private synchronized boolean strikes(Moment here) {
    if (here != moment || struck) {
      return false;
    }
    struck = true;
    struckInTime = true;
    return true;
  }

  private void requireAlive() {
    if (dead) {
      throw new Killed();
    }
  }

  /** Before anything is done at the moment. */
  private void strike() {
    fault.jump().ifPresent(jump -> jumped = jumped.plus(jump));
    switch (fault) {
      case KILLED_BEFORE -> dead = true;
      case SIGNAL -> signal.run();
      case CONNECTION_LOST -> connectionLost = true;
      case HOST_GONE -> hostGone = true;
      case QEMU_KILLED -> forAllDomains(this::vanish);
      case RESUMED_BY_HOST -> forAllDomains(launchId -> domain(launchId).running = true);
      case REPLACED_BY_HOST -> forAllDomains(this::replace);
      case RENAMED_BY_HOST -> {} // nothing goes by name
      case CALL_FAILS,
          REPLY_LOST,
          NEVER_ANSWERS,
          ANSWERS_TOO_LATE,
          ACTS_TOO_LATE,
          NOTHING_MEASURED,
          MALFORMED_MEASUREMENT,
          OTHER_MEASUREMENT,
          OTHER_DOCUMENT,
          DISK_FULL,
          SYNC_FAILS,
          HOUR_FORWARD,
          HOUR_BACK,
          DECADE_FORWARD,
          DECADE_BACK,
          KILLED_AFTER -> {}
    }
  }

  private void forAllDomains(Consumer<LaunchId> what) {
    List.copyOf(domains.keySet()).forEach(what);
  }

  private Domain domain(LaunchId launchId) {
    var domain = domains.get(launchId);
    if (domain == null) {
      throw new AssertionError(launchId);
    }
    return domain;
  }

  private synchronized void vanish(LaunchId launchId) {
    var gone = domains.remove(launchId);
    if (gone != null) {
      effect(launchId, "gone", gone.incarnation);
    }
  }

  /** The stranger's domain is of another session, and runs already. */
  private synchronized void replace(LaunchId launchId) {
    var old = domain(launchId);
    vanish(launchId);
    var stranger = new Domain(++incarnations, Optional.empty(), old.document);
    stranger.running = true;
    domains.put(launchId, stranger);
  }

  /** A call to the host; the one that destroys goes over a new connection where it must. */
  private <T> T call(Moment here, boolean overNewConnection, Effect<T> effect) throws Failure {
    afterSignal.run();
    requireAlive();
    boolean now = strikes(here);
    if (now) {
      strike();
      afterSignal.run();
      requireAlive();
    }
    if (hostGone || (connectionLost && !overNewConnection)) {
      throw failure(Code.CALL_FAILED);
    }
    if (!now) {
      return effect.take();
    }
    return switch (fault) {
      case CALL_FAILS -> throw failure(Code.CALL_FAILED);
      case REPLY_LOST -> {
        effect.take();
        throw failure(Code.CALL_FAILED);
      }
      case NEVER_ANSWERS -> throw expired();
      case ANSWERS_TOO_LATE -> {
        effect.take();
        throw expired();
      }
      case ACTS_TOO_LATE -> {
        pending = effect;
        throw expired();
      }
      case KILLED_AFTER -> {
        effect.take();
        dead = true;
        throw new Killed();
      }
      case CONNECTION_LOST,
          HOST_GONE,
          QEMU_KILLED,
          RESUMED_BY_HOST,
          RENAMED_BY_HOST,
          REPLACED_BY_HOST,
          NOTHING_MEASURED,
          MALFORMED_MEASUREMENT,
          OTHER_MEASUREMENT,
          OTHER_DOCUMENT,
          DISK_FULL,
          SYNC_FAILS,
          HOUR_FORWARD,
          HOUR_BACK,
          DECADE_FORWARD,
          DECADE_BACK,
          SIGNAL,
          KILLED_BEFORE ->
          effect.take();
    };
  }

  /** What the adapter makes of it: the connection is not used again. */
  private Failure expired() {
    connectionLost = true;
    return failure(Code.DEADLINE);
  }

  private static Failure failure(Code code) {
    return new Failure(Diagnostic.of(code, "it did not work", "a test says so", "none"));
  }

  /** Nothing but a call: what it answers is of no interest here. */
  void probe() throws Failure {
    call(Moment.PROBING, false, () -> true);
  }

  Hypervisor hypervisor() {
    return new Host();
  }

  Journals journals() {
    return new Disk();
  }

  /** Sealing is where randomness is asked for once there is a verdict. */
  Entropy entropy() {
    var seeded = FakeEntropy.seeded(7);
    return new Entropy() {
      @Override
      public Bytes bytes(int size) {
        if (last.containsValue(LaunchEvent.TRUSTED)) {
          reach(Moment.SEALING);
        }
        return seeded.bytes(size);
      }

      @Override
      public SecretBytes secret(int size) {
        return seeded.secret(size);
      }
    };
  }

  private final class Host implements Hypervisor {
    @Override
    public PausedVm startPaused(LaunchId launchId, DomainDocument document) throws Failure {
      return call(
          Moment.STARTING,
          false,
          () -> {
            var sent = new SentDocument(document.text());
            var firmware = sent.launchStart(platform);
            synchronized (FaultyWorld.this) {
              domains.put(launchId, new Domain(++incarnations, Optional.of(firmware), sent));
              effect(launchId, "started", incarnations);
            }
            return new Vm(launchId);
          });
    }

    @Override
    public Optional<DomainState> lookUp(LaunchId launchId) throws Failure {
      requireAlive();
      if (hostGone) {
        throw failure(Code.CALL_FAILED);
      }
      synchronized (FaultyWorld.this) {
        return Optional.ofNullable(domains.get(launchId))
            .map(domain -> domain.running ? DomainState.RUNNING : DomainState.PAUSED);
      }
    }

    @Override
    public void shutdown(LaunchId launchId) {
      throw new AssertionError("no launch asks a guest to shut down");
    }

    @Override
    public Ending ending(LaunchId launchId, String name) {
      throw new AssertionError("no launch asks how a guest ended");
    }

    @Override
    public void destroy(LaunchId launchId) throws Failure {
      call(
          Moment.DESTROYING,
          true,
          () -> {
            vanish(launchId);
            return true;
          });
    }

    @Override
    public void close() {}
  }

  private final class Vm implements PausedVm {
    private final LaunchId launchId;

    Vm(LaunchId launchId) {
      this.launchId = launchId;
    }

    private Domain there() throws Failure {
      synchronized (FaultyWorld.this) {
        var domain = domains.get(launchId);
        if (domain == null) {
          throw failure(Code.CALL_FAILED);
        }
        return domain;
      }
    }

    @Override
    public Optional<ClaimedMeasurement> measurement() throws Failure {
      return call(
          Moment.MEASURING,
          false,
          () -> {
            var domain = there();
            if (domain.firmware.isEmpty() || lies(Fault.NOTHING_MEASURED)) {
              return Optional.empty();
            }
            String blob = blob(domain).base64();
            return Optional.of(
                new ClaimedMeasurement(
                    lies(Fault.MALFORMED_MEASUREMENT) ? blob + "\n" : blob,
                    1,
                    55,
                    21,
                    Integer.toUnsignedLong(domain.document.policy())));
          });
    }

    private boolean lies(Fault how) {
      return fault == how;
    }

    private Bytes blob(Domain domain) {
      var digest = lies(Fault.OTHER_MEASUREMENT) ? OTHER_DIGEST : launchDigest;
      return domain.firmware.orElseThrow().launchMeasure(1, 55, 21, digest, FakeHypervisor.NONCE);
    }

    @Override
    public String liveDocument() throws Failure {
      return call(
          Moment.LIVE_DOCUMENT,
          false,
          () -> {
            String document = there().document.text();
            return lies(Fault.OTHER_DOCUMENT)
                ? document.replace("</devices>", "<channel type='pty'/></devices>")
                : document;
          });
    }

    /**
     * A host that is no worse than QEMU: it takes a second secret, but none once the guest runs.
     */
    @Override
    public void inject(SevLaunchSecret secret) throws Failure {
      call(
          Moment.INJECTION,
          false,
          () -> {
            var domain = there();
            if (domain.running || domain.firmware.isEmpty()) {
              throw failure(Code.CALL_FAILED);
            }
            var table =
                domain.firmware.get().openSecret(secret.header(), secret.payload(), blob(domain));
            if (table.size() == 0) {
              throw new AssertionError("an empty secret");
            }
            effect(launchId, "injected", domain.incarnation);
            return true;
          });
    }

    @Override
    public void resume() throws Failure {
      call(
          Moment.RESUMING,
          false,
          () -> {
            var domain = there();
            if (domain.running) {
              throw failure(Code.CALL_FAILED);
            }
            domain.running = true;
            effect(launchId, "resumed", domain.incarnation);
            return true;
          });
    }
  }

  private final class Disk implements Journals {
    @Override
    public Journal begin(Intent intent) throws Failure {
      var journal = new Lines(intent.launchId());
      locked.add(intent.launchId());
      intents.put(intent.launchId(), intent);
      try {
        journal.append(LaunchEvent.INTENDED);
      } catch (Failure failure) {
        journal.close();
        throw failure;
      }
      return journal;
    }

    @Override
    public List<Entry> entries() {
      requireAlive();
      return last.entrySet().stream()
          .map(entry ->
              new Entry(
                  intent(entry.getKey()), entry.getValue(), now(), locked.contains(entry.getKey())))
          .toList();
    }

    @Override
    public List<Unreadable> unreadable() {
      return List.of();
    }

    @Override
    public Optional<Reservation> reserve(String name, String uri) {
      requireAlive();
      return reserved.add(name) ? Optional.of(new Name(name, uri)) : Optional.empty();
    }

    private Intent intent(LaunchId launchId) {
      var intent = intents.get(launchId);
      if (intent == null) {
        throw new AssertionError(launchId);
      }
      return intent;
    }

    @Override
    public Optional<Journal> claim(LaunchId launchId) {
      requireAlive();
      return locked.add(launchId) ? Optional.of(new Lines(launchId)) : Optional.empty();
    }
  }

  private final class Name implements Journals.Reservation {
    private final String name;
    private final String uri;

    Name(String name, String uri) {
      this.name = name;
      this.uri = uri;
    }

    @Override
    public String name() {
      return name;
    }

    @Override
    public String uri() {
      return uri;
    }

    /** As with the lock of a journal. */
    @Override
    public void close() {
      if (!dead) {
        reserved.remove(name);
      }
    }
  }

  private final class Lines implements Journal {
    private final LaunchId launchId;

    Lines(LaunchId launchId) {
      this.launchId = launchId;
    }

    @Override
    public void append(LaunchEvent event) throws Failure {
      requireAlive();
      boolean here = strikes(momentOf(event));
      if (here) {
        strike();
        requireAlive();
      }
      diskFull |= here && fault == Fault.DISK_FULL;
      if (diskFull) {
        throw failure(Code.CANNOT_WRITE);
      }
      synchronized (FaultyWorld.this) {
        last.put(launchId, event);
        history.add(
            "{\"launch\":\"%s\",\"event\":\"%s\",\"at\":\"%s\"}"
                .formatted(launchId, event.name().toLowerCase(Locale.ROOT), now()));
      }
      if (here && fault == Fault.SYNC_FAILS) {
        throw failure(Code.CANNOT_WRITE);
      }
      if (here && fault == Fault.KILLED_AFTER) {
        dead = true;
        throw new Killed();
      }
    }

    @Override
    public void appendEnd(Ending ending) {
      throw new AssertionError("a launch is over when it has released its guest");
    }

    private static Moment momentOf(LaunchEvent event) {
      return switch (event) {
        case INTENDED -> Moment.INTENDED;
        case STARTED -> Moment.STARTED;
        case MEASURED -> Moment.MEASURED;
        case TRUSTED, REFUSED, UNDECIDED -> Moment.JUDGED;
        case INJECTING -> Moment.INJECTING;
        case INJECTED -> Moment.INJECTED;
        case RELEASED -> Moment.RELEASED;
        case DESTROYED -> Moment.DESTROYED;
        case STOPPING, ENDED ->
            throw new AssertionError("a launch is over when it has released its guest");
      };
    }

    /** The kernel lets go of a dead process's locks, in its own time. */
    @Override
    public void close() {
      if (!dead) {
        locked.remove(launchId);
      }
    }
  }
}
