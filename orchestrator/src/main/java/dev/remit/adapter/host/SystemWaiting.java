package dev.remit.adapter.host;

import dev.remit.diagnostic.Code;
import dev.remit.diagnostic.Diagnostic;
import dev.remit.diagnostic.Failure;
import dev.remit.launch.Waiting;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** Looks again soon at first, then once a second; by a clock that nobody can set back. */
public final class SystemWaiting implements Waiting {
  private static final Duration FIRST = Duration.ofMillis(100);
  private static final Duration LONGEST = Duration.ofSeconds(1);

  private final long end;
  private Duration pause = FIRST;

  public SystemWaiting(Duration limit) {
    this.end = System.nanoTime() + limit.toNanos();
  }

  @Override
  public boolean again() throws Failure {
    long left = end - System.nanoTime();
    if (left <= 0) {
      return false;
    }
    try {
      TimeUnit.NANOSECONDS.sleep(Math.min(left, pause.toNanos()));
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new Failure(
          Diagnostic.of(
              Code.INTERRUPTED,
              "interrupted while waiting",
              "what is waited for goes on",
              "wait again"));
    }
    var doubled = pause.multipliedBy(2);
    pause = doubled.compareTo(LONGEST) > 0 ? LONGEST : doubled;
    return true;
  }
}
