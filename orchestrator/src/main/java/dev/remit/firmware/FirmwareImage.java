package dev.remit.firmware;

import dev.remit.bytes.ByteReader;
import dev.remit.bytes.Bytes;
import dev.remit.bytes.MalformedException;
import dev.remit.bytes.SeekableBytes;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What an OVMF image says that it can do.
 *
 * @param size of the file, in bytes
 * @param hashTable where the hypervisor leaves the hashes of kernel, initrd and command line
 * @param secretArea where a launch secret goes
 * @param sevEsResetAddress where vCPUs other than the first start under SEV-ES, 32 bits, not 0
 * @param sections what SEV-SNP measures on its own, in the order of the file
 */
public record FirmwareImage(
    long size,
    Optional<Area> hashTable,
    Optional<Area> secretArea,
    Optional<Long> sevEsResetAddress,
    List<MetadataSection> sections) {
  /** Octets that the table of kernel hashes takes, padding included (QEMU, target/i386/sev.c). */
  public static final int HASH_TABLE_SIZE = 176;

  // edk2, OvmfPkg/ResetVector/X64/OvmfSevMetadata.asm.
  private static final Bytes METADATA_MAGIC = Bytes.of('A', 'S', 'E', 'V');
  private static final int METADATA_HEADER_SIZE = 16;
  private static final int METADATA_VERSION = 1;
  private static final int SECTION_SIZE = 12;
  private static final int SECTIONS_AT_MOST = 256;

  public FirmwareImage {
    sections = List.copyOf(sections);
    if (sevEsResetAddress.filter(address -> address < 1 || address >>> 32 != 0).isPresent()) {
      throw new IllegalArgumentException("a reset address has 32 bits and is not 0");
    }
  }

  public Flavour flavour() {
    if (hashTable.isPresent() && secretArea.isPresent()) {
      return Flavour.AMD_SEV;
    }
    return hashTable.isEmpty() && secretArea.isEmpty() ? Flavour.OVMF_X64 : Flavour.PARTIAL;
  }

  /** Where the file is not an OVMF image, the exception says what it seems to be instead. */
  public static FirmwareImage parse(SeekableBytes file) throws MalformedException, IOException {
    var table = GuidedTable.read(file);
    var hashTable = area(table.find(GuidedTable.SEV_HASH_TABLE));
    var secretArea = area(table.find(GuidedTable.SEV_SECRET_AREA));
    if (hashTable.isPresent() && secretArea.filter(hashTable.get()::overlaps).isPresent()) {
      throw new MalformedException(file.size(), "hash table and secret area overlap");
    }
    var reset = table.find(GuidedTable.SEV_ES_RESET);
    var metadata = table.find(GuidedTable.SEV_METADATA);
    return new FirmwareImage(
        file.size(),
        hashTable,
        secretArea,
        // QEMU takes address 0 for a block that nobody filled in (sev_es_parse_reset_block).
        reset.isEmpty()
            ? Optional.empty()
            : Optional.of(number(reset.get())).filter(address -> address != 0),
        metadata.isEmpty() ? List.of() : sections(file, number(metadata.get())));
  }

  private static Optional<Area> area(Optional<GuidedTable.Entry> entry) throws MalformedException {
    if (entry.isEmpty()) {
      return Optional.empty();
    }
    var reader = content(entry.get(), 8);
    long base = reader.u32le();
    long size = reader.u32le();
    // Builds that do not use an area keep its entry and leave it zero.
    if (base == 0 || size == 0) {
      return Optional.empty();
    }
    if (base + size > Area.END_OF_MEMORY) {
      throw new MalformedException(entry.get().at(), "an area does not end below 4 GiB");
    }
    return Optional.of(new Area(base, size));
  }

  private static long number(GuidedTable.Entry entry) throws MalformedException {
    return content(entry, 4).u32le();
  }

  private static ByteReader content(GuidedTable.Entry entry, int size) throws MalformedException {
    if (entry.content().size() != size) {
      throw new MalformedException(
          entry.at(),
          "an entry of OVMF's table has " + entry.content().size() + " bytes, not " + size);
    }
    return entry.content().reader();
  }

  /**
   * The sections, from their header on.
   *
   * @param distance of the header from the end of the file, in bytes
   */
  private static List<MetadataSection> sections(SeekableBytes file, long distance)
      throws MalformedException, IOException {
    long start = file.size() - distance;
    if (start < 0 || distance < METADATA_HEADER_SIZE) {
      throw new MalformedException(file.size(), "the SEV metadata lies outside the file");
    }
    var header = file.read(start, METADATA_HEADER_SIZE).reader();
    var magic = header.bytes(METADATA_MAGIC.size());
    long size = header.u32le();
    long version = header.u32le();
    long count = header.u32le();
    if (!magic.equals(METADATA_MAGIC) || version != METADATA_VERSION) {
      throw new MalformedException(start, "there is no SEV metadata of version 1");
    }
    if (count > SECTIONS_AT_MOST || size != METADATA_HEADER_SIZE + count * SECTION_SIZE) {
      throw new MalformedException(start, "size and number of the SEV metadata do not fit");
    }
    if (size > distance) {
      throw new MalformedException(start, "the SEV metadata runs past the end of the file");
    }
    var items = file.read(start + METADATA_HEADER_SIZE, (int) size - METADATA_HEADER_SIZE).reader();
    var sections = new ArrayList<MetadataSection>();
    while (items.remaining() > 0) {
      sections.add(new MetadataSection(items.u32le(), items.u32le(), items.u32le()));
    }
    return sections;
  }
}
