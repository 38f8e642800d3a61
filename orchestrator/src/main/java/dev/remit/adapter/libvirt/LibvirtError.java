package dev.remit.adapter.libvirt;

import com.sun.jna.PointerType;
import dev.remit.diagnostic.HostText;
import org.jspecify.annotations.Nullable;

/** What libvirt left in the calling thread when a call did not succeed. */
final class LibvirtError extends Exception {
  private static final long serialVersionUID = 1;

  /** VIR_ERR_NO_DOMAIN (libvirt, virterror.h). */
  static final int NO_DOMAIN = 42;

  /** VIR_ERR_OPERATION_TIMEOUT: for 30 s the domain was not to be had (QEMU_JOB_WAIT_TIME). */
  static final int OPERATION_TIMEOUT = 68;

  /** The end of a long text is where QEMU says why it stopped. */
  private static final int LONGEST = 8_000;

  private final int number;
  private final transient HostText text;

  LibvirtError(int number, String text) {
    super("libvirt's error " + number);
    this.number = number;
    String end = text.substring(Math.max(0, text.length() - LONGEST)).strip();
    this.text = new HostText(end.isEmpty() ? "no reason" : end);
  }

  /** To be called on the thread that made the call: errors belong to threads. */
  static int check(NativeLibvirt libvirt, int result) throws LibvirtError {
    if (result < 0) {
      throw last(libvirt);
    }
    return result;
  }

  /** As the other, for calls that answer with an object. */
  static <P extends PointerType> P check(NativeLibvirt libvirt, @Nullable P result)
      throws LibvirtError {
    if (result == null) {
      throw last(libvirt);
    }
    return result;
  }

  private static LibvirtError last(NativeLibvirt libvirt) {
    return new LibvirtError(libvirt.virGetLastErrorCode(), libvirt.virGetLastErrorMessage());
  }

  /** 0 where libvirt called its own answer a success, and it is none. */
  int number() {
    return number;
  }

  /** May have lines of QEMU's standard error in it. */
  HostText text() {
    return text;
  }
}
