package dev.remit.identity;

/**
 * What makes one launch unlike every other: made once, never stored in a plan. Closing it wipes the
 * session's keys, after which neither evidence can be judged nor a secret sealed.
 */
public record Challenge(LaunchId launchId, SevSession session) implements AutoCloseable {
  @Override
  public void close() {
    session.close();
  }
}
