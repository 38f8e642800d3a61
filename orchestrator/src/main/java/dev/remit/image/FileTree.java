package dev.remit.image;

import dev.remit.bytes.Bytes;
import dev.remit.diagnostic.HostText;
import java.util.List;
import java.util.Optional;

/**
 * The files that a file system or an archive shows to everybody, in its own order. Where it has
 * several trees or several names for one file, as ISO 9660 with Joliet has, this is all of them:
 * nobody knows which one a guest will see.
 */
public record FileTree(List<Entry> entries) {
  public FileTree {
    entries = List.copyOf(entries);
  }

  /** What an entry is. */
  public enum Kind {
    FILE,
    FOLDER,
    LINK,
    OTHER
  }

  /**
   * One name in a tree.
   *
   * @param path without a leading slash, its parts joined by slashes
   * @param size in bytes
   * @param offset of its first byte in the region, or in the unpacked archive
   * @param content of a file that Remit looks into, whole; of a link, where it leads
   */
  public record Entry(HostText path, Kind kind, long size, long offset, Optional<Bytes> content) {}
}
