package dev.remit.image;

import dev.remit.bytes.MalformedException;
import dev.remit.bytes.SeekableBytes;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Optional;

/**
 * FAT12, FAT16 and FAT32 with long names (Microsoft, FAT32 File System Specification 1.03;
 * ECMA-107). Where a guest is more lenient than the specification, Linux is what counts
 * (fs/fat/inode.c, fs/fat/dir.c).
 */
final class Fat implements Format {
  @Override
  public String title() {
    return "a FAT file system";
  }

  @Override
  public Optional<Content> recognise(SeekableBytes region, Examination examination)
      throws MalformedException, IOException {
    var boot = Block.of(region, 0, FatVolume.BOOT_SECTOR);
    if (boot.isEmpty() || !FatVolume.isMarked(boot.get())) {
      return Optional.empty();
    }
    var volume = FatVolume.of(boot.get(), region);
    var files = new FatFiles(volume, examination.budget());
    files.walk();
    var programs = new ArrayList<Content.Program>();
    for (var program : files.programs()) {
      programs.add(
          new Content.Program(
              program.path(), examination.region(program.offset(), program.octets())));
    }
    return Optional.of(
        new Content.FileSystem(
            "a FAT" + volume.bits() + " file system",
            files.labels(),
            Optional.of(files.tree()),
            programs));
  }
}
