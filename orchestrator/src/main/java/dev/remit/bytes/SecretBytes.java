package dev.remit.bytes;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.function.Function;

/**
 * Secret octets, kept off the heap, where the collector makes no copies, and wiped when closed.
 *
 * <p>Has no equality and prints as a size. Whoever looks inside carries {@link RevealsSecret}.
 */
public final class SecretBytes implements AutoCloseable {
  private final Arena arena = Arena.ofShared();
  private final MemorySegment octets;
  private boolean closed;

  private SecretBytes(int size) {
    octets = arena.allocate(Math.max(size, 1)).asSlice(0, size);
  }

  /** All zero, to be filled through {@link #fill()}. */
  public static SecretBytes allocate(int size) {
    return new SecretBytes(size);
  }

  /** Takes the content over: the given array is wiped. */
  public static SecretBytes takeFrom(byte[] heap) {
    var secret = new SecretBytes(heap.length);
    MemorySegment.copy(heap, 0, secret.octets, ValueLayout.JAVA_BYTE, 0, heap.length);
    Arrays.fill(heap, (byte) 0);
    return secret;
  }

  public int size() {
    return (int) octets.byteSize();
  }

  /** A writable window, for the one who makes the secret. */
  public ByteBuffer fill() {
    return octets.asByteBuffer();
  }

  /** A read-only window that dies with this object. */
  public ByteBuffer reveal() {
    return octets.asByteBuffer().asReadOnlyBuffer();
  }

  /** Lends a heap copy to an interface that takes only arrays, and wipes it afterwards. */
  public <R> R lend(Function<byte[], R> use) {
    byte[] heap = octets.toArray(ValueLayout.JAVA_BYTE);
    try {
      return use.apply(heap);
    } finally {
      Arrays.fill(heap, (byte) 0);
    }
  }

  /** Wipes the octets; a second call does nothing. */
  @Override
  public synchronized void close() {
    if (!closed) {
      closed = true;
      octets.fill((byte) 0);
      arena.close();
    }
  }

  @Override
  public String toString() {
    return "SecretBytes(" + size() + " bytes)";
  }
}
