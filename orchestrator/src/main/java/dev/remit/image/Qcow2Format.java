package dev.remit.image;

import dev.remit.bytes.MalformedException;
import dev.remit.bytes.SeekableBytes;
import dev.remit.diagnostic.HostText;
import dev.remit.image.Content.HostEncryption;
import java.io.IOException;
import java.util.HashSet;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * qcow2, with what it refers to as far as that was given. A chain of backing files is followed by
 * their names, so that a name that comes again is a circle.
 */
final class Qcow2Format implements Format {
  private static final int VERSION_OFFSET = 4;
  private static final int BACKING_FILE_OFFSET = 8;
  private static final int LONGEST_CHAIN = 16;

  @Override
  public String title() {
    return "a qcow2 image";
  }

  @Override
  public Optional<Content> recognise(SeekableBytes region, Examination examination)
      throws MalformedException, IOException {
    var head = Block.of(region, 0, VERSION_OFFSET + 4);
    if (head.isEmpty() || !head.get().has(0, Qcow2Header.MAGIC)) {
      return Optional.empty();
    }
    if (head.get().u32be(VERSION_OFFSET) == 1) {
      return Optional.of(new Content.OtherContainer("a qcow image of version 1"));
    }
    var header = Qcow2Header.parse(region);
    var disk = disk(region, header, examination, new HashSet<>());
    return Optional.of(
        new Content.Qcow2(
            header.version(),
            header.encryption(),
            header.snapshots(),
            header.backingFile(),
            header.dataFile(),
            disk.isEmpty() ? Optional.empty() : Optional.of(examined(disk.get(), examination)),
            stray(header, disk)));
  }

  /** Of an image with snapshots nothing is told: their tables are part of it, and they are not. */
  private static OptionalLong stray(Qcow2Header header, Optional<SeekableBytes> disk)
      throws MalformedException, IOException {
    return header.snapshots() == 0 && disk.isPresent() && disk.get() instanceof Qcow2Disk own
        ? own.stray()
        : OptionalLong.empty();
  }

  private static Region examined(SeekableBytes disk, Examination examination)
      throws MalformedException, IOException {
    try {
      return examination.region(0, disk);
    } catch (UnreadableLayerException e) {
      if (e.isOf(disk)) {
        throw e.reason();
      }
      throw e;
    }
  }

  /** Empty where a key or another file is missing. */
  private static Optional<SeekableBytes> disk(
      SeekableBytes file, Qcow2Header header, Examination examination, Set<HostText> chain)
      throws MalformedException, IOException {
    if (header.encryption() != HostEncryption.NONE) {
      // Its tables still have to make sense.
      new Qcow2Disk(file, header, Optional.of(file), Optional.empty(), examination.budget());
      return Optional.empty();
    }
    var data = Optional.of(file);
    if (header.external()) {
      data = header.dataFile().flatMap(examination.companions()::named);
    }
    var backing = header.backingFile().flatMap(examination.companions()::named);
    Optional<SeekableBytes> below = Optional.empty();
    if (header.backingFile().isPresent()) {
      var name = header.backingFile().get();
      if (!chain.add(name)) {
        throw new MalformedException(
            BACKING_FILE_OFFSET, "its chain of backing files comes back to where it was");
      }
      if (chain.size() > LONGEST_CHAIN) {
        throw new MalformedException(
            BACKING_FILE_OFFSET, "its chain of backing files is longer than Remit follows");
      }
      if (backing.isPresent()) {
        below = below(backing.get(), header, examination, chain);
      }
    }
    var disk = new Qcow2Disk(file, header, data, below, examination.budget());
    return data.isEmpty() || header.backingFile().isPresent() != below.isPresent()
        ? Optional.empty()
        : Optional.of(disk);
  }

  /** A backing file is what the image says, not what it looks like. */
  private static Optional<SeekableBytes> below(
      SeekableBytes backing, Qcow2Header above, Examination examination, Set<HostText> chain)
      throws MalformedException, IOException {
    String format = above.backingFormat().map(HostText::raw).orElse("");
    if (format.equals("raw")) {
      return Optional.of(backing);
    }
    if (!format.equals("qcow2")) {
      return Optional.empty();
    }
    var head = Block.of(backing, 0, Qcow2Header.MAGIC.size());
    if (head.isEmpty() || !head.get().has(0, Qcow2Header.MAGIC)) {
      throw new MalformedException(BACKING_FILE_OFFSET, "its backing file is not a qcow2 image");
    }
    try {
      return disk(backing, Qcow2Header.parse(backing), examination, chain);
    } catch (MalformedException e) {
      throw new MalformedException(BACKING_FILE_OFFSET, "a backing file: " + e.what());
    }
  }
}
