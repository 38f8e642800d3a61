package dev.remit.adapter.libvirt;

import com.sun.jna.Library;
import com.sun.jna.Native;
import com.sun.jna.Pointer;
import dev.remit.diagnostic.Code;
import dev.remit.diagnostic.Diagnostic;
import dev.remit.diagnostic.Failure;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.libvirt.jna.Libvirt.VirErrorCallback;

/** libvirt in this process: loaded once, kept quiet, with one event loop. */
final class LoadedLibvirt {
  /**
   * libvirt prints every error to standard error unless it has a callback. Held here, because JNA
   * frees a callback to which only native code refers.
   */
  private static final VirErrorCallback SILENT = (data, error) -> {};

  private static @Nullable NativeLibvirt loaded;
  private static @Nullable EventLoop eventLoop;

  /** The C library, for what Java does not tell or do. */
  interface LibC extends Library {
    int setenv(String name, String value, int overwrite);

    int geteuid();

    /** sched_getaffinity(2); the size is one of octets. */
    int sched_getaffinity(int thread, long size, Pointer set);

    int sched_setaffinity(int thread, long size, Pointer set);
  }

  private LoadedLibvirt() {}

  static synchronized NativeLibvirt load() throws Failure {
    if (loaded == null) {
      // What an embedded libvirt logs beside its errors would come out on our standard error.
      setEnvironment("LIBVIRT_LOG_OUTPUTS", "4:file:/dev/null", false);
      loaded = load("virt");
      loaded.virSetErrorFunc(null, SILENT);
    }
    return loaded;
  }

  /** The one of this process. */
  static synchronized EventLoop eventLoop() throws Failure {
    if (eventLoop == null) {
      eventLoop = new EventLoop(load());
    }
    return eventLoop;
  }

  static NativeLibvirt load(String library) throws Failure {
    try {
      return Native.load(
          library, NativeLibvirt.class, Map.of(Library.OPTION_STRING_ENCODING, "UTF-8"));
    } catch (UnsatisfiedLinkError e) {
      throw new Failure(
          Diagnostic.of(
              Code.NO_LIBVIRT,
              "libvirt's client library is not on this machine",
              "lib%s.so.0 cannot be loaded".formatted(library),
              "install it: on Debian the package libvirt0, or run scripts/setup"),
          e);
    }
  }

  /**
   * Puts a folder in front of the path on which libvirt looks for QEMU; empty leaves the path as it
   * was at first. Only libvirt and what it starts see this: Java keeps an environment of its own.
   */
  static synchronized void searchFirst(Optional<Path> folder) {
    String path = Optional.ofNullable(System.getenv("PATH")).orElse("/usr/bin:/bin");
    setEnvironment("PATH", folder.map(first -> first + ":" + path).orElse(path), true);
  }

  /**
   * The number of who runs this. The owner of /proc/self would not tell: it is root for every
   * process that allows no dumps.
   */
  static int user() {
    return libC().geteuid();
  }

  private static void setEnvironment(String name, String value, boolean overwrite) {
    if (libC().setenv(name, value, overwrite ? 1 : 0) != 0) {
      throw new IllegalStateException("setenv refused " + name);
    }
  }

  static LibC libC() {
    return Native.load("c", LibC.class, Map.of(Library.OPTION_STRING_ENCODING, "UTF-8"));
  }
}
