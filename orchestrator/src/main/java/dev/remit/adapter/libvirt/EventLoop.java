package dev.remit.adapter.libvirt;

import dev.remit.diagnostic.Failure;
import java.util.Optional;
import org.libvirt.jna.Libvirt.VirEventTimeoutCallback;

/**
 * libvirt's default event loop, which an embedded driver needs, registered before the first
 * connection (libvirt, virEventRegisterDefaultImpl). It turns while somebody holds it: a JVM that
 * ends waits 0.3 s for a thread that is still in foreign code.
 */
final class EventLoop {
  /** Held here, because JNA frees a callback to which only native code refers. */
  private static final VirEventTimeoutCallback NOTHING = (timer, opaque) -> {};

  private static final int NO_TIMER = -1;

  private final NativeLibvirt libvirt;
  private boolean registered;
  private boolean turning;
  private int holders;
  private int timer = NO_TIMER;

  EventLoop(NativeLibvirt libvirt) {
    this.libvirt = libvirt;
  }

  synchronized void hold() throws Failure {
    if (!registered) {
      try {
        LibvirtError.check(libvirt, libvirt.virEventRegisterDefaultImpl());
      } catch (LibvirtError e) {
        throw Failures.ofCall("virEventRegisterDefaultImpl", e);
      }
      registered = true;
    }
    holders++;
    if (!turning) {
      turning = true;
      Thread.ofPlatform().daemon().name("libvirt-events").start(this::turn);
    }
  }

  /** The same one, held once more, if there is one. */
  static Optional<EventLoop> heldAgain(Optional<EventLoop> loop) throws Failure {
    if (loop.isPresent()) {
      loop.get().hold();
    }
    return loop;
  }

  /** Once for each {@link #hold}. Returns at once; the loop ends soon after. */
  synchronized void release() {
    holders--;
    if (holders == 0 && turning && timer == NO_TIMER) {
      // Ends the wait for an event.
      timer = libvirt.virEventAddTimeout(0, NOTHING, null, null);
    }
  }

  private void turn() {
    int result;
    do {
      result = libvirt.virEventRunDefaultImpl();
    } while (turnsOn(result));
  }

  /** Should it ever fail, calls wait for answers that do not come, up to their deadline. */
  private synchronized boolean turnsOn(int result) {
    if (timer != NO_TIMER) {
      libvirt.virEventRemoveTimeout(timer);
      timer = NO_TIMER;
    }
    turning = result == 0 && holders > 0;
    return turning;
  }
}
