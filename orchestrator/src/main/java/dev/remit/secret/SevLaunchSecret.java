package dev.remit.secret;

import dev.remit.bytes.Bytes;
import dev.remit.identity.LaunchId;

/**
 * The packet of LAUNCH_SECRET: readable only by the secure processor that holds the session.
 *
 * @param header 52 bytes: flags, 4, initialisation vector, 16, MAC, 32
 * @param payload the encrypted secret table, a multiple of 16 bytes
 */
public record SevLaunchSecret(LaunchId launchId, Bytes header, Bytes payload)
    implements SealedSecret {
  public SevLaunchSecret {
    SevSecretPacket.requireSizes(header, payload);
  }
}
