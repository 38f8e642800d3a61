package dev.remit.fuzz;

import dev.remit.bytes.Bytes;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.zip.CRC32;

/** Bytes that are put where a parser looks for them, with the marks and sums that it asks for. */
final class Envelope {
  private final byte[] file;

  private Envelope(byte[] file) {
    this.file = file;
  }

  /** The input, with zeros behind it up to a size that is a multiple of the unit. */
  static Envelope of(byte[] input, int least, int unit) {
    int size = Math.max(input.length, least);
    return new Envelope(Arrays.copyOf(input, (size + unit - 1) / unit * unit));
  }

  /** The input behind as many zeros. */
  static Envelope at(int offset, byte[] input) {
    byte[] file = new byte[offset + input.length];
    System.arraycopy(input, 0, file, offset, input.length);
    return new Envelope(file);
  }

  Envelope put(int at, int... octets) {
    for (int i = 0; i < octets.length; i++) {
      file[at + i] = (byte) octets[i];
    }
    return this;
  }

  Envelope put(int at, String ascii) {
    return put(at, ascii.chars().toArray());
  }

  Envelope put(int at, Bytes octets) {
    System.arraycopy(octets.toArray(), 0, file, at, octets.size());
    return this;
  }

  Envelope le32(int at, long value) {
    numbers(ByteOrder.LITTLE_ENDIAN).putInt(at, (int) value);
    return this;
  }

  Envelope le64(int at, long value) {
    numbers(ByteOrder.LITTLE_ENDIAN).putLong(at, value);
    return this;
  }

  Envelope be32(int at, long value) {
    numbers(ByteOrder.BIG_ENDIAN).putInt(at, (int) value);
    return this;
  }

  Envelope be64(int at, long value) {
    numbers(ByteOrder.BIG_ENDIAN).putLong(at, value);
    return this;
  }

  Envelope zeros(int at, int length) {
    Arrays.fill(file, at, at + length, (byte) 0);
    return this;
  }

  int u8(int at) {
    return file[at] & 0xff;
  }

  long u32le(int at) {
    return Integer.toUnsignedLong(numbers(ByteOrder.LITTLE_ENDIAN).getInt(at));
  }

  long u64le(int at) {
    return numbers(ByteOrder.LITTLE_ENDIAN).getLong(at);
  }

  /** CRC-32 of a part. */
  long sum(int at, int length) {
    var crc = new CRC32();
    crc.update(file, at, length);
    return crc.getValue();
  }

  int size() {
    return file.length;
  }

  byte[] bytes() {
    return file;
  }

  private ByteBuffer numbers(ByteOrder order) {
    return ByteBuffer.wrap(file).order(order);
  }

  static List<Bytes> texts(List<String> texts) {
    return texts.stream().map(text -> Bytes.copyOf(text.getBytes(StandardCharsets.UTF_8))).toList();
  }
}
