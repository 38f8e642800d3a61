package dev.remit.cli;

import dev.remit.diagnostic.BadInput;
import dev.remit.diagnostic.Code;
import dev.remit.diagnostic.Diagnostic;
import dev.remit.diagnostic.Failure;
import dev.remit.report.Answer;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** Work whose whole time is limited, also where one call of it hangs at the end of that time. */
interface Bounded {
  /** For what is to be said when the work finds its own time up. */
  Duration GRACE = Duration.ofSeconds(2);

  Answer answer() throws Failure, BadInput;

  static Answer within(Duration limit, Bounded work) throws Failure, BadInput {
    var task = new FutureTask<>(work::answer);
    Thread.ofPlatform().daemon().name("bounded").start(task);
    try {
      return task.get(limit.plus(GRACE).toNanos(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException hung) {
      throw new Failure(
          Diagnostic.of(
              Code.DEADLINE,
              "the host did not answer within %d s".formatted(limit.toSeconds()),
              "a call to it hangs, so that it is unknown what became of the guest",
              "see whether the host is well; \"remit console\" asks no host"));
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new Failure(
          Diagnostic.of(
              Code.INTERRUPTED,
              "interrupted while waiting",
              "what is waited for goes on",
              "wait again"));
    } catch (ExecutionException thrown) {
      throw asThrown(thrown.getCause());
    }
  }

  private static IllegalStateException asThrown(@Nullable Throwable cause)
      throws Failure, BadInput {
    return switch (cause) {
      case Failure failure -> throw failure;
      case BadInput bad -> throw bad;
      case RuntimeException bug -> throw bug;
      case Error bug -> throw bug;
      case null, default -> new IllegalStateException(cause);
    };
  }
}
