package dev.remit.cli;

import dev.remit.bytes.SecretBytes;
import dev.remit.diagnostic.BadInput;
import dev.remit.diagnostic.Code;
import dev.remit.diagnostic.Diagnostic;
import dev.remit.diagnostic.Failure;
import dev.remit.diagnostic.Location;
import dev.remit.identity.TransportKeys;
import dev.remit.secret.SecretSource;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Option;

/** The keys of a session, in one file or in two. */
final class KeyFiles {
  @ArgGroup(exclusive = false)
  @Nullable Apart apart;

  @Option(
      names = "--tk",
      paramLabel = "FILE",
      description = "Both in one file of 32 bytes, the TEK first, readable by its owner only.")
  @Nullable Path both;

  /** As sevctl writes them. */
  static final class Apart {
    @Option(
        names = "--tik",
        required = true,
        paramLabel = "FILE",
        description = "Transport integrity key, 16 bytes, readable by its owner only.")
    Path tik = Path.of("");

    @Option(
        names = "--tek",
        required = true,
        paramLabel = "FILE",
        description = "Transport encryption key, 16 bytes, readable by its owner only.")
    Path tek = Path.of("");
  }

  /**
   * What one file holds. Closing wipes it.
   *
   * @param tik transport integrity key, 16 bytes
   * @param tek transport encryption key, 16 bytes, where the file has it
   */
  record Held(SecretBytes tik, Optional<SecretBytes> tek) implements AutoCloseable {
    /** Of a file with the TIK alone. */
    static Held tik(SecretSource source, Path file) throws Failure, BadInput {
      return new Held(key(source, file, TransportKeys.SIZE), Optional.empty());
    }

    /** Of a file with both, TEK first. */
    static Held both(SecretSource source, Path file) throws Failure, BadInput {
      var keys = KeyFiles.both(source, file);
      return new Held(keys.tik(), Optional.of(keys.tek()));
    }

    @Override
    public void close() {
      tik.close();
      tek.ifPresent(SecretBytes::close);
    }
  }

  /** The caller closes them. */
  TransportKeys read(SecretSource source) throws Failure, BadInput {
    if ((apart == null) == (both == null)) {
      throw WrongUsage.of(
          "the keys of the session are given by --tik and --tek, or by --tk",
          "the secret is encrypted with the one and protected with the other",
          "name the files that \"remit session\" wrote");
    }
    if (both != null) {
      return both(source, both);
    }
    if (apart == null) {
      throw new IllegalStateException("one of the two was given");
    }
    var tek = key(source, apart.tek, TransportKeys.SIZE);
    try {
      return new TransportKeys(tek, key(source, apart.tik, TransportKeys.SIZE));
    } catch (Failure | BadInput | RuntimeException cause) {
      tek.close();
      throw cause;
    }
  }

  /** Of one file; the caller closes them. */
  private static TransportKeys both(SecretSource source, Path file) throws Failure, BadInput {
    try (var joined = key(source, file, 2 * TransportKeys.SIZE)) {
      return TransportKeys.ofBoth(joined);
    }
  }

  /** One key of a size in bytes; the caller closes it. */
  private static SecretBytes key(SecretSource source, Path file, int size)
      throws Failure, BadInput {
    var key = source.read(file);
    if (key.size() == size) {
      return key;
    }
    int found = key.size();
    key.close();
    throw new BadInput(
        Diagnostic.at(
            new Location.InFile(file.toString()),
            Code.NOT_A_KEY,
            "the key has %d bytes, and the file %d".formatted(size, found),
            "TIK and TEK are 16 plain bytes each, and the two in one file 32",
            "name the file that \"remit session\" wrote, unchanged"));
  }
}
