package dev.remit.simulator.emulator;

import dev.remit.bytes.Bytes;
import dev.remit.simulator.processor.SecureProcessor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Optional;

/** The files in which libvirt hands over what the guest's owner sent. */
final class OwnerFiles {
  private OwnerFiles() {}

  /** Empty where the launch has no owner. */
  static Optional<SecureProcessor.OwnerSession> read(LaunchObject.Sev asked) throws IOException {
    if (asked.dhCertificate().isEmpty() && asked.session().isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        new SecureProcessor.OwnerSession(decoded(asked.dhCertificate()), decoded(asked.session())));
  }

  /** Base64 as leniently as QEMU reads it; what does not decode is refused for its size. */
  private static Bytes decoded(Optional<Path> file) throws IOException {
    if (file.isEmpty()) {
      return Bytes.EMPTY;
    }
    try {
      return Bytes.copyOf(Base64.getMimeDecoder().decode(Files.readAllBytes(file.get())));
    } catch (IllegalArgumentException e) {
      return Bytes.EMPTY;
    }
  }
}
