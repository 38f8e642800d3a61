package dev.remit.bytes;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;

/** Whether this process can be read by others of its user, and by itself (Linux, prctl(2)). */
public final class Dumpable {
  /** Linux, include/uapi/linux/prctl.h. */
  private static final int PR_GET_DUMPABLE = 3;

  private static final int PR_SET_DUMPABLE = 4;

  private Dumpable() {}

  public static boolean get() {
    return prctl(PR_GET_DUMPABLE, 0) == 1;
  }

  public static void set(boolean dumpable) {
    if (prctl(PR_SET_DUMPABLE, dumpable ? 1 : 0) != 0) {
      throw new IllegalStateException("prctl(PR_SET_DUMPABLE) does not succeed");
    }
  }

  @SuppressWarnings("restricted")
  private static int prctl(int option, long argument) {
    var linker = Linker.nativeLinker();
    var prctl =
        linker.downcallHandle(
            linker.defaultLookup().findOrThrow("prctl"),
            FunctionDescriptor.of(
                ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_LONG),
            Linker.Option.firstVariadicArg(1));
    try {
      return (int) prctl.invokeExact(option, argument);
    } catch (Throwable impossible) {
      throw new IllegalStateException(impossible);
    }
  }
}
