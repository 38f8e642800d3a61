package dev.remit.provisioning;

import java.nio.file.Path;
import java.util.UUID;

/**
 * The folder that sealing writes for one guest: user data on an encrypted volume, its detached
 * header, its key, and the initrd that vouches for both.
 */
public record SealedVolume(Path folder) {
  /** Of the disk and of the secret, in plans and reports. */
  public static final String NAME = "seed";

  /** By which the guest finds the key of the volume among its secrets. */
  public static final UUID SECRET = UUID.fromString("2d2a0384-3ff0-49aa-806d-e43a25759982");

  /** Word of the measured command line: the guest brings the user data in, or halts. */
  public static final String WORD = "remit.seed=1";

  /** Bytes of every such volume, so that the host does not learn the size of what is in it. */
  public static final int SIZE = 4 << 20;

  /** Bytes of a detached header; ours have half a million. */
  public static final int LARGEST_HEADER = 16 << 20;

  /** The ciphertext, which the host sees. */
  public Path image() {
    return folder.resolve("seed.luks");
  }

  public Path header() {
    return folder.resolve("seed.header");
  }

  public Path key() {
    return folder.resolve("seed.key");
  }

  /** The guest's initrd with {@link SeedArchive} at its end: this one is measured. */
  public Path initrd() {
    return folder.resolve("initrd.img");
  }
}
