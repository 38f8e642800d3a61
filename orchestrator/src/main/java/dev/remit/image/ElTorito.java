package dev.remit.image;

import dev.remit.bytes.Bytes;
import dev.remit.bytes.MalformedException;
import dev.remit.bytes.SeekableBytes;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What the firmware may boot from a CD (El Torito Bootable CD-ROM Format Specification 1.0). */
final class ElTorito implements Format {
  private static final Bytes ID = Block.ascii("EL TORITO SPECIFICATION");
  private static final int ID_OFFSET = 7;
  private static final int CATALOGUE = 0x47;

  /** Of an entry of the catalogue (2.0). */
  private static final int ENTRY = 32;

  /** The catalogue goes on over sectors, but no CD has so many images. */
  private static final int MOST_ENTRIES = IsoVolume.SECTOR / ENTRY;

  private static final int BOOTABLE = 0x88;
  private static final int NOT_BOOTABLE = 0x00;
  private static final int EXTENSION = 0x44;
  private static final int MORE_SECTIONS = 0x90;
  private static final int LAST_SECTION = 0x91;

  /** The unit of an image's size (1.5). */
  private static final int VIRTUAL_SECTOR = 512;

  @Override
  public String title() {
    return "an El Torito boot catalogue";
  }

  @Override
  public Optional<Content> recognise(SeekableBytes region, Examination examination)
      throws MalformedException, IOException {
    if (!IsoVolume.isMarked(region)) {
      return Optional.empty();
    }
    var images = new ArrayList<Region>();
    boolean found = false;
    var descriptors = IsoVolume.descriptors(region);
    for (int i = 0; i < descriptors.size(); i++) {
      var descriptor = descriptors.get(i);
      if (descriptor.u8(0) == 0 && descriptor.has(ID_OFFSET, ID)) {
        found = true;
        read(descriptor.u32le(CATALOGUE) * IsoVolume.SECTOR, region, examination, images);
      }
    }
    return found ? Optional.of(new Content.BootCatalogue(images)) : Optional.empty();
  }

  private static void read(
      long at, SeekableBytes region, Examination examination, List<Region> images)
      throws MalformedException, IOException {
    var catalogue =
        Block.of(region, at, IsoVolume.SECTOR)
            .orElseThrow(() -> new MalformedException(at, "the catalogue is not in the image"));
    requireValid(catalogue, at);
    boolean last = false;
    int left = 1;
    for (int i = 1; i < MOST_ENTRIES && (left > 0 || !last); i++) {
      int entry = i * ENTRY;
      int type = catalogue.u8(entry);
      if (left == 0) {
        // Without a section the catalogue ends with its first entry.
        if (i == 2 && catalogue.raw().slice(entry, ENTRY).isZero()) {
          return;
        }
        Rule.require(
            type == MORE_SECTIONS || type == LAST_SECTION, at + entry, "a section has no header");
        last = type == LAST_SECTION;
        left = catalogue.u16le(entry + 2);
      } else if (type != EXTENSION) {
        Rule.require(
            type == BOOTABLE || type == NOT_BOOTABLE, at + entry, "an entry of it has no mark");
        left--;
        add(catalogue, entry, at, region, examination, images);
      }
    }
    Rule.require(left == 0 && last, at, "the catalogue has no end");
  }

  private static void add(
      Block catalogue,
      int entry,
      long at,
      SeekableBytes region,
      Examination examination,
      List<Region> images)
      throws MalformedException, IOException {
    examination.budget().step(at + entry);
    long start = catalogue.u32le(entry + 8) * IsoVolume.SECTOR;
    int sectors = catalogue.u16le(entry + 6);
    Rule.require(start < region.size(), at + entry + 8, "a boot image is not in the image");
    // None or one sector of an EFI image means all up to the end (UEFI, 13.3.2.1).
    long size =
        sectors > 1
            ? Math.min((long) sectors * VIRTUAL_SECTOR, region.size() - start)
            : region.size() - start;
    images.add(examination.region(start, region.slice(start, size)));
  }

  /** The first entry marks the catalogue: the sum of its 16-bit words is zero (2.1). */
  private static void requireValid(Block catalogue, long at) throws MalformedException {
    int sum = 0;
    for (int i = 0; i < ENTRY; i += 2) {
      sum += catalogue.u16le(i);
    }
    Rule.require(
        catalogue.u8(0) == 1
            && catalogue.u8(30) == 0x55
            && catalogue.u8(31) == 0xaa
            && (sum & 0xffff) == 0,
        at,
        "the catalogue has no valid first entry");
  }
}
