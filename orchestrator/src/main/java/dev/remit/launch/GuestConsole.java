package dev.remit.launch;

import dev.remit.diagnostic.Failure;
import dev.remit.diagnostic.HostText;
import java.time.Instant;
import java.util.List;

/** What a guest said, by the word of the host that keeps it. */
public interface GuestConsole {
  /**
   * What there is behind an offset, in bytes; of much, only the end.
   *
   * @param offset 0 at first, then {@link Said#next()}
   */
  Said since(long offset) throws Failure;

  /**
   * A part of it.
   *
   * @param lines without their ends
   * @param unfinished what follows the last line end; may be empty
   * @param next offset of the unfinished line, in bytes
   * @param size in bytes
   * @param skipped whether something before it was left out
   * @param grewAt when the host last wrote to it, by its own clock
   */
  record Said(
      List<HostText> lines,
      HostText unfinished,
      long next,
      long size,
      boolean skipped,
      Instant grewAt) {
    public Said {
      lines = List.copyOf(lines);
    }
  }
}
