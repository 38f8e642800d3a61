package dev.remit.plan;

import dev.remit.bytes.Bytes;
import dev.remit.provisioning.SealedVolume;

/**
 * A volume with sealed user data that the measured initrd vouches for.
 *
 * @param imageDigest SHA-256 of the ciphertext, 32 bytes. It tells nothing of the user data: each
 *     sealing has a key of its own
 */
public record SealedSeed(SealedVolume volume, Bytes imageDigest) {}
