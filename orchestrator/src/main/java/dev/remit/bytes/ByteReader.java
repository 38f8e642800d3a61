package dev.remit.bytes;

/** Reads octets from front to back and never past the end. */
public final class ByteReader {
  private final Bytes source;
  private int position;

  ByteReader(Bytes source) {
    this.source = source;
  }

  public int position() {
    return position;
  }

  public int remaining() {
    return source.size() - position;
  }

  public Bytes bytes(int length) throws MalformedException {
    require(length);
    var taken = source.slice(position, length);
    position += length;
    return taken;
  }

  public int u8() throws MalformedException {
    require(1);
    return source.at(position++);
  }

  public int u16le() throws MalformedException {
    return u8() | u8() << 8;
  }

  public long u32le() throws MalformedException {
    return u16le() | (long) u16le() << 16;
  }

  public int u16be() throws MalformedException {
    return u8() << 8 | u8();
  }

  private long u32be() throws MalformedException {
    return (long) u16be() << 16 | u16be();
  }

  /** All 64 bits; a value over 2⁶³−1 comes out negative. */
  public long u64be() throws MalformedException {
    return u32be() << 32 | u32be();
  }

  /** Passes octets that the format reserves as zero. */
  public void zeros(int length, String field) throws MalformedException {
    int from = position;
    if (!bytes(length).isZero()) {
      throw new MalformedException(from, field + " must be zero");
    }
  }

  public void end() throws MalformedException {
    if (remaining() != 0) {
      throw new MalformedException(position, remaining() + " bytes too many");
    }
  }

  private void require(int length) throws MalformedException {
    if (length < 0 || length > remaining()) {
      throw new MalformedException(
          position, length + " bytes are needed and " + remaining() + " are left");
    }
  }
}
