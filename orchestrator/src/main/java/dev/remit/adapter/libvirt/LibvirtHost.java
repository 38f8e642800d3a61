package dev.remit.adapter.libvirt;

import com.sun.jna.ptr.IntByReference;
import dev.remit.diagnostic.Failure;
import dev.remit.domain.DomainDocument;
import dev.remit.identity.LaunchId;
import dev.remit.launch.Ending;
import dev.remit.launch.Hypervisor;
import dev.remit.launch.PausedVm;
import dev.remit.plan.HostFacts;
import dev.remit.plan.HostProbe;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.libvirt.jna.ConnectionPointer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One host's libvirt. May be used by several threads. From the moment in which a host stops to
 * answer, all that is still tried ends within one timeout.
 */
public final class LibvirtHost implements Hypervisor, HostProbe {
  private static final Logger LOG = LoggerFactory.getLogger(LibvirtHost.class);

  private final NativeLibvirt libvirt;
  private final String uri;
  private final Optional<Path> emulator;
  private final Duration timeout;
  private final Patience patience;
  private final Optional<EventLoop> eventLoop;
  private @Nullable Connection current;
  private boolean closed;

  LibvirtHost(NativeLibvirt libvirt, String uri, Optional<Path> emulator, Duration timeout) {
    this(libvirt, uri, emulator, timeout, Optional.empty());
  }

  /**
   * @param eventLoop held for this host, which releases it
   */
  private LibvirtHost(
      NativeLibvirt libvirt,
      String uri,
      Optional<Path> emulator,
      Duration timeout,
      Optional<EventLoop> eventLoop) {
    this.libvirt = libvirt;
    this.uri = uri;
    this.emulator = emulator;
    this.timeout = timeout;
    this.patience = new Patience(timeout);
    this.eventLoop = eventLoop;
  }

  /**
   * Whether libvirt's driver would live inside this process, and what it starts could outlive it.
   */
  public static boolean isEmbedded(String uri) {
    return EmbeddedRoot.in(uri).isPresent();
  }

  /**
   * Connects.
   *
   * @param uri one that the rules for host documents allow
   * @param emulator at the host, where it is not the host's own QEMU. An embedded libvirt takes it
   *     for the host's own; at any other host, its owner must see to that
   * @param timeout from the beginning of the first call that is not answered to the end of all that
   *     is done about it
   */
  public static LibvirtHost connect(String uri, Optional<Path> emulator, Duration timeout)
      throws Failure {
    var libvirt = LoadedLibvirt.load();
    var root = EmbeddedRoot.in(uri);
    Optional<EventLoop> eventLoop = Optional.empty();
    if (root.isPresent()) {
      LoadedLibvirt.searchFirst(root.get().prepare(emulator));
      root.get().clear();
      eventLoop = Optional.of(LoadedLibvirt.eventLoop());
      eventLoop.get().hold();
    }
    var host = new LibvirtHost(libvirt, uri, emulator, timeout, eventLoop);
    boolean connected = false;
    try {
      host.connection();
      connected = true;
      return host;
    } finally {
      if (!connected) {
        host.close();
      }
    }
  }

  @Override
  public HostFacts probe() throws Failure {
    return new Probe(libvirt, connection(), emulator).facts(uri);
  }

  /**
   * {@inheritDoc}
   *
   * <p>Not with VIR_DOMAIN_START_AUTODESTROY, which would end the domain together with a client
   * that crashes: it cannot be taken off when the guest is released, and the guest would end with
   * us. What a crash leaves behind stands in the journal.
   */
  @Override
  public PausedVm startPaused(LaunchId launchId, DomainDocument document) throws Failure {
    var connection = connection();
    String call = "virDomainCreateXML";
    try {
      connection.bounded(
          call,
          pointer -> {
            var domain =
                libvirt.virDomainCreateXML(
                    pointer, document.text(), NativeLibvirt.DOMAIN_START_PAUSED);
            libvirt.virDomainFree(LibvirtError.check(libvirt, domain));
            return launchId;
          },
          this::destroyLate);
    } catch (LibvirtError e) {
      throw Failures.ofCall(call, e);
    }
    return new PausedDomain(libvirt, connection, launchId);
  }

  @Override
  public Optional<DomainState> lookUp(LaunchId launchId) throws Failure {
    var connection = connection();
    return connection.call("virDomainGetState", pointer -> state(connection, pointer, launchId));
  }

  @Override
  public void shutdown(LaunchId launchId) throws Failure {
    var connection = connection();
    connection.call(
        "virDomainShutdownFlags",
        pointer ->
            connection.withDomain(
                pointer,
                launchId,
                domain -> LibvirtError.check(libvirt, libvirt.virDomainShutdownFlags(domain, 0))));
  }

  /**
   * {@inheritDoc}
   *
   * <p>libvirt forgets a transient domain when it ends, and how it ended with it. What is left is
   * its log, which can be read only on the same machine.
   */
  @Override
  public Ending ending(LaunchId launchId, String name) throws Failure {
    var connection = connection();
    // One that is defined at the host is known also when it is shut off.
    var found =
        connection.call("virDomainGetState", pointer -> stated(connection, pointer, launchId));
    if (found.isPresent()) {
      return ending(found.get());
    }
    var log = DomainLog.at(uri, name);
    return log.isPresent() ? log.get().ending(launchId, patience) : Ending.UNTOLD;
  }

  private static Ending ending(Stated stated) {
    return switch (stated.reason()) {
      case NativeLibvirt.SHUTOFF_SHUTDOWN -> Ending.SHUTDOWN;
      case NativeLibvirt.SHUTOFF_DESTROYED -> Ending.DESTROYED;
      case NativeLibvirt.SHUTOFF_CRASHED -> Ending.CRASHED;
      case NativeLibvirt.SHUTOFF_FAILED -> Ending.FAILED;
      case NativeLibvirt.SHUTOFF_MIGRATED,
          NativeLibvirt.SHUTOFF_SAVED,
          NativeLibvirt.SHUTOFF_DAEMON ->
          Ending.TAKEN_AWAY;
      default -> Ending.UNTOLD;
    };
  }

  /**
   * {@inheritDoc}
   *
   * <p>Where that does not succeed, it is tried once more over another connection: the first one
   * may be dead, as after a restart of libvirt. What was sent and not answered goes on at a
   * libvirtd without us. Where libvirt itself has waited for the domain, it would wait as long
   * again.
   */
  @Override
  public void destroy(LaunchId launchId) throws Failure {
    var connection = connection();
    try {
      destroy(connection, launchId);
    } catch (Failure first) {
      LOG.debug("domain {} is not destroyed at the first attempt", launchId, first);
      if (first.getCause() instanceof LibvirtError error
          && error.number() == LibvirtError.OPERATION_TIMEOUT) {
        throw first;
      }
      connection.giveUp();
      if (patience.left().isZero()) {
        throw first;
      }
      destroy(connection(), launchId);
    }
  }

  @Override
  public synchronized void close() {
    if (closed) {
      return;
    }
    closed = true;
    if (current != null) {
      current.close();
    }
    eventLoop.ifPresent(EventLoop::release);
  }

  /** The connection in use; a new one where the last one was given up. */
  private synchronized Connection connection() throws Failure {
    if (closed) {
      throw new IllegalStateException("the connection to the host was closed");
    }
    if (current == null || !current.isUsable()) {
      current = Connection.open(libvirt, uri, patience);
    }
    return current;
  }

  private void destroy(Connection connection, LaunchId launchId) throws Failure {
    connection.call(
        "virDomainDestroyFlags",
        pointer -> {
          try {
            return connection.withDomain(
                pointer,
                launchId,
                domain -> LibvirtError.check(libvirt, libvirt.virDomainDestroyFlags(domain, 0)));
          } catch (LibvirtError e) {
            // It may have ended in the meantime, or never have been there.
            var state = state(connection, pointer, launchId);
            if (state.isPresent() && state.get() != DomainState.ENDED) {
              throw e;
            }
            return 0;
          }
        });
  }

  /**
   * Ends a domain whose start came to its end only after we had given it up: whoever called may
   * have looked for it before it was there.
   */
  private void destroyLate(LaunchId launchId) {
    // Nobody waits for this.
    try (var again =
        new LibvirtHost(libvirt, uri, emulator, timeout, EventLoop.heldAgain(eventLoop))) {
      destroy(again.connection(), launchId);
    } catch (Failure e) {
      LOG.warn("domain {} started too late and cannot be destroyed", launchId, e);
    }
  }

  private Optional<DomainState> state(
      Connection connection, ConnectionPointer pointer, LaunchId launchId) throws LibvirtError {
    return stated(connection, pointer, launchId)
        .map(stated ->
            switch (stated.state()) {
              case NativeLibvirt.STATE_PAUSED -> DomainState.PAUSED;
              case NativeLibvirt.STATE_RUNNING, NativeLibvirt.STATE_BLOCKED -> DomainState.RUNNING;
              case NativeLibvirt.STATE_SHUTOFF, NativeLibvirt.STATE_CRASHED -> DomainState.ENDED;
              default -> DomainState.OTHER;
            });
  }

  /** libvirt's two numbers: what a domain does, and why. */
  private record Stated(int state, int reason) {}

  private Optional<Stated> stated(
      Connection connection, ConnectionPointer pointer, LaunchId launchId) throws LibvirtError {
    var state = new IntByReference();
    var reason = new IntByReference();
    try {
      connection.withDomain(
          pointer,
          launchId,
          domain ->
              LibvirtError.check(libvirt, libvirt.virDomainGetState(domain, state, reason, 0)));
    } catch (LibvirtError e) {
      if (e.number() == LibvirtError.NO_DOMAIN) {
        return Optional.empty();
      }
      throw e;
    }
    return Optional.of(new Stated(state.getValue(), reason.getValue()));
  }
}
