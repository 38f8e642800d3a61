package dev.remit.image;

import dev.remit.bytes.Bytes;
import dev.remit.bytes.SeekableBytes;
import dev.remit.image.Content.FileSystem;
import dev.remit.image.Content.OtherContainer;
import dev.remit.image.Content.OtherProtection;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/**
 * A format that Remit tells by a mark and does not look into. Every mark is long enough that
 * encrypted data does not have it by chance.
 *
 * @param offset of the mark in bytes; where negative, from the end of the region
 */
record MarkFormat(Content content, long offset, Bytes mark) implements Format {
  static final Content DM_INTEGRITY = new OtherProtection("a dm-integrity device");

  private static final Content VMDK = new OtherContainer("a VMDK image");
  private static final Content VHD = new OtherContainer("a VHD image");
  private static final Content PARALLELS = new OtherContainer("a Parallels image");
  private static final Content REISERFS = fileSystem("a ReiserFS file system");
  private static final Content HFS_PLUS = fileSystem("an HFS+ file system");
  private static final Content BITLOCKER = new OtherProtection("a BitLocker volume");

  static final List<Format> CONTAINERS =
      List.of(
          new MarkFormat(VMDK, 0, Block.ascii("KDMV")),
          new MarkFormat(VMDK, 0, Block.ascii("COWD")),
          new MarkFormat(VMDK, 0, Block.ascii("# Disk DescriptorFile")),
          new MarkFormat(VHD, 0, Block.ascii("conectix")),
          new MarkFormat(VHD, -512, Block.ascii("conectix")),
          new MarkFormat(new OtherContainer("a VHDX image"), 0, Block.ascii("vhdxfile")),
          new MarkFormat(new OtherContainer("a VDI image"), 64, Bytes.of(0x7f, 0x10, 0xda, 0xbe)),
          new MarkFormat(new OtherContainer("a QED image"), 0, Block.ascii("QED\0")),
          new MarkFormat(PARALLELS, 0, Block.ascii("WithoutFreeSpace")),
          new MarkFormat(PARALLELS, 0, Block.ascii("WithouFreSpacExt")),
          new MarkFormat(new OtherContainer("a Bochs image"), 0, Block.ascii("Bochs Virtual HD")),
          new MarkFormat(new OtherContainer("an Apple disk image"), -512, Block.ascii("koly")),
          new MarkFormat(
              new OtherContainer("a bcache device"),
              4096 + 24,
              Bytes.ofHex("c68573f64e1a45ca8265f57f48ba6d81")));

  /** Those whose labels stand elsewhere than beside the mark. */
  static final List<Format> FILE_SYSTEMS =
      List.of(
          new MarkFormat(fileSystem("an NTFS file system"), 3, Block.ascii("NTFS    ")),
          new MarkFormat(fileSystem("an exFAT file system"), 3, Block.ascii("EXFAT   ")),
          new MarkFormat(
              fileSystem("a bcachefs file system"),
              4096 + 24,
              Bytes.ofHex("c68573f666ce90a9d96a60cf803df7ef")),
          new MarkFormat(fileSystem("a JFS file system"), 0x8000, Block.ascii("JFS1")),
          new MarkFormat(REISERFS, 0x10034, Block.ascii("ReIsEr2Fs")),
          new MarkFormat(REISERFS, 0x10034, Block.ascii("ReIsEr3Fs")),
          new MarkFormat(HFS_PLUS, 1024, Bytes.of('H', '+', 0, 4)),
          new MarkFormat(HFS_PLUS, 1024, Bytes.of('H', 'X', 0, 5)),
          new MarkFormat(fileSystem("an APFS container"), 32, Block.ascii("NXSB")),
          new MarkFormat(fileSystem("a cramfs file system"), 16, Block.ascii("Compressed ROMFS")),
          new MarkFormat(fileSystem("a romfs file system"), 0, Block.ascii("-rom1fs-")),
          new MarkFormat(fileSystem("an OCFS2 file system"), 0x2000, Block.ascii("OCFSV2")),
          new MarkFormat(fileSystem("a squashfs file system"), 0, Block.ascii("hsqs")));

  static final List<Format> PROTECTIONS =
      List.of(
          new MarkFormat(BITLOCKER, 3, Block.ascii("-FVE-FS-")),
          // On removable media, which look like FAT to older systems.
          new MarkFormat(BITLOCKER, 0x1a8, Bytes.ofHex("3bd66749292ed84a8399f6a339e3d001")),
          new MarkFormat(DM_INTEGRITY, 0, Block.ascii("integrt\0")));

  private static Content fileSystem(String title) {
    return new FileSystem(title, List.of(), Optional.empty());
  }

  @Override
  public String title() {
    return content.title();
  }

  @Override
  public Optional<Content> recognise(SeekableBytes region, Examination examination)
      throws IOException {
    long at = offset < 0 ? region.size() + offset : offset;
    return Block.of(region, at, mark.size())
        .filter(block -> block.has(0, mark))
        .map(block -> content);
  }
}
