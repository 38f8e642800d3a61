package dev.remit.adapter.host;

import dev.remit.diagnostic.Code;
import dev.remit.diagnostic.Diagnostic;
import dev.remit.diagnostic.Failure;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;

/** The memory of this process, where the secrets lie. */
public final class OwnMemory {
  /** Linux, include/uapi/linux/prctl.h. */
  private static final int PR_SET_DUMPABLE = 4;

  private OwnMemory() {}

  /**
   * From now on the kernel writes no core of this process, not to a program either, and lets only
   * holders of CAP_SYS_PTRACE attach to it or read its memory (Linux, PR_SET_DUMPABLE(2const)). It
   * does not take away what somebody attached earlier.
   */
  @SuppressWarnings("restricted") // native code, which the program's manifest allows
  public static void shut() throws Failure {
    var linker = Linker.nativeLinker();
    var prctl = linker.defaultLookup().find("prctl");
    if (prctl.isEmpty()) {
      throw open("the C library of this system has no prctl");
    }
    var call =
        linker.downcallHandle(
            prctl.get(),
            FunctionDescriptor.of(
                ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_LONG),
            Linker.Option.firstVariadicArg(1));
    int result;
    try {
      result = (int) call.invokeExact(PR_SET_DUMPABLE, 0L);
    } catch (Throwable impossible) {
      throw new IllegalStateException("a call into C throws nothing", impossible);
    }
    if (result != 0) {
      throw open("prctl(PR_SET_DUMPABLE) failed");
    }
  }

  private static Failure open(String why) {
    return new Failure(
        Diagnostic.of(
            Code.MEMORY_OPEN,
            "other programs of this user could read the keys in this process",
            why,
            "run Remit on Linux"));
  }
}
