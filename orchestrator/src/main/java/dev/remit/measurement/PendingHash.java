package dev.remit.measurement;

import dev.remit.bytes.ByteSource;
import dev.remit.bytes.Bytes;
import java.io.IOException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/** The SHA-256 of a large file, computed by a thread of its own while others are hashed here. */
public final class PendingHash {
  private final FutureTask<Bytes> hashing;

  private PendingHash(FutureTask<Bytes> hashing) {
    this.hashing = hashing;
  }

  /** Begins at once. */
  public static PendingHash of(ByteSource file) {
    var hashing = new FutureTask<>(() -> Sha256.of(file));
    Thread.ofPlatform().daemon().name("hashing").start(hashing);
    return new PendingHash(hashing);
  }

  /** Waits for the end; 32 bytes. */
  public Bytes await() throws IOException {
    try {
      return hashing.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while a file was hashed", e);
    } catch (ExecutionException thrown) {
      if (thrown.getCause() instanceof IOException unreadable) {
        throw unreadable;
      }
      throw new IllegalStateException(thrown);
    }
  }
}
