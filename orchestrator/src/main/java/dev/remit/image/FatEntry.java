package dev.remit.image;

import dev.remit.bytes.Bytes;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** One entry of a FAT folder (FAT specification, "FAT Directory Structure"). */
record FatEntry(Bytes raw) {
  static final int SIZE = 32;

  private static final int ATTRIBUTES = 11;
  private static final int LABEL = 0x08;
  private static final int FOLDER = 0x10;
  private static final int LONG_NAME = 0x0f;
  private static final int CASES = 12;
  private static final int SUM = 13;
  private static final int LAST = 0x40;

  private Block block() {
    return new Block(raw);
  }

  private int attributes() {
    return raw.at(ATTRIBUTES);
  }

  /**
   * Whether nothing stands here. To Linux the first unused entry does not end a folder
   * (fs/fat/dir.c, IS_FREE).
   */
  boolean isFree() {
    return raw.at(0) == 0 || raw.at(0) == 0xe5;
  }

  boolean isLongName() {
    return (attributes() & 0x3f) == LONG_NAME;
  }

  boolean isLabel() {
    return !isLongName() && (attributes() & LABEL) != 0;
  }

  boolean isFolder() {
    return (attributes() & FOLDER) != 0;
  }

  /** Whether it is of the folder itself or of the one above. */
  boolean isDots() {
    return raw.at(0) == '.';
  }

  String label() {
    return FatVolume.text(raw.slice(0, 11));
  }

  long size() {
    return block().u32le(28);
  }

  long cluster(int bits) {
    long low = block().u16le(26);
    return bits == 32 ? low | (long) block().u16le(20) << 16 : low;
  }

  /** In letters as Windows NT means them (Linux, fs/fat/fat.h: CASE_LOWER_BASE). */
  String shortName() {
    int cases = raw.at(CASES);
    String base = part(0, 8, (cases & 0x08) != 0);
    String extension = part(8, 3, (cases & 0x10) != 0);
    if (raw.at(0) == 0x05) {
      base = '\u00e5' + base.substring(1);
    }
    return extension.isEmpty() ? base : base + "." + extension;
  }

  private String part(int from, int size, boolean low) {
    String text =
        new String(raw.slice(from, size).toArray(), StandardCharsets.ISO_8859_1)
            .replaceFirst(" +$", "");
    return low ? text.toLowerCase(Locale.ROOT) : text;
  }

  /** Of the short name that a long one belongs to ("Long Directory Entries", ChkSum). */
  int sum() {
    int sum = 0;
    for (int i = 0; i < 11; i++) {
      sum = (((sum & 1) << 7) + (sum >> 1) + raw.at(i)) & 0xff;
    }
    return sum;
  }

  /** Of the short name, as a part of a long one has it. */
  int sumOfShort() {
    return raw.at(SUM);
  }

  boolean isLastPart() {
    return (raw.at(0) & LAST) != 0;
  }

  /** From 1. */
  int part() {
    return raw.at(0) & 0x3f;
  }

  /** 13 characters, which may end in a zero and all ones. */
  String characters() {
    var units = Bytes.concat(raw.slice(1, 10), raw.slice(14, 12), raw.slice(28, 4));
    String all = new String(units.toArray(), StandardCharsets.UTF_16LE);
    int end = all.indexOf('\0');
    return end < 0 ? all : all.substring(0, end);
  }
}
