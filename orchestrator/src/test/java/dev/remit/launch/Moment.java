package dev.remit.launch;

/** Where in a run a fault can strike, in order; a refused launch goes from JUDGED to DESTROYING. */
enum Moment {
  PROBING(Kind.CALL, "asking the host"),
  READING_SECRETS(Kind.OWN, "reading the secrets"),
  INTENDED(Kind.JOURNAL, "writing down the intent"),
  STARTING(Kind.CALL, "starting, paused"),
  STARTED(Kind.JOURNAL, "writing down that it started"),
  MEASURING(Kind.CALL, "fetching the measurement"),
  MEASURED(Kind.JOURNAL, "writing down that it was measured"),
  LIVE_DOCUMENT(Kind.CALL, "fetching the live document"),
  JUDGED(Kind.JOURNAL, "writing down the verdict"),
  SEALING(Kind.OWN, "sealing the secret"),
  INJECTING(Kind.JOURNAL, "announcing the injection"),
  INJECTION(Kind.CALL, "injecting"),
  INJECTED(Kind.JOURNAL, "writing down the injection"),
  RESUMING(Kind.CALL, "resuming"),
  RELEASED(Kind.JOURNAL, "writing down the release"),
  DESTROYING(Kind.CALL, "destroying what was refused"),
  DESTROYED(Kind.JOURNAL, "writing down that it was destroyed");

  /** What is done then. */
  enum Kind {
    OWN,
    CALL,
    JOURNAL
  }

  private final Kind kind;
  private final String title;

  Moment(Kind kind, String title) {
    this.kind = kind;
    this.title = title;
  }

  Kind kind() {
    return kind;
  }

  String title() {
    return title;
  }

  /** Whether the launch must be refused to come here. */
  boolean isOfARefusal() {
    return this == DESTROYING || this == DESTROYED;
  }

  /** Whether a domain of the launch may be there by then. */
  boolean isAfterStart() {
    return compareTo(STARTING) > 0;
  }
}
