package dev.remit.it;

import dev.remit.bytes.MaskedSecret;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.ECParameterSpec;
import java.security.spec.ECPoint;
import java.security.spec.ECPublicKeySpec;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import javax.crypto.Cipher;
import javax.crypto.KeyAgreement;
import javax.crypto.Mac;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/** The keys of a session as the simulated platform gets at them (SEV API, LAUNCH_START). */
final class SessionKeys {
  private static final int KEY_SIZE = 16;

  private SessionKeys() {}

  /**
   * @param godh the owner's certificate in base64, as it stands in the domain document
   * @param session the wrapped keys in base64
   */
  static List<MaskedSecret> of(Path simulatorFolder, String godh, String session)
      throws IOException, GeneralSecurityException {
    byte[] blob = Base64.getDecoder().decode(session);
    byte[] shared = shared(simulatorFolder, Base64.getDecoder().decode(godh));
    byte[] master = derive(shared, "sev-master-secret", Arrays.copyOf(blob, 16));
    byte[] kek = derive(master, "sev-kek", new byte[0]);
    byte[] kik = derive(master, "sev-kik", new byte[0]);
    var cipher = Cipher.getInstance("AES/CTR/NoPadding");
    cipher.init(
        Cipher.DECRYPT_MODE,
        new SecretKeySpec(kek, "AES"),
        new IvParameterSpec(Arrays.copyOfRange(blob, 48, 64)));
    byte[] keys = cipher.doFinal(Arrays.copyOfRange(blob, 16, 48));
    return List.of(
        MaskedSecret.takeFrom("shared", shared),
        MaskedSecret.takeFrom("master", master),
        MaskedSecret.takeFrom("KEK", kek),
        MaskedSecret.takeFrom("KIK", kik),
        MaskedSecret.takeFrom("TEK", Arrays.copyOf(keys, KEY_SIZE)),
        MaskedSecret.takeFrom("TIK", Arrays.copyOfRange(keys, KEY_SIZE, 2 * KEY_SIZE)));
  }

  /** The x coordinate, 48 bytes; the certificate has both as 72 bytes from the little end. */
  private static byte[] shared(Path simulatorFolder, byte[] godh)
      throws IOException, GeneralSecurityException {
    var factory = KeyFactory.getInstance("EC");
    var parameters = AlgorithmParameters.getInstance("EC");
    parameters.init(new ECGenParameterSpec("secp384r1"));
    var owner =
        new ECPublicKeySpec(
            new ECPoint(littleEndian(godh, 20), littleEndian(godh, 92)),
            parameters.getParameterSpec(ECParameterSpec.class));
    var agreement = KeyAgreement.getInstance("ECDH");
    agreement.init(
        factory.generatePrivate(
            new PKCS8EncodedKeySpec(
                Files.readAllBytes(simulatorFolder.resolve("platform/pdh.key")))));
    agreement.doPhase(factory.generatePublic(owner), true);
    return agreement.generateSecret();
  }

  private static BigInteger littleEndian(byte[] from, int offset) {
    byte[] reversed = new byte[72];
    for (int i = 0; i < reversed.length; i++) {
      reversed[i] = from[offset + reversed.length - 1 - i];
    }
    return new BigInteger(1, reversed);
  }

  private static byte[] derive(byte[] key, String label, byte[] context)
      throws GeneralSecurityException {
    byte[] name = label.getBytes(StandardCharsets.US_ASCII);
    var message =
        ByteBuffer.allocate(4 + name.length + 1 + context.length + 4)
            .order(ByteOrder.LITTLE_ENDIAN)
            .putInt(1)
            .put(name)
            .put((byte) 0)
            .put(context)
            .putInt(8 * KEY_SIZE);
    var mac = Mac.getInstance("HmacSHA256");
    mac.init(new SecretKeySpec(key, "HmacSHA256"));
    return Arrays.copyOf(mac.doFinal(message.array()), KEY_SIZE);
  }
}
