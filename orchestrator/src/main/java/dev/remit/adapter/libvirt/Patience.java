package dev.remit.adapter.libvirt;

import java.time.Duration;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * How long one command waits for one host. Each answer has its time; once one did not come, all
 * that is still to be done shares what is left of the timeout, which began with that call.
 */
final class Patience {
  /**
   * What is kept to destroy what was started: libvirt asks a process to end, kills it after 10 s,
   * and gives up after 15 (libvirt, virProcessKillPainfullyDelay).
   */
  private static final Duration LONGEST_RESERVE = Duration.ofSeconds(20);

  private final Duration timeout;
  private final LongSupplier nanoTime;
  private @Nullable Long end;

  Patience(Duration timeout) {
    this(timeout, System::nanoTime);
  }

  /**
   * @param nanoTime a clock that nobody sets
   */
  Patience(Duration timeout, LongSupplier nanoTime) {
    this.timeout = timeout;
    this.nanoTime = nanoTime;
  }

  /** For a call that begins now; zero where nothing is left. */
  synchronized Duration left() {
    if (end == null) {
      return timeout.minus(reserve());
    }
    long nanos = end - nanoTime.getAsLong();
    return nanos > 0 ? Duration.ofNanos(nanos) : Duration.ZERO;
  }

  /**
   * A call did not return in its time.
   *
   * @param waited how long it was waited for
   */
  synchronized void expired(Duration waited) {
    if (end == null) {
      end = nanoTime.getAsLong() + timeout.minus(waited).toNanos();
    }
  }

  private Duration reserve() {
    var half = timeout.dividedBy(2);
    return half.compareTo(LONGEST_RESERVE) < 0 ? half : LONGEST_RESERVE;
  }
}
