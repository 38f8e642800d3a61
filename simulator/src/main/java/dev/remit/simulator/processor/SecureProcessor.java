package dev.remit.simulator.processor;

import dev.remit.bytes.Bytes;
import dev.remit.bytes.MalformedException;
import dev.remit.simulator.identity.FirmwareVersion;
import dev.remit.simulator.identity.PlatformIdentity;
import dev.remit.simulator.identity.SevCertificate;
import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.SecureRandom;
import java.util.Optional;
import javax.crypto.KeyAgreement;

/** The part of a platform that a tenant believes, made of software: it protects nothing. */
public final class SecureProcessor {
  // Guest policy (SEV API, chapter 3): bits 6 to 15 are reserved, the API's floor is above them.
  private static final int RESERVED_POLICY_BITS = 0x0000ffc0;

  private final PlatformIdentity identity;
  private final FirmwareVersion version;
  private final SecureRandom random;

  public SecureProcessor(PlatformIdentity identity, FirmwareVersion version, SecureRandom random) {
    this.identity = identity;
    this.version = version;
    this.random = random;
  }

  /** What a guest owner sends along with a launch. */
  public record OwnerSession(Bytes dhCertificate, Bytes session) {}

  /** LAUNCH_START: agrees on the transport keys and opens a launch context. */
  public LaunchContext launchStart(int policy, Optional<OwnerSession> owner)
      throws FirmwareRefusal {
    checkPolicy(policy);
    try {
      var keys =
          owner.isEmpty()
              ? TransportKeys.random(random)
              : TransportKeys.unwrap(agree(owner.get()), owner.get().session(), policy);
      byte[] nonce = new byte[LaunchContext.NONCE_SIZE];
      random.nextBytes(nonce);
      return new LaunchContext(version, policy, keys, Bytes.copyOf(nonce));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("the JDK lacks an algorithm of the SEV API", e);
    }
  }

  private void checkPolicy(int policy) throws FirmwareRefusal {
    if ((policy & RESERVED_POLICY_BITS) != 0) {
      throw new FirmwareRefusal(
          FirmwareStatus.POLICY_FAILURE, "policy 0x%08x has reserved bits".formatted(policy));
    }
    int minimumMajor = policy >>> 16 & 0xff;
    int minimumMinor = policy >>> 24;
    if (version.major() < minimumMajor
        || (version.major() == minimumMajor && version.minor() < minimumMinor)) {
      throw new FirmwareRefusal(
          FirmwareStatus.POLICY_FAILURE,
          "the policy asks for API " + minimumMajor + "." + minimumMinor + " or later");
    }
  }

  private byte[] agree(OwnerSession owner) throws FirmwareRefusal, GeneralSecurityException {
    if (owner.dhCertificate().size() != SevCertificate.SIZE) {
      throw new FirmwareRefusal(
          FirmwareStatus.INVALID_LENGTH,
          "the owner's certificate has " + owner.dhCertificate().size() + " bytes");
    }
    try {
      var agreement = KeyAgreement.getInstance("ECDH", "SunEC");
      agreement.init(identity.pdhKey());
      agreement.doPhase(new SevCertificate(owner.dhCertificate()).diffieHellmanKey(), true);
      return agreement.generateSecret();
    } catch (InvalidKeyException | MalformedException e) {
      throw new FirmwareRefusal(
          FirmwareStatus.INVALID_CERTIFICATE, "the owner's certificate: " + e.getMessage());
    }
  }
}
