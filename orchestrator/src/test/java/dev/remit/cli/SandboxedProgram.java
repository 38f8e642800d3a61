package dev.remit.cli;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;

/**
 * The program below a filter of system calls (seccomp(2)) that refuses one call with one argument,
 * as the sandbox of a container may.
 */
final class SandboxedProgram {
  private static final int PR_SET_NO_NEW_PRIVS = 38;
  private static final int PR_SET_SECCOMP = 22;
  private static final int SECCOMP_MODE_FILTER = 2;

  // Offsets in struct seccomp_data.
  private static final int NUMBER = 0;
  private static final int ARGUMENTS = 16;

  // struct sock_filter: code, where to jump to if it is so and if not, value (linux/filter.h).
  private static final int LOAD = 0x20;
  private static final int JUMP_IF_EQUAL = 0x15;
  private static final int RETURN = 0x06;
  private static final int ALLOW = 0x7fff_0000;
  private static final int FAIL_WITH_EPERM = 0x0005_0001;

  private SandboxedProgram() {}

  /** Takes number, place of the argument and its refused value; then what the program takes. */
  public static void main(String[] arguments) throws Throwable {
    refuse(
        Integer.parseInt(arguments[0]),
        Integer.parseInt(arguments[1]),
        Integer.parseInt(arguments[2]));
    Main.main(Arrays.copyOfRange(arguments, 3, arguments.length));
  }

  /** On this thread and those that it starts from now on. */
  private static void refuse(int call, int place, int value) throws Throwable {
    try (var arena = Arena.ofConfined()) {
      long[] filter = {
        instruction(LOAD, 0, 0, NUMBER),
        instruction(JUMP_IF_EQUAL, 0, 3, call),
        instruction(LOAD, 0, 0, ARGUMENTS + 8 * place),
        instruction(JUMP_IF_EQUAL, 0, 1, value),
        instruction(RETURN, 0, 0, FAIL_WITH_EPERM),
        instruction(RETURN, 0, 0, ALLOW)
      };
      // struct sock_fprog: the number of instructions, and where they are.
      MemorySegment program = arena.allocate(16, 8);
      program.set(ValueLayout.JAVA_SHORT, 0, (short) filter.length);
      program.set(ValueLayout.ADDRESS, 8, arena.allocateFrom(ValueLayout.JAVA_LONG, filter));
      prctl(PR_SET_NO_NEW_PRIVS, 1, MemorySegment.NULL);
      prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, program);
    }
  }

  private static long instruction(int code, int ifSo, int ifNot, int value) {
    return code | (long) ifSo << 16 | (long) ifNot << 24 | (long) value << 32;
  }

  @SuppressWarnings("restricted") // native code, in a process of its own
  private static void prctl(int option, long first, MemorySegment second) throws Throwable {
    var linker = Linker.nativeLinker();
    var prctl =
        linker.downcallHandle(
            linker.defaultLookup().findOrThrow("prctl"),
            FunctionDescriptor.of(
                ValueLayout.JAVA_INT,
                ValueLayout.JAVA_INT,
                ValueLayout.JAVA_LONG,
                ValueLayout.ADDRESS,
                ValueLayout.JAVA_LONG,
                ValueLayout.JAVA_LONG),
            Linker.Option.firstVariadicArg(1));
    int result = (int) prctl.invokeExact(option, first, second, 0L, 0L);
    if (result != 0) {
      throw new IllegalStateException("prctl " + option + " ended with " + result);
    }
  }
}
