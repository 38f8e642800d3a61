package dev.remit.bytes;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Looks for secrets in all memory that a process can read of itself (Linux, proc_pid_maps(5) and
 * proc_pid_mem(5)): heap with its garbage, native memory, stacks, libraries.
 */
public final class MemoryScan {
  private static final int CHUNK = 1 << 20;

  private static final int PAGE = 4096;

  private static final long PRESENT_OR_SWAPPED = 3L << 62;

  /** More than the longest form has. */
  private static final int OVERLAP = 64;

  /** Pages of the kernel, which /proc/PID/mem does not give. */
  private static final Set<String> OF_THE_KERNEL =
      Set.of("[vvar]", "[vvar_vclock]", "[vsyscall]", "[vdso]");

  private final Path process;
  private final List<MaskedSecret.Form> forms;
  private final boolean[] beginnings = new boolean[1 << 16];
  private final List<Found> found = new ArrayList<>();
  private long read;

  private MemoryScan(Path process, List<MaskedSecret.Form> forms) {
    this.process = process;
    this.forms = forms;
    forms.forEach(form -> beginnings[form.octet(0) << 8 | form.octet(1)] = true);
  }

  /** One copy, or a part of one: the secret's name, its form and the mapping where it lies. */
  public record Found(String secret, String form, String where) {}

  /** Of this process, which may have shut its memory: then only root reads it. */
  public static List<Found> ofThisProcess(List<MaskedSecret> secrets) throws IOException {
    boolean wasOpen = Dumpable.get();
    Dumpable.set(true);
    try {
      return of(Path.of("/proc/self"), secrets);
    } finally {
      Dumpable.set(wasOpen);
    }
  }

  private static List<Found> of(Path process, List<MaskedSecret> secrets) throws IOException {
    var scan =
        new MemoryScan(
            process, secrets.stream().flatMap(secret -> secret.forms().stream()).toList());
    scan.run();
    return List.copyOf(scan.found);
  }

  private void run() throws IOException {
    try (var arena = Arena.ofConfined();
        var memory = FileChannel.open(process.resolve("mem"), StandardOpenOption.READ)) {
      var chunk = arena.allocate(CHUNK + OVERLAP);
      var zeros = arena.allocate(CHUNK + OVERLAP);
      for (var mapping : mappings()) {
        if (mapping.isReadable() && !OF_THE_KERNEL.contains(mapping.name())) {
          search(memory, mapping, chunk, zeros);
        }
      }
      chunk.fill((byte) 0);
    }
    if (read == 0) {
      throw new IOException("nothing was read of " + process);
    }
  }

  private void search(FileChannel memory, Mapping mapping, MemorySegment chunk, MemorySegment zeros)
      throws IOException {
    for (long at = mapping.start(); at < mapping.end(); at += CHUNK) {
      if (!isInUse(at, Math.min(CHUNK + OVERLAP, mapping.end() - at))) {
        continue;
      }
      int wanted = (int) Math.min(CHUNK + OVERLAP, mapping.end() - at);
      var window = chunk.asSlice(0, wanted);
      try {
        var buffer = window.asByteBuffer();
        while (buffer.hasRemaining()) {
          if (memory.read(buffer, at + buffer.position()) < 0) {
            throw new IOException("the process has ended");
          }
        }
      } catch (IOException cause) {
        if (mappings().contains(mapping)) {
          throw new IOException("cannot read " + mapping, cause);
        }
        return; // It was unmapped in the meantime.
      }
      read += wanted;
      if (window.mismatch(zeros.asSlice(0, wanted)) >= 0) {
        search(window, at, mapping, chunk.address());
      }
    }
  }

  /** Whether a page of it was ever written or read in (Linux, admin-guide/mm/pagemap). */
  private boolean isInUse(long address, long size) throws IOException {
    long first = address / PAGE;
    int pages = (int) ((address + size - 1) / PAGE - first + 1);
    var entries = ByteBuffer.allocate(pages * Long.BYTES).order(ByteOrder.nativeOrder());
    try (var pagemap = FileChannel.open(process.resolve("pagemap"), StandardOpenOption.READ)) {
      if (pagemap.read(entries, first * Long.BYTES) < pages * Long.BYTES) {
        return true;
      }
    }
    for (int i = 0; i < pages; i++) {
      if ((entries.getLong(i * Long.BYTES) & PRESENT_OR_SWAPPED) != 0) {
        return true;
      }
    }
    return false;
  }

  /** A copy that this search itself has made, in its window, does not count. */
  private void search(MemorySegment window, long start, Mapping mapping, long own) {
    int limit = (int) Math.min(CHUNK, window.byteSize() - 1);
    int last = window.get(ValueLayout.JAVA_BYTE, 0) & 0xff;
    for (int at = 0; at < limit; at++) {
      int next = window.get(ValueLayout.JAVA_BYTE, at + 1) & 0xff;
      if (beginnings[last << 8 | next]) {
        long address = start + at;
        if (address < own || address >= own + CHUNK + OVERLAP) {
          compare(window, at, mapping);
        }
      }
      last = next;
    }
  }

  private void compare(MemorySegment window, int at, Mapping mapping) {
    for (var form : forms) {
      if (at + form.masked().size() <= window.byteSize() && isAt(window, at, form)) {
        found.add(new Found(form.secret(), form.form(), mapping.name()));
      }
    }
  }

  private static boolean isAt(MemorySegment window, int at, MaskedSecret.Form form) {
    for (int i = 0; i < form.masked().size(); i++) {
      int octet = window.get(ValueLayout.JAVA_BYTE, at + i) & 0xff;
      if ((octet ^ form.pad().at(i)) != form.masked().at(i)) {
        return false;
      }
    }
    return true;
  }

  private List<Mapping> mappings() throws IOException {
    return Files.readAllLines(process.resolve("maps")).stream().map(Mapping::parse).toList();
  }

  private record Mapping(long start, long end, boolean isReadable, String name) {
    static Mapping parse(String line) {
      String[] fields = line.split(" +", 6);
      String[] range = fields[0].split("-", 2);
      return new Mapping(
          Long.parseUnsignedLong(range[0], 16),
          Long.parseUnsignedLong(range[1], 16),
          fields[1].startsWith("r"),
          fields.length > 5 ? fields[5] : "");
    }
  }
}
