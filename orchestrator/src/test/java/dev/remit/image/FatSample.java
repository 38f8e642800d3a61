package dev.remit.image;

import dev.remit.bytes.Bytes;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Writes small FAT12 volumes: a boot sector, two tables of a sector each, a root folder of two
 * sectors, and clusters of one sector, the first of which has the number 2.
 */
public final class FatSample {
  static final int SECTORS = 40;
  static final int SECTOR = 512;
  private static final int TABLE = SECTOR;
  private static final int ROOT = 3 * SECTOR;
  private static final int DATA = 5 * SECTOR;
  static final int FOLDER = 0x10;
  static final int LABEL = 0x08;
  static final int END = 0xfff;

  private final byte[] volume = new byte[SECTORS * SECTOR];

  FatSample() {
    put(0, Bytes.of(0xeb, 0x3c, 0x90));
    put(11, Bytes.of(0, 2, 1, 1, 0, 2, 32, 0, SECTORS, 0, 0xf8, 1, 0));
    put(38, Bytes.of(0x29, 1, 2, 3, 4));
    put(43, Block.ascii("BOOTLABEL  FAT12   "));
    put(510, Bytes.of(0x55, 0xaa));
    next(0, 0xff8);
    next(1, END);
  }

  /** With a label, a file under a long name, and a folder with a file of two clusters. */
  public static FatSample small() {
    return new FatSample()
        .root(
            0,
            entry("CIDATA     ", LABEL, 0, 0),
            named("user-data", entry("USER-D~1   ", 0, 2, 9)),
            named("openstack", entry("OPENST~1   ", FOLDER, 3, 0)),
            entry("KS      CFG", 0, 5, 0x205))
        .put(start(2), Block.ascii("password!"))
        .put(start(3), entry(".          ", FOLDER, 3, 0))
        .put(start(3) + 32, entry("..         ", FOLDER, 0, 0))
        .put(start(3) + 64, entry("X          ", 0, 4, 1))
        .put(start(4), Block.ascii("x"))
        .put(start(5), Block.ascii("rootpw"))
        .put(start(6), Block.ascii("end!!"))
        .next(2, END)
        .next(3, END)
        .next(4, END)
        .next(5, 6)
        .next(6, END);
  }

  static int start(int cluster) {
    return DATA + (cluster - 2) * SECTOR;
  }

  FatSample root(int first, Bytes... entries) {
    return put(ROOT + first * 32, Bytes.concat(entries));
  }

  /** In both tables. */
  FatSample next(int cluster, int value) {
    return next(0, cluster, value).next(1, cluster, value);
  }

  FatSample next(int table, int cluster, int value) {
    int at = TABLE * (table + 1) + cluster * 3 / 2;
    int pair = (volume[at] & 0xff) | (volume[at + 1] & 0xff) << 8;
    pair = cluster % 2 == 0 ? (pair & 0xf000) | value : (pair & 0x000f) | (value << 4);
    return put(at, Bytes.of(pair & 0xff, pair >> 8));
  }

  FatSample put(int at, Bytes octets) {
    System.arraycopy(octets.toArray(), 0, volume, at, octets.size());
    return this;
  }

  public Bytes bytes() {
    return Bytes.copyOf(volume);
  }

  static Bytes entry(String name, int attributes, int cluster, int size) {
    return Bytes.concat(
        Block.ascii(name),
        Bytes.of(attributes),
        Bytes.zeros(14),
        Bytes.of(cluster & 0xff, cluster >> 8),
        Bytes.le32(size));
  }

  /** The parts of a long name, then the entry that they belong to. */
  static Bytes named(String name, Bytes entry) {
    int sum = 0;
    for (int i = 0; i < 11; i++) {
      sum = (((sum & 1) << 7) + (sum >> 1) + entry.at(i)) & 0xff;
    }
    List<Bytes> parts = new ArrayList<>();
    for (int i = 0; i * 13 < name.length(); i++) {
      var text = new StringBuilder(name.substring(i * 13, Math.min(name.length(), i * 13 + 13)));
      if (text.length() < 13) {
        text.append('\0');
      }
      while (text.length() < 13) {
        text.append('\uffff');
      }
      var units = Bytes.copyOf(text.toString().getBytes(StandardCharsets.UTF_16LE));
      boolean last = (i + 1) * 13 >= name.length();
      parts.addFirst(
          Bytes.concat(
              Bytes.of(i + 1 + (last ? 0x40 : 0)),
              units.slice(0, 10),
              Bytes.of(0x0f, 0, sum),
              units.slice(10, 12),
              Bytes.zeros(2),
              units.slice(22, 4)));
    }
    parts.add(entry);
    return Bytes.concat(parts.toArray(Bytes[]::new));
  }
}
