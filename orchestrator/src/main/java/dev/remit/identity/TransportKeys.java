package dev.remit.identity;

import dev.remit.bytes.RevealsSecret;
import dev.remit.bytes.SecretBytes;

/**
 * The two keys that a guest's owner and a secure processor share (SEV API, LAUNCH_START), kept
 * after their session was made. Closing wipes both.
 *
 * @param tek encrypts secrets, 16 bytes
 * @param tik is under every MAC, 16 bytes
 */
public record TransportKeys(SecretBytes tek, SecretBytes tik) implements AutoCloseable {
  /** Bytes of each. */
  public static final int SIZE = 16;

  public TransportKeys {
    if (tek.size() != SIZE || tik.size() != SIZE) {
      throw new IllegalArgumentException("TEK and TIK have 16 bytes each");
    }
  }

  /** Of 32 bytes, the TEK first: the form that virt-qemu-sev-validate calls {@code --tk}. */
  @RevealsSecret(because = "both halves become keys of their own, off the heap")
  public static TransportKeys ofBoth(SecretBytes both) {
    if (both.size() != 2 * SIZE) {
      throw new IllegalArgumentException("TEK and TIK have 16 bytes each");
    }
    var tek = SecretBytes.allocate(SIZE);
    var tik = SecretBytes.allocate(SIZE);
    tek.fill().put(both.reveal().limit(SIZE));
    tik.fill().put(both.reveal().position(SIZE));
    return new TransportKeys(tek, tik);
  }

  @Override
  public void close() {
    tek.close();
    tik.close();
  }
}
