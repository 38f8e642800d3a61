package dev.remit.cli;

import dev.remit.adapter.libvirt.LibvirtHost;
import dev.remit.app.Remit;
import dev.remit.diagnostic.Code;
import dev.remit.diagnostic.Diagnostic;
import dev.remit.diagnostic.Failure;
import dev.remit.plan.HostFacts;
import dev.remit.spec.HostSpec;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/**
 * A host that is connected to, and asked what it can do, while files are read. What fails comes to
 * light where it is first needed; a host that is not needed any more is not waited for.
 */
final class HostAhead implements AutoCloseable {
  private final Remit remit;
  private final HostSpec spec;
  private final Duration timeout;
  private final CompletableFuture<LibvirtHost> connected = new CompletableFuture<>();
  private final CompletableFuture<HostFacts> facts = new CompletableFuture<>();

  private HostAhead(Remit remit, HostSpec spec, Duration timeout) {
    this.remit = remit;
    this.spec = spec;
    this.timeout = timeout;
  }

  static HostAhead connect(Remit remit, HostSpec spec, Duration timeout) {
    var ahead = new HostAhead(remit, spec, timeout);
    // An embedded libvirt starts QEMU itself, which would be left behind where a file is bad.
    if (!LibvirtHost.isEmbedded(spec.uri())) {
      Thread.ofPlatform().daemon().name("host-ahead").start(ahead::ask);
    }
    return ahead;
  }

  private void ask() {
    try {
      var host = remit.connect(spec, timeout);
      connected.complete(host);
      facts.complete(host.probe());
    } catch (Failure | RuntimeException | Error e) {
      connected.completeExceptionally(e);
      facts.completeExceptionally(e);
    }
  }

  /** The host, of which nothing is asked any more: one timeout is for one call at a time. */
  LibvirtHost host() throws Failure {
    if (LibvirtHost.isEmbedded(spec.uri()) && !connected.isDone()) {
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
    var _ = connected.thenAccept(LibvirtHost::close);
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
