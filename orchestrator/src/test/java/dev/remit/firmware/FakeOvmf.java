package dev.remit.firmware;

import dev.remit.bytes.Bytes;
import dev.remit.bytes.Sample;
import java.util.UUID;

/** Builds images with just a table at their end. */
public final class FakeOvmf {
  public static final Bytes HASH_TABLE = guid("7255371f-3a3b-4b04-927b-1da6efa8d454");
  public static final Bytes SECRET_AREA = guid("4c2eb361-7d9b-4cc3-8081-127c90d3d294");
  public static final Bytes RESET = guid("00f771de-1a7e-4fcb-890e-68c77e2fb44e");
  static final Bytes METADATA = guid("dc886566-984a-4798-a75e-5585a7bf67cc");
  public static final Bytes FOOTER = guid("96b582de-1fb2-45f7-baea-a366c55a082d");
  static final int SIZE = 8192;

  /** Where the SEV metadata lies, in bytes from the end. */
  static final int METADATA_DISTANCE = 4096;

  private FakeOvmf() {}

  static Bytes guid(String text) {
    return Bytes.efiGuid(UUID.fromString(text));
  }

  public static Bytes entry(Bytes guid, Bytes content) {
    return Bytes.concat(content, u16(content.size() + 18), guid);
  }

  public static Bytes area(long base, long size) {
    return Bytes.concat(Bytes.le32((int) base), Bytes.le32((int) size));
  }

  /** A table of these entries, with its right footer. */
  public static Bytes image(Bytes... entries) {
    var table = Bytes.concat(entries);
    return ending(Bytes.concat(table, u16(table.size() + 18), FOOTER));
  }

  /** An image whose last octets before the reset vector are these. */
  static Bytes ending(Bytes end) {
    return Bytes.concat(Bytes.zeros(SIZE - 32 - end.size()), end, Bytes.zeros(32));
  }

  /** An image with SEV metadata, whose header says what it is told. */
  public static Bytes withMetadata(String magic, int size, int version, int count, Bytes sections) {
    var image = image(entry(METADATA, Bytes.le32(METADATA_DISTANCE)));
    var metadata =
        Bytes.concat(
            Bytes.of(magic.chars().toArray()),
            Bytes.le32(size),
            Bytes.le32(version),
            Bytes.le32(count),
            sections);
    return Sample.overwritten(image, SIZE - METADATA_DISTANCE, metadata);
  }

  static Bytes u16(int value) {
    return Bytes.le32(value).slice(0, 2);
  }
}
