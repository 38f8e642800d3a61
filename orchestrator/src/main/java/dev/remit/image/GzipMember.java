package dev.remit.image;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/** One member of a gzip file (RFC 1952); reads nothing behind it, unlike the JDK's stream. */
final class GzipMember extends InputStream {
  private static final int CHUNK = 1 << 14;
  private static final int NAME = 1 << 3;
  private static final int TEXT = 1;

  private final RegionStream in;
  private final Inflater inflater = new Inflater(true);
  private final CRC32 sum = new CRC32();
  private final byte[] chunk = new byte[CHUNK];
  private long given;
  private boolean done;

  GzipMember(RegionStream in) throws IOException {
    this.in = in;
    // ID, method, flags, time, extra flags, system (2.3).
    byte[] head = in.readNBytes(10);
    // Linux knows no other optional part than the name (lib/decompress_inflate.c).
    if (head.length < 10 || (head[3] & ~(NAME | TEXT)) != 0) {
      throw new IOException("a header that Linux does not read");
    }
    if ((head[3] & NAME) != 0) {
      int octet;
      do {
        octet = next();
      } while (octet != 0);
    }
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] into, int from, int length) throws IOException {
    if (done) {
      return -1;
    }
    try {
      while (true) {
        int size = inflater.inflate(into, from, length);
        sum.update(into, from, size);
        given += size;
        if (size > 0) {
          return size;
        }
        if (inflater.finished()) {
          end();
          return -1;
        }
        if (inflater.needsDictionary()) {
          throw new IOException("a dictionary is wanted");
        }
        feed();
      }
    } catch (DataFormatException e) {
      throw new IOException(e);
    }
  }

  private void feed() throws IOException {
    int size = in.read(chunk, 0, CHUNK);
    if (size < 0) {
      throw new EOFException();
    }
    inflater.setInput(chunk, 0, size);
  }

  /** The sum and the size of what was packed, each of 32 bits (2.3.1). */
  private void end() throws IOException {
    in.back(inflater.getRemaining());
    inflater.end();
    done = true;
    if (number() != sum.getValue() || number() != (given & 0xffff_ffffL)) {
      throw new IOException("a wrong sum or size");
    }
  }

  private long number() throws IOException {
    long number = 0;
    for (int i = 0; i < 4; i++) {
      number |= (long) next() << (8 * i);
    }
    return number;
  }

  private int next() throws IOException {
    int octet = in.read();
    if (octet < 0) {
      throw new EOFException();
    }
    return octet;
  }

  @Override
  public void close() {
    inflater.end();
  }
}
