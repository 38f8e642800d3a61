package dev.remit.adapter.libvirt;

import com.sun.jna.Pointer;
import com.sun.jna.ptr.IntByReference;
import com.sun.jna.ptr.PointerByReference;
import org.jspecify.annotations.Nullable;
import org.libvirt.jna.CString;
import org.libvirt.jna.ConnectionPointer;
import org.libvirt.jna.DomainPointer;
import org.libvirt.jna.Libvirt;

/**
 * libvirt's C interface: what libvirt-java declares, and the functions that it lacks (libvirt,
 * libvirt-host.h, libvirt-domain.h, virterror.h). libvirt-java's own objects are not used: their
 * finalizers call libvirt, which can hang.
 */
interface NativeLibvirt extends Libvirt {
  int DOMAIN_START_PAUSED = 1;

  int STATE_RUNNING = 1;
  int STATE_BLOCKED = 2;
  int STATE_PAUSED = 3;
  int STATE_SHUTOFF = 5;
  int STATE_CRASHED = 6;

  /** Reasons of {@link #STATE_SHUTOFF}. */
  int SHUTOFF_SHUTDOWN = 1;

  int SHUTOFF_DESTROYED = 2;
  int SHUTOFF_CRASHED = 3;
  int SHUTOFF_MIGRATED = 4;
  int SHUTOFF_SAVED = 5;
  int SHUTOFF_FAILED = 6;
  int SHUTOFF_DAEMON = 8;

  @Nullable CString virConnectGetDomainCapabilities(
      ConnectionPointer connection,
      @Nullable String emulator,
      String architecture,
      String machine,
      String virtualisation,
      int flags);

  int virNodeGetSEVInfo(
      ConnectionPointer connection, PointerByReference values, IntByReference count, int flags);

  int virDomainGetState(
      DomainPointer domain, IntByReference state, IntByReference reason, int flags);

  int virDomainShutdownFlags(DomainPointer domain, int flags);

  int virDomainDestroyFlags(DomainPointer domain, int flags);

  int virDomainGetLaunchSecurityInfo(
      DomainPointer domain, PointerByReference values, IntByReference count, int flags);

  int virDomainSetLaunchSecurityState(DomainPointer domain, Pointer values, int count, int flags);

  /** Of the calling thread. */
  int virGetLastErrorCode();

  /** Of the calling thread; libvirt keeps it. */
  String virGetLastErrorMessage();
}
