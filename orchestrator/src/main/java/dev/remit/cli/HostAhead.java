package dev.remit.cli;

import dev.remit.diagnostic.Code;
import dev.remit.diagnostic.Diagnostic;
import dev.remit.diagnostic.Failure;
import dev.remit.launch.Hypervisor;
import dev.remit.plan.HostFacts;
import dev.remit.plan.HostProbe;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/**
 * A host that is connected to, and asked what it can do, while files are read. What fails comes to
 * light where it is first needed; a host that is not needed any more is not waited for.
 */
final class HostAhead<H extends Hypervisor & HostProbe> implements AutoCloseable {
  @FunctionalInterface
  interface Connecting<H> {
    H connect() throws Failure;
  }

  private final Connecting<H> connecting;
  private final CompletableFuture<H> connected = new CompletableFuture<>();
  private final CompletableFuture<HostFacts> facts = new CompletableFuture<>();
  private boolean begun;

  private HostAhead(Connecting<H> connecting) {
    this.connecting = connecting;
  }

  /** Asks from now on. */
  static <H extends Hypervisor & HostProbe> HostAhead<H> now(Connecting<H> connecting) {
    var ahead = new HostAhead<>(connecting);
    ahead.begun = true;
    Thread.ofPlatform().daemon().name("host-ahead").start(ahead::ask);
    return ahead;
  }

  /** Asks when the host is needed, and not before. */
  static <H extends Hypervisor & HostProbe> HostAhead<H> later(Connecting<H> connecting) {
    return new HostAhead<>(connecting);
  }

  private void ask() {
    try {
      var host = connecting.connect();
      connected.complete(host);
      facts.complete(host.probe());
    } catch (Failure | RuntimeException | Error e) {
      connected.completeExceptionally(e);
      facts.completeExceptionally(e);
    }
  }

  /** The host, of which nothing is asked any more: one timeout is for one call at a time. */
  H host() throws Failure {
    if (!begun) {
      begun = true;
      ask();
    }
    var host = await(connected);
    var _ = facts.handle((known, failure) -> known).join();
    return host;
  }

  /** After {@link #host}. */
  HostFacts facts() throws Failure {
    return await(facts);
  }

  /** Lets go of the host, now or as soon as it answers. */
  @Override
  public void close() {
    var _ = connected.thenAccept(Hypervisor::close);
  }

  private static <T> T await(CompletableFuture<T> answer) throws Failure {
    try {
      return answer.get();
    } catch (ExecutionException e) {
      throw asThrown(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new Failure(
          Diagnostic.of(
              Code.INTERRUPTED,
              "interrupted while a host was asked",
              "nothing was started yet",
              "start again"));
    }
  }

  private static Failure asThrown(ExecutionException wrapper) {
    return switch (wrapper.getCause()) {
      case Failure failure -> failure;
      case RuntimeException bug -> throw bug;
      case Error bug -> throw bug;
      case null, default -> throw new IllegalStateException(wrapper);
    };
  }
}
