package dev.remit.launch;

import java.time.Duration;
import java.util.Optional;

/** What can go wrong at a {@link Moment}. */
enum Fault {
  CALL_FAILS("the call fails and has no effect"),
  REPLY_LOST("the call takes effect and fails"),
  NEVER_ANSWERS("the call hangs for ever"),
  ANSWERS_TOO_LATE("the call hangs and takes effect before the reaction"),
  ACTS_TOO_LATE("the call hangs and takes effect after the process ended"),
  CONNECTION_LOST("libvirtd restarts: the connection is dead, a new one works"),
  HOST_GONE("libvirtd ends: nothing works until the next run"),
  QEMU_KILLED("QEMU is killed"),
  RESUMED_BY_HOST("somebody resumes the domain"),
  RENAMED_BY_HOST("somebody renames the domain"),
  REPLACED_BY_HOST("somebody puts another domain with its UUID in its place"),
  NOTHING_MEASURED("the measurement is empty"),
  MALFORMED_MEASUREMENT("the measurement has another form"),
  OTHER_MEASUREMENT("the measurement is another"),
  OTHER_DOCUMENT("the live document is another"),
  DISK_FULL("the disk is full from here on: no line is written"),
  SYNC_FAILS("the line is written, and writing it reports an error"),
  HOUR_FORWARD("the clock jumps an hour forward", Duration.ofHours(1)),
  HOUR_BACK("the clock jumps an hour back", Duration.ofHours(-1)),
  DECADE_FORWARD("the clock jumps ten years forward", Duration.ofDays(3652)),
  DECADE_BACK("the clock jumps ten years back", Duration.ofDays(-3652)),
  SIGNAL("a signal interrupts"),
  KILLED_BEFORE("the process is killed just before"),
  KILLED_AFTER("the process is killed just after");

  private final String title;
  private final Optional<Duration> jump;

  Fault(String title) {
    this.title = title;
    this.jump = Optional.empty();
  }

  Fault(String title, Duration jump) {
    this.title = title;
    this.jump = Optional.of(jump);
  }

  String title() {
    return title;
  }

  Optional<Duration> jump() {
    return jump;
  }

  boolean appliesTo(Moment moment) {
    return switch (this) {
      case CALL_FAILS, REPLY_LOST, NEVER_ANSWERS, ANSWERS_TOO_LATE, ACTS_TOO_LATE ->
          moment.kind() == Moment.Kind.CALL;
      case QEMU_KILLED, RESUMED_BY_HOST, RENAMED_BY_HOST, REPLACED_BY_HOST -> moment.isAfterStart();
      case NOTHING_MEASURED, MALFORMED_MEASUREMENT, OTHER_MEASUREMENT -> moment == Moment.MEASURING;
      case OTHER_DOCUMENT -> moment == Moment.LIVE_DOCUMENT;
      case DISK_FULL, SYNC_FAILS -> moment.kind() == Moment.Kind.JOURNAL;
      case KILLED_AFTER -> moment.kind() != Moment.Kind.OWN;
      case CONNECTION_LOST,
          HOST_GONE,
          HOUR_FORWARD,
          HOUR_BACK,
          DECADE_FORWARD,
          DECADE_BACK,
          SIGNAL,
          KILLED_BEFORE ->
          true;
    };
  }
}
