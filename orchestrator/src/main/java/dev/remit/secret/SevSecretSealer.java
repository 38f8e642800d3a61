package dev.remit.secret;

import dev.remit.bytes.Bytes;
import dev.remit.bytes.SecretBytes;
import dev.remit.evidence.SevLaunchMeasurement;
import dev.remit.identity.Aes128Ctr;
import dev.remit.identity.Challenge;
import dev.remit.identity.Entropy;
import dev.remit.identity.HmacSha256;
import dev.remit.identity.TransportKeys;
import dev.remit.trust.SealingPermit;
import dev.remit.trust.Trusted;
import java.util.List;

/** Makes the packet of LAUNCH_SECRET (SEV API), bound to one session and one measurement. */
public final class SevSecretSealer {
  private static final int IV_SIZE = 16;

  /** What the MAC of a secret packet begins with. */
  private static final Bytes CONTEXT = Bytes.of(0x01);

  /** The packet is not compressed. */
  private static final Bytes FLAGS = Bytes.le32(0);

  private SevSecretSealer() {}

  /**
   * Throws {@link IllegalStateException} where the verdict is about another launch than the
   * challenge, and {@link IllegalArgumentException} where the secrets make no table: none at all,
   * two under one GUID, more than {@link SecretTable#LARGEST} bytes.
   */
  public static SevLaunchSecret seal(
      List<SecretEntry> secrets, Challenge challenge, Trusted trusted, Entropy entropy) {
    if (!trusted.launchId().equals(challenge.launchId())) {
      throw new IllegalStateException(
          "the verdict is about launch %s, not %s"
              .formatted(trusted.launchId(), challenge.launchId()));
    }
    var measure =
        switch (trusted.evidence()) {
          case SevLaunchMeasurement sev -> sev.measure();
        };
    var session = challenge.session();
    var packet = packet(secrets, session.tek(), session.tik(), measure, entropy);
    return new SevLaunchSecret(challenge.launchId(), packet.header(), packet.payload());
  }

  /**
   * The same for a guest that its owner starts by other means.
   *
   * <p>Throws {@link IllegalArgumentException} where the secrets make no table.
   */
  public static SevSecretPacket seal(
      List<SecretEntry> secrets, TransportKeys keys, SealingPermit permit, Entropy entropy) {
    return packet(secrets, keys.tek(), keys.tik(), permit.measure(), entropy);
  }

  private static SevSecretPacket packet(
      List<SecretEntry> secrets, SecretBytes tek, SecretBytes tik, Bytes measure, Entropy entropy) {
    var iv = entropy.bytes(IV_SIZE);
    try (var table = SecretTable.build(secrets)) {
      var payload = Aes128Ctr.encrypt(tek, iv, table);
      var size = Bytes.le32(payload.size()); // in the guest and on the way: the same
      var mac = HmacSha256.of(tik, CONTEXT, FLAGS, iv, size, size, payload, measure);
      return new SevSecretPacket(Bytes.concat(FLAGS, iv, mac), payload);
    }
  }
}
