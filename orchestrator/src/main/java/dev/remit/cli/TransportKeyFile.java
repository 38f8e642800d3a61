package dev.remit.cli;

import dev.remit.bytes.RevealsSecret;
import dev.remit.bytes.SecretBytes;
import dev.remit.diagnostic.BadInput;
import dev.remit.diagnostic.Code;
import dev.remit.diagnostic.Diagnostic;
import dev.remit.diagnostic.Failure;
import dev.remit.measurement.SevLaunchMac;
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
  private static final int KEY_SIZE = SevLaunchMac.TIK_SIZE;

  /** A file with the TIK alone. */
  static TransportKeyFile tik(SecretSource secrets, Path file) throws Failure, BadInput {
    var tik = secrets.read(file);
    requireSize(tik, KEY_SIZE, "the transport integrity key");
    return new TransportKeyFile(tik, Optional.empty());
  }

  /** A file with both, TEK first. */
  @RevealsSecret(because = "one file is split into two keys, all of them off the heap")
  static TransportKeyFile both(SecretSource secrets, Path file) throws Failure, BadInput {
    try (var keys = secrets.read(file)) {
      requireSize(keys, 2 * KEY_SIZE, "a file with TEK and TIK");
      var tek = SecretBytes.allocate(KEY_SIZE);
      var tik = SecretBytes.allocate(KEY_SIZE);
      tek.fill().put(keys.reveal().slice(0, KEY_SIZE));
      tik.fill().put(keys.reveal().slice(KEY_SIZE, KEY_SIZE));
      return new TransportKeyFile(tik, Optional.of(tek));
    }
  }

  private static void requireSize(SecretBytes key, int size, String what) throws BadInput {
    int found = key.size();
    if (found != size) {
      key.close();
      throw new BadInput(
          Diagnostic.of(
              Code.WRONG_USAGE,
              "%s has %d bytes, and the file %d".formatted(what, size, found),
              "sevctl and Remit write it as plain bytes",
              "see \"remit measure --help\""));
    }
  }

  @Override
  public void close() {
    tik.close();
    tek.ifPresent(SecretBytes::close);
  }
}
