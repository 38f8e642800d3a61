package dev.remit.image;

import dev.remit.bytes.MalformedException;
import dev.remit.bytes.SeekableBytes;
import java.io.IOException;
import java.util.Optional;

/**
 * An initial RAM disk, as the kernel unpacks it: archives and compressed archives one after the
 * other, with zeros between them (Linux, init/initramfs.c, unpack_to_rootfs). Offsets in a
 * compressed part are those in what it unpacks to.
 */
final class Initrd implements Format {
  @Override
  public String title() {
    return "an initial RAM disk";
  }

  @Override
  public Optional<Content> recognise(SeekableBytes region, Examination examination)
      throws MalformedException, IOException {
    var first = Compression.of(region);
    if (first.isEmpty() && !startsArchive(region)) {
      return Optional.empty();
    }
    var budget = examination.budget();
    var listing = new Listing(budget);
    long at = 0;
    while (at < region.size()) {
      var rest = region.from(at);
      var compression = Compression.of(rest);
      if (compression.isPresent()) {
        compression.get().requireReadable(at);
        long read = compressed(rest, at, compression.get(), listing, budget);
        if (read == 0) {
          return Optional.of(
              new Content.OtherContainer("data compressed with " + compression.get().title()));
        }
        at += read;
      } else {
        Rule.require(startsArchive(rest), at, "what follows is neither an archive nor compressed");
        at += plain(rest, at, listing, budget);
      }
      try (var flow = Flow.plain(region.from(at), budget)) {
        flow.skipZeros();
        at += flow.read();
      }
    }
    return Optional.of(new Content.Initrd(listing.tree()));
  }

  private static long plain(SeekableBytes rest, long at, Listing listing, Budget budget)
      throws MalformedException, IOException {
    try (var flow = Flow.plain(rest, budget)) {
      new Cpio(flow, listing, budget, at).read();
      return flow.read();
    } catch (MalformedException e) {
      throw new MalformedException(at + e.offset(), e.what());
    }
  }

  /** Zero where what comes first is no archive. */
  private static long compressed(
      SeekableBytes rest, long at, Compression compression, Listing listing, Budget budget)
      throws MalformedException, IOException {
    try (var flow = Flow.unpacked(rest, compression, budget)) {
      flow.skipZeros();
      if (at == 0 && flow.peek() != '0') {
        return 0;
      }
      while (flow.peek() >= 0) {
        // Nothing in it is compressed once more.
        new Cpio(flow, listing, budget, 0).read();
        flow.skipZeros();
      }
      return flow.read();
    } catch (MalformedException e) {
      throw new MalformedException(
          e.offset(), "in what is compressed from byte " + at + " on: " + e.what());
    }
  }

  private static boolean startsArchive(SeekableBytes region) throws IOException {
    return Block.of(region, 0, Cpio.NEW.size()).map(Block::raw).filter(Cpio::isMark).isPresent();
  }
}
