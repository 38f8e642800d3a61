package dev.remit.launch;

import dev.remit.diagnostic.Failure;
import dev.remit.domain.DomainDocument;
import dev.remit.identity.LaunchId;
import java.util.Optional;

/** One host's libvirt, as far as a launch needs it. Every call ends within its deadline. */
public interface Hypervisor extends AutoCloseable {
  /**
   * Creates the transient domain of the document, paused before its first instruction.
   *
   * <p>Where this throws, it may all the same have left a domain: whoever called destroys it.
   */
  PausedVm startPaused(LaunchId launchId, DomainDocument document) throws Failure;

  /** Empty where the host knows no domain with this UUID. */
  Optional<DomainState> lookUp(LaunchId launchId) throws Failure;

  /** Asks the guest to shut down, and does not wait until it does. */
  void shutdown(LaunchId launchId) throws Failure;

  /**
   * How a domain ended that {@link #lookUp} does not find any more, or finds ended.
   *
   * @param name of the domain
   */
  Ending ending(LaunchId launchId, String name) throws Failure;

  /** Ends the domain at once; does nothing where there is none. */
  void destroy(LaunchId launchId) throws Failure;

  @Override
  void close();

  /** What the host says a domain does. */
  enum DomainState {
    PAUSED,
    RUNNING,
    ENDED,
    OTHER
  }
}
