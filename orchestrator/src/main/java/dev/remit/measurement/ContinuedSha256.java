package dev.remit.measurement;

import dev.remit.bytes.Bytes;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import org.bouncycastle.crypto.digests.SHA256Digest;
import org.bouncycastle.jcajce.provider.digest.BCMessageDigest;

/** SHA-256 that goes on where somebody stopped after whole blocks: the JDK's cannot. */
final class ContinuedSha256 extends BCMessageDigest {
  private static final int BLOCK_SIZE = 64;
  // How SHA256Digest encodes itself: a word that waits to be whole and how much of it there is,
  // bytes so far, the state, words of the block under way, and the purpose.
  private static final int ENCODED_SIZE = 4 + 4 + 8 + Sha256.SIZE + 4 + 1;

  private final SHA256Digest running;

  private ContinuedSha256(SHA256Digest running) {
    super(running);
    this.running = running;
  }

  /**
   * @param state the eight words after all blocks, 32 bytes big-endian
   * @param size hashed so far, in bytes, a multiple of 64
   */
  static MessageDigest after(Bytes state, long size) {
    if (state.size() != Sha256.SIZE || size < 0 || size % BLOCK_SIZE != 0) {
      throw new IllegalArgumentException("SHA-256 goes on after whole blocks of 64 bytes");
    }
    var encoded = ByteBuffer.allocate(ENCODED_SIZE);
    encoded.putInt(0).putInt(0).putLong(size).put(state.toArray()).putInt(0).put((byte) 0);
    return new ContinuedSha256(new SHA256Digest(encoded.array()));
  }

  @Override
  public Object clone() {
    return new ContinuedSha256(new SHA256Digest(running));
  }
}
