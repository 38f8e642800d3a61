package dev.remit.secret;

import dev.remit.bytes.SecretBytes;
import java.util.UUID;

/**
 * One secret of a guest, under the GUID by which the guest looks for it.
 *
 * @param value at least one byte; closed by whoever read it
 */
public record SecretEntry(UUID guid, SecretBytes value) {
  public SecretEntry {
    if (value.size() == 0) {
      throw new IllegalArgumentException("a secret has at least one byte");
    }
  }
}
