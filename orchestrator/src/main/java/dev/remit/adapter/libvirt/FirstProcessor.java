package dev.remit.adapter.libvirt;

import com.sun.jna.Memory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The same processor for each start of an embedded libvirt. It keeps what it found out about QEMU,
 * and finds it out again, for ten seconds, where CPUID differs; CPUID has the number of the
 * processor that was asked (libvirt, virQEMUCapsIsValid; KVM_GET_SUPPORTED_CPUID).
 */
final class FirstProcessor {
  private static final Logger LOG = LoggerFactory.getLogger(FirstProcessor.class);

  /** Octets of glibc's cpu_set_t, a bit for each processor (Linux, sched_setaffinity(2)). */
  private static final int SET_SIZE = 128;

  private static final int CALLING_THREAD = 0;

  private FirstProcessor() {}

  /**
   * Keeps the calling thread on the first processor that it may use, and those that it starts. What
   * stays undone costs nothing but time.
   */
  static void take() {
    var libC = LoadedLibvirt.libC();
    try (var set = new Memory(SET_SIZE)) {
      set.clear();
      if (libC.sched_getaffinity(CALLING_THREAD, SET_SIZE, set) < 0) {
        LOG.debug("this machine has more processors than a set of {} bytes", SET_SIZE);
        return;
      }
      keepFirst(set);
      if (libC.sched_setaffinity(CALLING_THREAD, SET_SIZE, set) != 0) {
        LOG.debug("the first processor cannot be taken");
      }
    }
  }

  private static void keepFirst(Memory set) {
    int at = 0;
    while (at < SET_SIZE - 1 && set.getByte(at) == 0) {
      at++;
    }
    int processors = set.getByte(at) & 0xFF;
    set.clear();
    set.setByte(at, (byte) Integer.lowestOneBit(processors));
  }
}
