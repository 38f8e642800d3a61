package dev.remit.simulator.processor;

import dev.remit.bytes.Bytes;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import javax.crypto.SecretKey;

/** The keys a guest owner shares with the secure processor for one launch. */
record TransportKeys(SecretKey encryption, SecretKey integrity) {
  /** Nonce, wrapped keys, IV, MAC over the wrapped keys, MAC over the policy (SEV API 6.2). */
  static final int SESSION_SIZE = 16 + 32 + 16 + 32 + 32;

  /** For a launch without a session: nobody can check what such a guest measures. */
  static TransportKeys random(SecureRandom random) {
    byte[] tek = new byte[Symmetric.KEY_SIZE];
    byte[] tik = new byte[Symmetric.KEY_SIZE];
    random.nextBytes(tek);
    random.nextBytes(tik);
    return new TransportKeys(Symmetric.aesKey(tek), Symmetric.macKey(tik));
  }

  /**
   * @param shared the x coordinate of the agreed point, 48 bytes, most significant first
   * @param policy the guest policy that the launch asks for
   */
  static TransportKeys unwrap(byte[] shared, Bytes session, int policy)
      throws FirmwareRefusal, GeneralSecurityException {
    if (session.size() != SESSION_SIZE) {
      throw new FirmwareRefusal(
          FirmwareStatus.INVALID_LENGTH,
          "the session has " + session.size() + " bytes instead of " + SESSION_SIZE);
    }
    var nonce = session.slice(0, 16);
    var wrapped = session.slice(16, 32);
    var iv = session.slice(48, 16);
    var wrapMac = session.slice(64, 32);
    var policyMac = session.slice(96, 32);

    byte[] master = Symmetric.derive(shared, "sev-master-secret", nonce);
    byte[] kek = Symmetric.derive(master, "sev-kek", Bytes.EMPTY);
    byte[] kik = Symmetric.derive(master, "sev-kik", Bytes.EMPTY);
    if (!Symmetric.hmac(Symmetric.macKey(kik), wrapped).equals(wrapMac)) {
      throw new FirmwareRefusal(
          FirmwareStatus.BAD_MEASUREMENT,
          "the MAC over the wrapped keys is wrong: the session is for another platform or damaged");
    }
    byte[] keys = Symmetric.decrypt(Symmetric.aesKey(kek), iv, wrapped);
    var tek = Symmetric.aesKey(Arrays.copyOfRange(keys, 0, Symmetric.KEY_SIZE));
    var tik = Symmetric.macKey(Arrays.copyOfRange(keys, Symmetric.KEY_SIZE, keys.length));
    if (!Symmetric.hmac(tik, Bytes.le32(policy)).equals(policyMac)) {
      throw new FirmwareRefusal(
          FirmwareStatus.BAD_MEASUREMENT,
          "the session was made for another policy than 0x%08x".formatted(policy));
    }
    return new TransportKeys(tek, tik);
  }
}
