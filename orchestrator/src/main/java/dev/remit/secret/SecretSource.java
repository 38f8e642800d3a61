package dev.remit.secret;

import dev.remit.bytes.SecretBytes;
import dev.remit.diagnostic.Failure;
import java.nio.file.Path;

/** Where secrets are read from: files of the tenant's machine that nobody else can read. */
@FunctionalInterface
public interface SecretSource {
  /**
   * The content of a file, byte for byte, never on the heap; the caller closes it.
   *
   * <p>Fails with FILE-001 where the file cannot be read, FILE-003 where others can read it,
   * SEC-001 where it is longer than {@link SecretTable#LARGEST} and SEC-002 where it is empty.
   */
  SecretBytes read(Path file) throws Failure;
}
