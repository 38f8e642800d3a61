package dev.remit.measurement;

import dev.remit.bytes.ByteSource;
import dev.remit.bytes.Bytes;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;

/** SHA-256 over octets held and octets streamed. */
public final class Sha256 {
  /** In bytes. */
  public static final int SIZE = 32;

  private static final int READ_SIZE = 1 << 16;

  private Sha256() {}

  public static Bytes of(Bytes held) {
    var digest = begin();
    held.updateInto(digest);
    return Bytes.copyOf(digest.digest());
  }

  /** Reads the source once, 64 KiB at a time. */
  public static Bytes of(ByteSource source) throws IOException {
    var digest = begin();
    update(digest, source);
    return Bytes.copyOf(digest.digest());
  }

  static MessageDigest begin() {
    try {
      return MessageDigest.getInstance("SHA-256", "SUN");
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  /** How many octets the source gave. */
  static long update(MessageDigest digest, ByteSource source) throws IOException {
    byte[] buffer = new byte[READ_SIZE];
    long total = 0;
    try (var in = source.open()) {
      for (int got = in.read(buffer); got >= 0; got = in.read(buffer)) {
        digest.update(buffer, 0, got);
        total += got;
      }
    }
    return total;
  }

  /** What the digest would be if nothing followed. */
  static Bytes soFar(MessageDigest digest) {
    return Bytes.copyOf(copy(digest).digest());
  }

  static MessageDigest copy(MessageDigest digest) {
    try {
      return (MessageDigest) digest.clone();
    } catch (CloneNotSupportedException e) {
      throw new IllegalStateException("the JDK's SHA-256 can be cloned", e);
    }
  }
}
