package dev.remit.spec;

import java.nio.file.Path;
import java.util.Optional;

/**
 * How to reach a host: document kind {@code Host}. Paths are resolved against the folder of the
 * document.
 *
 * @param name 1 to 63 of a-z, 0-9 and hyphen
 * @param uri for libvirt, of a transport and with parameters that are allowed
 * @param emulator at the host, where it is not the host's own QEMU
 * @param insecureRoot file with a root key that is believed beside AMD's: a simulator's
 * @param consoleFolder at the host, receives the files of serial consoles
 */
public record HostSpec(
    String name,
    String uri,
    Optional<Path> emulator,
    Optional<Path> insecureRoot,
    Optional<Path> consoleFolder) {
  public HostSpec {
    if (!ConnectionUri.isAllowed(uri)) {
      throw new IllegalArgumentException("a host is reached by a URI that HostReader lets through");
    }
  }

  /** Whether the host is the machine that Remit runs on: its URI names no other one. */
  public boolean isLocal() {
    return uri.startsWith("qemu:///");
  }
}
