package dev.remit.adapter.host;

import dev.remit.diagnostic.Code;
import dev.remit.diagnostic.Diagnostic;
import dev.remit.diagnostic.Failure;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/** The memory of this process, where the secrets lie. */
public final class OwnMemory {
  /** Linux, include/uapi/linux/prctl.h. */
  private static final int PR_SET_DUMPABLE = 4;

  /** Linux, include/uapi/asm-generic/resource.h. */
  private static final int RLIMIT_CORE = 4;

  private static final Linker LINKER = Linker.nativeLinker();

  private OwnMemory() {}

  /**
   * From now on the kernel writes no core of this process, not to a program either, and lets only
   * holders of CAP_SYS_PTRACE attach to it or read its memory (Linux, PR_SET_DUMPABLE(2const)). It
   * does not take away what somebody attached earlier.
   *
   * <p>The limit of cores is set too, soft and hard: unlike the first, the programs that this one
   * starts inherit it, an embedded libvirt's QEMU among them.
   */
  public static void shut() throws Failure {
    int result;
    try (var arena = Arena.ofConfined()) {
      var prctl =
          function(
              "prctl",
              FunctionDescriptor.of(
                  ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_LONG),
              Linker.Option.firstVariadicArg(1));
      result = (int) prctl.invokeExact(PR_SET_DUMPABLE, 0L);
      if (result != 0) {
        throw open("prctl(PR_SET_DUMPABLE) failed");
      }
      var setrlimit =
          function(
              "setrlimit",
              FunctionDescriptor.of(
                  ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.ADDRESS));
      // struct rlimit has two numbers of 64 bits (setrlimit(2)), and these are zero.
      MemorySegment none = arena.allocate(ValueLayout.JAVA_LONG, 2);
      result = (int) setrlimit.invokeExact(RLIMIT_CORE, none);
    } catch (Failure failure) {
      throw failure;
    } catch (Throwable impossible) {
      throw new IllegalStateException("a call into C throws nothing", impossible);
    }
    if (result != 0) {
      throw open("setrlimit(RLIMIT_CORE) failed");
    }
  }

  @SuppressWarnings("restricted") // native code, which the program's manifest allows
  private static MethodHandle function(
      String name, FunctionDescriptor descriptor, Linker.Option... options) throws Failure {
    var address = LINKER.defaultLookup().find(name);
    if (address.isEmpty()) {
      throw open("the C library of this system has no " + name);
    }
    return LINKER.downcallHandle(address.get(), descriptor, options);
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
