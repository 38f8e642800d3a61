package dev.remit.adapter.libvirt;

import dev.remit.diagnostic.Code;
import dev.remit.diagnostic.Diagnostic;
import dev.remit.diagnostic.Failure;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Calls that may never return, each on a daemon thread of its own that is left behind when its time
 * is up: libvirt bounds no call to QEMU.
 */
final class BoundedCalls {
  private static final Logger LOG = LoggerFactory.getLogger(BoundedCalls.class);

  private BoundedCalls() {}

  @FunctionalInterface
  interface Call<T> {
    T run() throws LibvirtError;
  }

  /** The call did not return in time; it may still be running, and may still take effect. */
  static final class Expired extends Exception {
    private static final long serialVersionUID = 1;
  }

  /**
   * @param late takes what the call returns after its time was up, on the thread of the call
   */
  static <T> T within(Duration limit, String name, Call<T> call, Consumer<T> late)
      throws LibvirtError, Expired, Failure {
    var answer = new CompletableFuture<T>();
    long begun = System.nanoTime();
    Thread.ofPlatform().daemon().name("libvirt-" + name).start(() -> run(call, answer, late));
    try {
      return answer.get(limit.toNanos(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      return giveUp(answer);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      giveUpSilently(answer, late);
      throw interrupted(name);
    } catch (ExecutionException e) {
      throw asThrown(e);
    } finally {
      LOG.debug("{} took {} us", name, (System.nanoTime() - begun) / 1000);
    }
  }

  private static <T> void run(Call<T> call, CompletableFuture<T> answer, Consumer<T> late) {
    try {
      T value = call.run();
      if (!answer.complete(value)) {
        late.accept(value);
      }
    } catch (LibvirtError | RuntimeException | Error e) {
      answer.completeExceptionally(e);
    }
  }

  /** The answer may have come in the very last moment; then it counts. */
  private static <T> T giveUp(CompletableFuture<T> answer) throws LibvirtError, Expired {
    var expired = new Expired();
    if (answer.completeExceptionally(expired)) {
      throw expired;
    }
    try {
      return answer.join();
    } catch (CompletionException e) {
      throw asThrown(e);
    }
  }

  private static <T> void giveUpSilently(CompletableFuture<T> answer, Consumer<T> late) {
    if (!answer.completeExceptionally(new Expired()) && !answer.isCompletedExceptionally()) {
      late.accept(answer.join());
    }
  }

  private static LibvirtError asThrown(Exception wrapper) throws LibvirtError {
    return switch (wrapper.getCause()) {
      case LibvirtError error -> error;
      case RuntimeException bug -> throw bug;
      case Error bug -> throw bug;
      case null, default -> throw new IllegalStateException(wrapper);
    };
  }

  private static Failure interrupted(String name) {
    return new Failure(
        Diagnostic.of(
            Code.INTERRUPTED,
            "interrupted in " + name,
            "the call was given up",
            "start again; what was held is destroyed"));
  }
}
