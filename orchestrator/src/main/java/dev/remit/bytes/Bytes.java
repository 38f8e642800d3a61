package dev.remit.bytes;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.UUID;

/**
 * An immutable sequence of octets with content equality. Not for secrets: see {@link SecretBytes}.
 */
public final class Bytes {
  public static final Bytes EMPTY = new Bytes(new byte[0]);

  private final byte[] octets;

  private Bytes(byte[] octets) {
    this.octets = octets;
  }

  /** The given octets, each 0 to 255. */
  public static Bytes of(int... octets) {
    byte[] copy = new byte[octets.length];
    for (int i = 0; i < octets.length; i++) {
      if (octets[i] < 0 || octets[i] > 0xff) {
        throw new IllegalArgumentException("an octet is 0 to 255, not " + octets[i]);
      }
      copy[i] = (byte) octets[i];
    }
    return new Bytes(copy);
  }

  public static Bytes copyOf(byte[] octets) {
    return new Bytes(octets.clone());
  }

  public static Bytes copyOf(byte[] octets, int from, int length) {
    return new Bytes(Arrays.copyOfRange(octets, from, Math.addExact(from, length)));
  }

  public static Bytes zeros(int size) {
    return new Bytes(new byte[size]);
  }

  /** Four octets, least significant first. */
  public static Bytes le32(int value) {
    return of(value & 0xff, value >>> 8 & 0xff, value >>> 16 & 0xff, value >>> 24);
  }

  /** A GUID as EFI stores it, 16 octets, its first three fields reversed (UEFI, appendix A). */
  public static Bytes efiGuid(UUID guid) {
    return copyOf(
        ByteBuffer.allocate(16)
            .order(ByteOrder.LITTLE_ENDIAN)
            .putInt((int) (guid.getMostSignificantBits() >>> 32))
            .putShort((short) (guid.getMostSignificantBits() >>> 16))
            .putShort((short) guid.getMostSignificantBits())
            .order(ByteOrder.BIG_ENDIAN)
            .putLong(guid.getLeastSignificantBits())
            .array());
  }

  /** Throws {@link IllegalArgumentException} unless the text is an even number of hex digits. */
  public static Bytes ofHex(String hex) {
    return new Bytes(HexFormat.of().parseHex(hex));
  }

  /**
   * Throws {@link IllegalArgumentException} unless the text is base64 in its one canonical form:
   * with padding, without line ends, unused bits zero.
   */
  public static Bytes ofBase64(String text) {
    var decoded = new Bytes(Base64.getDecoder().decode(text));
    if (!decoded.base64().equals(text)) {
      throw new IllegalArgumentException("base64 text is not in canonical form");
    }
    return decoded;
  }

  public static Bytes concat(Bytes... parts) {
    int size = 0;
    for (Bytes part : parts) {
      size = Math.addExact(size, part.size());
    }
    byte[] joined = new byte[size];
    int at = 0;
    for (Bytes part : parts) {
      System.arraycopy(part.octets, 0, joined, at, part.size());
      at += part.size();
    }
    return new Bytes(joined);
  }

  public int size() {
    return octets.length;
  }

  /** The octet at an index, 0 to 255. */
  public int at(int index) {
    return octets[index] & 0xff;
  }

  public Bytes slice(int from, int length) {
    if (from < 0 || length < 0 || length > octets.length - from) {
      throw new IndexOutOfBoundsException(
          "octets " + from + " to " + ((long) from + length) + " of " + octets.length);
    }
    return copyOf(octets, from, length);
  }

  public Bytes reversed() {
    byte[] turned = new byte[octets.length];
    for (int i = 0; i < octets.length; i++) {
      turned[i] = octets[octets.length - 1 - i];
    }
    return new Bytes(turned);
  }

  /** These octets, then zeros up to the given size. */
  public Bytes paddedTo(int size) {
    if (size < octets.length) {
      throw new IllegalArgumentException(octets.length + " octets do not fit in " + size);
    }
    return new Bytes(Arrays.copyOf(octets, size));
  }

  public boolean isZero() {
    for (byte octet : octets) {
      if (octet != 0) {
        return false;
      }
    }
    return true;
  }

  public byte[] toArray() {
    return octets.clone();
  }

  public ByteReader reader() {
    return new ByteReader(this);
  }

  public void updateInto(MessageDigest digest) {
    digest.update(octets);
  }

  public void writeTo(OutputStream out) throws IOException {
    out.write(octets);
  }

  /** Lower-case hex, two digits an octet. */
  public String hex() {
    return HexFormat.of().formatHex(octets);
  }

  public String base64() {
    return Base64.getEncoder().encodeToString(octets);
  }

  /** In time that depends on the sizes only, so that it may compare a MAC. */
  @Override
  public boolean equals(Object other) {
    return other instanceof Bytes bytes && MessageDigest.isEqual(octets, bytes.octets);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(octets);
  }

  /** The first octets in hex and the size: enough for a log, never a dump. */
  @Override
  public String toString() {
    String head = HexFormat.of().formatHex(octets, 0, Math.min(octets.length, 8));
    return octets.length <= 8 ? head : head + "… (" + octets.length + " bytes)";
  }
}
