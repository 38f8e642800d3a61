package dev.remit.adapter.host;

import dev.remit.diagnostic.Code;
import dev.remit.diagnostic.Diagnostic;
import dev.remit.diagnostic.Failure;
import dev.remit.diagnostic.HostText;
import dev.remit.launch.GuestConsole;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A console that its host writes to a file. Of however much it writes, only the end is read. */
public final class ConsoleFile implements GuestConsole {
  /** Bytes that are read at once. */
  static final int READ = 256 * 1024;

  /** Bytes of a line that are shown. */
  static final int LONGEST_LINE = 2_000;

  private final Path file;
  private final Duration limit;

  /**
   * @param limit for each look: the file may lie where nobody answers
   */
  public ConsoleFile(Path file, Duration limit) {
    this.file = file;
    this.limit = limit;
  }

  @Override
  public Said since(long offset) throws Failure {
    var look = new FutureTask<>(() -> read(offset));
    Thread.ofPlatform().daemon().name("console").start(look);
    try {
      return look.get(limit.toNanos(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException tooLong) {
      throw unreadable("it was not read within " + limit.toSeconds() + " s");
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw unreadable("somebody interrupted it");
    } catch (ExecutionException thrown) {
      if (thrown.getCause() instanceof IOException cause) {
        throw unreadable(HostFiles.reason(cause));
      }
      throw new IllegalStateException(thrown.getCause());
    }
  }

  private Said read(long offset) throws IOException {
    // A pipe or a device may never end, and a link may point at anything of ours.
    if (Files.exists(file, LinkOption.NOFOLLOW_LINKS)
        && !Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
      throw new IOException("it is not a regular file");
    }
    try (var channel = FileChannel.open(file, StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS)) {
      Instant grew = Files.getLastModifiedTime(file, LinkOption.NOFOLLOW_LINKS).toInstant();
      long size = channel.size();
      // A host that starts the file anew is followed from its start.
      long from = offset > size ? 0 : offset;
      long start = Math.max(from, size - READ);
      var buffer = ByteBuffer.allocate((int) (size - start));
      while (buffer.hasRemaining() && channel.read(buffer, start + buffer.position()) >= 0) {}
      return lines(Arrays.copyOf(buffer.array(), buffer.position()), start, start > from, grew);
    }
  }

  private static Said lines(byte[] read, long start, boolean skipped, Instant grew) {
    int end = read.length;
    var lines = new ArrayList<HostText>();
    int begin = 0;
    for (int at = 0; at < end; at++) {
      if (read[at] == '\n') {
        lines.add(line(read, begin, at));
        begin = at + 1;
      }
    }
    var unfinished = line(read, begin, end);
    return new Said(List.copyOf(lines), unfinished, start + begin, start + end, skipped, grew);
  }

  /** Of a very long one the end, which is the newest. */
  private static HostText line(byte[] read, int start, int to) {
    int end = to > start && read[to - 1] == '\r' ? to - 1 : to;
    int from = Math.max(start, end - LONGEST_LINE);
    return new HostText(new String(read, from, end - from, StandardCharsets.UTF_8));
  }

  private Failure unreadable(String why) {
    return new Failure(
        Diagnostic.of(
            Code.CONSOLE_UNREADABLE,
            "cannot read the console " + new HostText(file.toString()),
            why,
            "see that the host writes it there, and that you may read it"));
  }
}
