package dev.remit.image;

import java.util.List;

/**
 * A range of bytes and everything that it can be taken for. Formats have their marks at places of
 * their own, so that one range can be several things at once: all are kept, for nobody knows which
 * of them a guest will see.
 *
 * @param offset of its first byte in what contains it, from 0
 * @param size in bytes
 * @param contents at least one
 */
public record Region(long offset, long size, List<Content> contents) {
  public Region {
    contents = List.copyOf(contents);
    if (offset < 0 || size < 0 || contents.isEmpty()) {
      throw new IllegalArgumentException("a region starts at 0 or later and is something");
    }
  }
}
