package dev.remit.firmware;

/**
 * A place in guest memory that the firmware keeps free for the hypervisor, below 4 GiB.
 *
 * @param base guest physical address, not 0
 * @param size in bytes, not 0
 */
public record Area(long base, long size) {
  static final long END_OF_MEMORY = 1L << 32;

  public Area {
    if (base < 1 || size < 1 || base > END_OF_MEMORY - size) {
      throw new IllegalArgumentException("an area has octets and lies below 4 GiB");
    }
  }

  boolean overlaps(Area other) {
    return base < other.base + other.size && other.base < base + size;
  }
}
