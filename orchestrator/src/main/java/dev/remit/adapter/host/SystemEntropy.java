package dev.remit.adapter.host;

import dev.remit.bytes.Bytes;
import dev.remit.bytes.SecretBytes;
import dev.remit.identity.Entropy;
import java.security.SecureRandom;

/** Randomness of the operating system. */
public final class SystemEntropy implements Entropy {
  private final SecureRandom random = new SecureRandom();

  @Override
  public Bytes bytes(int size) {
    byte[] octets = new byte[size];
    random.nextBytes(octets);
    return Bytes.copyOf(octets);
  }

  @Override
  public SecretBytes secret(int size) {
    byte[] octets = new byte[size];
    random.nextBytes(octets);
    return SecretBytes.takeFrom(octets);
  }
}
