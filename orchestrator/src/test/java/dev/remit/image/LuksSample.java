package dev.remit.image;

import dev.remit.bytes.Bytes;
import dev.remit.bytes.Sample;
import dev.remit.bytes.SeekableBytes;
import java.io.EOFException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** Headers that cryptsetup made, and what becomes of them in other hands. */
public final class LuksSample {
  /** With the data behind the header, at 1 MiB. */
  public static final Bytes WHOLE = Sample.of("image/luks/whole.bin");

  public static final Bytes DETACHED = Sample.of("image/luks/detached.bin");
  public static final Bytes REENCRYPTING = Sample.of("image/luks/reencrypting.bin");

  /** Of one copy of each of these headers. */
  public static final int COPY_SIZE = 0x4000;

  public static final int JSON_OFFSET = 4096;
  private static final int CHECKSUM_OFFSET = 448;
  private static final int CHECKSUM_SIZE = 64;

  private LuksSample() {}

  /** The text of the first copy. */
  public static String json(Bytes header) {
    var area = header.slice(JSON_OFFSET, COPY_SIZE - JSON_OFFSET).toArray();
    return new String(area, StandardCharsets.UTF_8).replaceAll("\0+$", "");
  }

  /** Both copies with another text, and the right checksums for it. */
  public static Bytes withJson(Bytes header, String json) {
    return withJson(header, Bytes.copyOf(json.getBytes(StandardCharsets.UTF_8)));
  }

  /** As before, whatever the text is. */
  public static Bytes withJson(Bytes header, Bytes json) {
    var area = json.paddedTo(COPY_SIZE - JSON_OFFSET);
    var once = Sample.overwritten(header, JSON_OFFSET, area);
    return sealed(Sample.overwritten(once, COPY_SIZE + JSON_OFFSET, area));
  }

  /** Both copies with one passage of the text replaced. */
  static Bytes edited(Bytes header, String passage, String by) {
    String json = json(header);
    if (!json.contains(passage)) {
      throw new IllegalArgumentException("no " + passage + " in " + json);
    }
    return withJson(header, json.replace(passage, by));
  }

  /** With checksums that match. */
  static Bytes sealed(Bytes header) {
    return sealed(sealed(header, 0), COPY_SIZE);
  }

  private static Bytes sealed(Bytes header, int copy) {
    var cleared = Sample.overwritten(header, copy + CHECKSUM_OFFSET, Bytes.zeros(CHECKSUM_SIZE));
    try {
      var digest = MessageDigest.getInstance("SHA-256");
      cleared.slice(copy, COPY_SIZE).updateInto(digest);
      return Sample.overwritten(cleared, copy + CHECKSUM_OFFSET, Bytes.copyOf(digest.digest()));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  /** A file that begins so and goes on with zeros. */
  static SeekableBytes file(Bytes head, long size) {
    return new SeekableBytes() {
      @Override
      public long size() {
        return size;
      }

      @Override
      public Bytes read(long offset, int length) throws EOFException {
        if (offset < 0 || length < 0 || offset > size - length) {
          throw new EOFException();
        }
        if (offset >= head.size()) {
          return Bytes.zeros(length);
        }
        int have = (int) Math.min(length, head.size() - offset);
        return head.slice((int) offset, have).paddedTo(length);
      }
    };
  }
}
