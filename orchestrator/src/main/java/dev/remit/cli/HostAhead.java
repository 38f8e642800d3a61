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
 * A host that is connected to, and asked what it can do, while files are read. Its failure comes to
 * light where it is first needed; a host that is not needed any more is not waited for.
 */
final class HostAhead implements AutoCloseable {
  private final CompletableFuture<LibvirtHost> connected = new CompletableFuture<>();
  private final CompletableFuture<HostFacts> facts = new CompletableFuture<>();

  private HostAhead() {}

  static HostAhead connect(Remit remit, HostSpec spec, Duration timeout) {
    var ahead = new HostAhead();
    Thread.ofPlatform().daemon().name("host-ahead").start(() -> ahead.ask(remit, spec, timeout));
    return ahead;
  }

  private void ask(Remit remit, HostSpec spec, Duration timeout) {
    try {
      var host = remit.connect(spec, timeout);
      connected.complete(host);
      // Its QEMU would be left behind in the middle of an answer, should this process end.
      if (!host.isInThisProcess()) {
        facts.complete(host.probe());
      }
    } catch (Failure | RuntimeException | Error e) {
      connected.completeExceptionally(e);
      facts.completeExceptionally(e);
    }
  }

  LibvirtHost host() throws Failure {
    return await(connected);
  }

  HostFacts facts() throws Failure {
    var host = host();
    return host.isInThisProcess() ? host.probe() : await(facts);
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
