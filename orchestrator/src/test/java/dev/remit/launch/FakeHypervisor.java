package dev.remit.launch;

import dev.remit.bytes.Bytes;
import dev.remit.diagnostic.Code;
import dev.remit.diagnostic.Diagnostic;
import dev.remit.diagnostic.Failure;
import dev.remit.domain.DomainDocument;
import dev.remit.endorsement.FakeFirmware;
import dev.remit.endorsement.FakePlatform;
import dev.remit.identity.LaunchId;
import dev.remit.secret.SevLaunchSecret;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/**
 * A host with a secure processor of {@code FakeAmd}'s make: honest until it is told to fail, to
 * hang or to lie.
 */
public final class FakeHypervisor implements Hypervisor {
  /** What is asked of a host. */
  public enum Call {
    START,
    MEASURE,
    LIVE_DOCUMENT,
    INJECT,
    RESUME,
    LOOK_UP,
    SHUTDOWN,
    ENDING,
    DESTROY
  }

  /** What a host does before it answers. */
  @FunctionalInterface
  public interface Mood {
    void run() throws Failure;
  }

  public static final Bytes NONCE = Bytes.ofHex("0f".repeat(16));

  private final FakePlatform platform;
  private final Bytes launchDigest;
  private final Map<Call, Mood> before = new EnumMap<>(Call.class);
  private final Map<Call, Mood> after = new EnumMap<>(Call.class);
  private final List<Call> calls = new ArrayList<>();
  private final Map<LaunchId, DomainState> domains = new HashMap<>();
  private final Map<LaunchId, Ending> endings = new HashMap<>();
  private Function<PausedVm.ClaimedMeasurement, Optional<PausedVm.ClaimedMeasurement>> claim =
      Optional::of;
  private UnaryOperator<String> live = UnaryOperator.identity();
  private Optional<Bytes> injected = Optional.empty();

  /**
   * @param launchDigest of what this host starts, whatever it was asked to
   */
  public FakeHypervisor(FakePlatform platform, Bytes launchDigest) {
    this.platform = platform;
    this.launchDigest = launchDigest;
  }

  /** Does something else first, which may be to fail. */
  public FakeHypervisor before(Call call, Mood mood) {
    before.put(call, mood);
    return this;
  }

  /** Does as it was asked, then something else. */
  public FakeHypervisor after(Call call, Mood mood) {
    after.put(call, mood);
    return this;
  }

  /** Answers with another measurement than the firmware's, or with none. */
  public FakeHypervisor claiming(
      Function<PausedVm.ClaimedMeasurement, Optional<PausedVm.ClaimedMeasurement>> lie) {
    claim = lie;
    return this;
  }

  /** Answers with another live document. */
  public FakeHypervisor living(UnaryOperator<String> lie) {
    live = lie;
    return this;
  }

  /** A domain that somebody left here. */
  public FakeHypervisor with(LaunchId launchId, DomainState state) {
    domains.put(launchId, state);
    return this;
  }

  /** A domain ends by itself, and is gone. */
  public synchronized void end(LaunchId launchId, Ending ending) {
    domains.remove(launchId);
    endings.put(launchId, ending);
  }

  public static Failure failure() {
    return new Failure(
        Diagnostic.of(Code.CALL_FAILED, "the call failed", "a test says so", "none"));
  }

  public synchronized List<Call> calls() {
    return List.copyOf(calls);
  }

  /** The secret table as the firmware opened it; empty where nothing arrived. */
  public synchronized Optional<Bytes> injected() {
    return injected;
  }

  public synchronized Optional<DomainState> state(LaunchId launchId) {
    return Optional.ofNullable(domains.get(launchId));
  }

  @Override
  public PausedVm startPaused(LaunchId launchId, DomainDocument document) throws Failure {
    begin(Call.START);
    var sent = new SentDocument(document.text());
    var firmware = sent.launchStart(platform);
    synchronized (this) {
      domains.put(launchId, DomainState.PAUSED);
    }
    end(Call.START);
    return new Vm(launchId, document.text(), firmware, sent.policy());
  }

  @Override
  public Optional<DomainState> lookUp(LaunchId launchId) throws Failure {
    begin(Call.LOOK_UP);
    return state(launchId);
  }

  @Override
  public void shutdown(LaunchId launchId) throws Failure {
    begin(Call.SHUTDOWN);
    requireThere(launchId);
    end(Call.SHUTDOWN);
  }

  @Override
  public Ending ending(LaunchId launchId, String name) throws Failure {
    begin(Call.ENDING);
    synchronized (this) {
      return endings.getOrDefault(launchId, Ending.UNTOLD);
    }
  }

  @Override
  public void destroy(LaunchId launchId) throws Failure {
    begin(Call.DESTROY);
    synchronized (this) {
      domains.remove(launchId);
    }
    end(Call.DESTROY);
  }

  @Override
  public void close() {}

  private void begin(Call call) throws Failure {
    synchronized (this) {
      calls.add(call);
    }
    before.getOrDefault(call, () -> {}).run();
  }

  private void end(Call call) throws Failure {
    after.getOrDefault(call, () -> {}).run();
  }

  private synchronized void requireThere(LaunchId launchId) throws Failure {
    if (!domains.containsKey(launchId)) {
      throw failure();
    }
  }

  private final class Vm implements PausedVm {
    private final LaunchId launchId;
    private final String document;
    private final FakeFirmware firmware;
    private final int policy;

    Vm(LaunchId launchId, String document, FakeFirmware firmware, int policy) {
      this.launchId = launchId;
      this.document = document;
      this.firmware = firmware;
      this.policy = policy;
    }

    @Override
    public Optional<ClaimedMeasurement> measurement() throws Failure {
      begin(Call.MEASURE);
      requireThere(launchId);
      end(Call.MEASURE);
      return claim.apply(
          new ClaimedMeasurement(blob().base64(), 1, 55, 21, Integer.toUnsignedLong(policy)));
    }

    @Override
    public String liveDocument() throws Failure {
      begin(Call.LIVE_DOCUMENT);
      requireThere(launchId);
      end(Call.LIVE_DOCUMENT);
      return live.apply(document);
    }

    @Override
    public void inject(SevLaunchSecret secret) throws Failure {
      begin(Call.INJECT);
      requireThere(launchId);
      var table = firmware.openSecret(secret.header(), secret.payload(), blob());
      synchronized (FakeHypervisor.this) {
        injected = Optional.of(table);
      }
      end(Call.INJECT);
    }

    @Override
    public void resume() throws Failure {
      begin(Call.RESUME);
      requireThere(launchId);
      synchronized (FakeHypervisor.this) {
        domains.put(launchId, DomainState.RUNNING);
      }
      end(Call.RESUME);
    }

    private Bytes blob() {
      return firmware.launchMeasure(1, 55, 21, launchDigest, NONCE);
    }
  }
}
