package dev.remit.image;

import dev.remit.bytes.Bytes;
import dev.remit.bytes.SeekableBytes;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/**
 * Swap: its mark ends with the first page, whose size is the processor's (Linux, mm/swapfile.c).
 * The mark of a machine that sleeps stands in its place (kernel/power/swap.c, and what blkid
 * knows).
 */
final class SwapFormat implements Format {
  private static final int MARK_SIZE = 10;

  private static final List<Bytes> AWAKE =
      List.of(Block.ascii("SWAPSPACE2"), Block.ascii("SWAP-SPACE"));

  private static final List<Bytes> ASLEEP =
      List.of(
          Block.ascii("S1SUSPEND\0"),
          Block.ascii("S2SUSPEND\0"),
          Block.ascii("ULSUSPEND\0"),
          Block.ascii("LINHIB0001"),
          Bytes.ofHex("edc302e99856e50c"));

  @Override
  public String title() {
    return "a swap area";
  }

  @Override
  public Optional<Content> recognise(SeekableBytes region, Examination examination)
      throws IOException {
    for (int page = 4096; page <= 1 << 16; page *= 2) {
      var block = Block.of(region, page - MARK_SIZE, MARK_SIZE);
      if (block.isPresent()) {
        if (ASLEEP.stream().anyMatch(mark -> block.get().has(0, mark))) {
          return Optional.of(new Content.Swap(true));
        }
        if (AWAKE.stream().anyMatch(mark -> block.get().has(0, mark))) {
          return Optional.of(new Content.Swap(false));
        }
      }
    }
    return Optional.empty();
  }
}
