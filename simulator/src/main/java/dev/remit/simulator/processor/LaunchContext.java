package dev.remit.simulator.processor;

import dev.remit.bytes.Bytes;
import dev.remit.simulator.identity.FirmwareVersion;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Optional;

/** One guest inside the secure processor, from LAUNCH_START to LAUNCH_FINISH. */
public final class LaunchContext {
  static final int NONCE_SIZE = 16;

  /** The greatest secret that the firmware takes in one packet. */
  private static final int SECRET_LIMIT = 16 * 1024;

  private static final int SECRET_UNIT = 16;
  private static final int SECRET_HEADER_SIZE = 4 + 16 + 32;
  private static final int POLICY_ES = 1 << 2;

  // The first octet under a MAC says what the MAC is about (SEV API 6.5.1 and 6.6.1).
  private static final Bytes MEASURE_CONTEXT = Bytes.of(4);
  private static final Bytes SECRET_CONTEXT = Bytes.of(1);

  private final FirmwareVersion version;
  private final int policy;
  private final TransportKeys keys;
  private final Bytes nonce;
  private final MessageDigest contents;
  private GuestState state = GuestState.LAUNCH_UPDATE;
  private Optional<Measurement> measurement = Optional.empty();

  LaunchContext(FirmwareVersion version, int policy, TransportKeys keys, Bytes nonce)
      throws GeneralSecurityException {
    this.version = version;
    this.policy = policy;
    this.keys = keys;
    this.nonce = nonce;
    this.contents = MessageDigest.getInstance("SHA-256", "SUN");
  }

  /** What LAUNCH_MEASURE answers, and the digest that it vouches for. */
  public record Measurement(Bytes launchDigest, Bytes mac, Bytes nonce) {
    /** As QEMU hands it out: the MAC, 32 bytes, then the nonce, 16 bytes. */
    public Bytes blob() {
      return Bytes.concat(mac, nonce);
    }
  }

  public synchronized GuestState state() {
    return state;
  }

  public int policy() {
    return policy;
  }

  public FirmwareVersion version() {
    return version;
  }

  /** Whether the registers of the guest's CPUs are encrypted and measured as well (SEV-ES). */
  public boolean measuresRegisters() {
    return (policy & POLICY_ES) != 0;
  }

  /** Empty until {@link #launchMeasure}. */
  public synchronized Optional<Measurement> measurement() {
    return measurement;
  }

  /** LAUNCH_UPDATE_DATA and LAUNCH_UPDATE_VMSA: takes octets of the guest into the digest. */
  public synchronized void launchUpdate(Bytes octets) throws FirmwareRefusal {
    require(GuestState.LAUNCH_UPDATE);
    octets.updateInto(contents);
  }

  /** LAUNCH_MEASURE: ends the digest; secrets may follow. */
  public synchronized Measurement launchMeasure() throws FirmwareRefusal {
    require(GuestState.LAUNCH_UPDATE);
    var digest = Bytes.copyOf(contents.digest());
    var message =
        Bytes.concat(
            MEASURE_CONTEXT,
            Bytes.of(version.major(), version.minor(), version.build()),
            Bytes.le32(policy),
            digest,
            nonce);
    var taken = new Measurement(digest, hmac(message), nonce);
    measurement = Optional.of(taken);
    state = GuestState.LAUNCH_SECRET;
    return taken;
  }

  /**
   * LAUNCH_SECRET: opens a packet that was sealed for this launch.
   *
   * @return the plaintext, as long as the payload
   */
  public synchronized byte[] launchSecret(Bytes header, Bytes payload) throws FirmwareRefusal {
    require(GuestState.LAUNCH_SECRET);
    if (header.size() != SECRET_HEADER_SIZE) {
      throw new FirmwareRefusal(
          FirmwareStatus.INVALID_LENGTH,
          "the packet's header has " + header.size() + " bytes instead of " + SECRET_HEADER_SIZE);
    }
    int size = payload.size();
    if (size == 0 || size > SECRET_LIMIT || size % SECRET_UNIT != 0) {
      throw new FirmwareRefusal(
          FirmwareStatus.INVALID_LENGTH,
          "a secret has 16 to 16384 bytes in whole units of 16, not " + size);
    }
    var flags = header.slice(0, 4);
    var iv = header.slice(4, 16);
    var mac = header.slice(20, 32);
    var length = Bytes.le32(size);
    var measured =
        measurement.orElseThrow(() -> new IllegalStateException("measured in this state")).mac();
    if (!hmac(Bytes.concat(SECRET_CONTEXT, flags, iv, length, length, payload, measured))
        .equals(mac)) {
      throw new FirmwareRefusal(
          FirmwareStatus.BAD_MEASUREMENT, "the packet's MAC is wrong: it is for another launch");
    }
    if (!flags.isZero()) {
      throw new FirmwareRefusal(FirmwareStatus.UNSUPPORTED, "compressed secrets are not supported");
    }
    try {
      return Symmetric.decrypt(keys.encryption(), iv, payload);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("AES-128-CTR decrypts what fits its block", e);
    }
  }

  /** LAUNCH_FINISH: the guest runs, and no secret can follow. A second call does nothing. */
  public synchronized void launchFinish() {
    state = GuestState.RUNNING;
  }

  private void require(GuestState expected) throws FirmwareRefusal {
    if (state != expected) {
      throw new FirmwareRefusal(
          FirmwareStatus.INVALID_GUEST_STATE, "the guest is in state " + state.word());
    }
  }

  private Bytes hmac(Bytes message) {
    try {
      return Symmetric.hmac(keys.integrity(), message);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("the JDK has HMAC-SHA256", e);
    }
  }
}
