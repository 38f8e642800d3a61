package dev.remit.cli;

import dev.remit.bytes.SecretBytes;
import dev.remit.diagnostic.BadInput;
import dev.remit.diagnostic.Failure;
import dev.remit.identity.TransportKeys;
import dev.remit.secret.SecretSource;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The transport keys of a session, read from a file. Closing wipes them.
 *
 * @param tik transport integrity key, 16 bytes
 * @param tek transport encryption key, 16 bytes, where the file has it
 */
record TransportKeyFile(SecretBytes tik, Optional<SecretBytes> tek) implements AutoCloseable {
  /** A file with the TIK alone. */
  static TransportKeyFile tik(SecretSource secrets, Path file) throws Failure, BadInput {
    return new TransportKeyFile(KeyFiles.key(secrets, file, TransportKeys.SIZE), Optional.empty());
  }

  /** A file with both, TEK first. */
  static TransportKeyFile both(SecretSource secrets, Path file) throws Failure, BadInput {
    var keys = KeyFiles.both(secrets, file);
    return new TransportKeyFile(keys.tik(), Optional.of(keys.tek()));
  }

  @Override
  public void close() {
    tik.close();
    tek.ifPresent(SecretBytes::close);
  }
}
