package dev.remit.adapter.libvirt;

import dev.remit.diagnostic.Failure;
import dev.remit.identity.LaunchId;
import java.time.Duration;
import java.util.function.Consumer;
import org.libvirt.jna.ConnectionPointer;
import org.libvirt.jna.DomainPointer;

/**
 * One connection to libvirt. A call that does not return in time makes it unusable: others would
 * only queue behind that call.
 */
final class Connection {
  private final NativeLibvirt libvirt;
  private final ConnectionPointer pointer;
  private final Patience patience;
  private int callsUnderWay;
  private boolean givenUp;
  private boolean closing;

  private Connection(NativeLibvirt libvirt, ConnectionPointer pointer, Patience patience) {
    this.libvirt = libvirt;
    this.pointer = pointer;
    this.patience = patience;
  }

  /** What to do on the thread of a call, which is where libvirt leaves its error. */
  @FunctionalInterface
  interface Use<P, T> {
    T with(P pointer) throws LibvirtError;
  }

  static Connection open(NativeLibvirt libvirt, String uri, Patience patience) throws Failure {
    String call = "virConnectOpen";
    var limit = timeLeft(patience, call);
    try {
      return BoundedCalls.within(
          limit,
          call,
          () -> {
            if (EmbeddedRoot.in(uri).isPresent()) {
              FirstProcessor.take();
            }
            return new Connection(
                libvirt, LibvirtError.check(libvirt, libvirt.virConnectOpen(uri)), patience);
          },
          Connection::close);
    } catch (LibvirtError e) {
      throw Failures.ofConnect(uri, e);
    } catch (BoundedCalls.Expired e) {
      patience.expired(limit);
      throw Failures.deadline(call, limit);
    }
  }

  private static Duration timeLeft(Patience patience, String call) throws Failure {
    var left = patience.left();
    if (left.isZero()) {
      throw Failures.noTimeLeft(call);
    }
    return left;
  }

  synchronized boolean isUsable() {
    return !givenUp && !closing;
  }

  /**
   * @param name libvirt's function
   */
  <T> T call(String name, Use<ConnectionPointer, T> use) throws Failure {
    try {
      return bounded(name, use, late -> {});
    } catch (LibvirtError e) {
      throw Failures.ofCall(name, e);
    }
  }

  /** As {@link #call}, where the caller looks at libvirt's error or at what comes too late. */
  <T> T bounded(String name, Use<ConnectionPointer, T> use, Consumer<T> late)
      throws Failure, LibvirtError {
    var limit = timeLeft(patience, name);
    if (!enter()) {
      throw Failures.givenUp(name);
    }
    try {
      return BoundedCalls.within(
          limit,
          name,
          () -> {
            try {
              return use.with(pointer);
            } finally {
              leave();
            }
          },
          late);
    } catch (BoundedCalls.Expired e) {
      giveUp();
      patience.expired(limit);
      throw Failures.deadline(name, limit);
    }
  }

  /** Finds the domain of a launch, within a call. */
  <T> T withDomain(ConnectionPointer connection, LaunchId launchId, Use<DomainPointer, T> use)
      throws LibvirtError {
    var domain =
        LibvirtError.check(
            libvirt, libvirt.virDomainLookupByUUIDString(connection, launchId.toString()));
    try {
      return use.with(domain);
    } finally {
      libvirt.virDomainFree(domain);
    }
  }

  /** Returns at once; libvirt's side ends with the last call that is under way, if ever. */
  void close() {
    boolean idle;
    synchronized (this) {
      idle = !closing && callsUnderWay == 0;
      closing = true;
    }
    if (idle) {
      disconnect();
    }
  }

  private synchronized boolean enter() {
    if (!isUsable()) {
      return false;
    }
    callsUnderWay++;
    return true;
  }

  private void leave() {
    boolean last;
    synchronized (this) {
      callsUnderWay--;
      last = closing && callsUnderWay == 0;
    }
    if (last) {
      disconnect();
    }
  }

  /** Nobody begins another call on it; its domains are reached over another connection. */
  synchronized void giveUp() {
    givenUp = true;
  }

  /** On a thread of its own: this call can hang too. */
  private void disconnect() {
    Thread.ofPlatform()
        .daemon()
        .name("libvirt-virConnectClose")
        .start(() -> libvirt.virConnectClose(pointer));
  }
}
