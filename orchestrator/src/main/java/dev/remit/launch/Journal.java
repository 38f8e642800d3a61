package dev.remit.launch;

import dev.remit.diagnostic.Failure;

/** The journal of one launch, held under a lock while it is open. No secret is ever in it. */
public interface Journal extends AutoCloseable {
  /** Returns when the event is on stable storage. */
  void append(LaunchEvent event) throws Failure;

  /** Writes {@link LaunchEvent#ENDED} and how; returns when it is on stable storage. */
  void appendEnd(Ending ending) throws Failure;

  @Override
  void close();
}
