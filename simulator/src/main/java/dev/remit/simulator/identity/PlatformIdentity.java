package dev.remit.simulator.identity;

import dev.remit.bytes.Bytes;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The certificates of one simulated platform, the id of its chip, and the private key that launch
 * sessions are agreed with. The ids of its CA keys spell SIMULATED.
 */
public record PlatformIdentity(
    SevCertificate pdh,
    SevCertificate pek,
    SevCertificate oca,
    SevCertificate cek,
    Bytes ask,
    Bytes ark,
    Bytes cpu0Id,
    PrivateKey pdhKey) {

  private static final Bytes ARK_ID = ascii("SIMULATED ARK 01");
  private static final Bytes ASK_ID = ascii("SIMULATED ASK 01");
  private static final Bytes CHIP_LABEL = ascii("SIMULATED CHIP. ");
  private static final int CHIP_ID_SIZE = 64;

  /**
   * Makes a platform and leaves certificates and private keys (readable for their owner only) in a
   * folder that must not exist. An interrupted call leaves no folder of that name.
   */
  public static void create(Path folder, FirmwareVersion version, SecureRandom random)
      throws IOException, GeneralSecurityException {
    create(folder, version, random, Optional.empty());
  }

  /**
   * The same, as a further chip under the root of a platform that is there already.
   *
   * @param sibling that platform's folder
   */
  public static void create(
      Path folder, FirmwareVersion version, SecureRandom random, Optional<Path> sibling)
      throws IOException, GeneralSecurityException {
    var parent = folder.toAbsolutePath().getParent();
    if (parent == null) {
      throw new IOException("the platform needs a folder of its own");
    }
    var unfinished = Files.createTempDirectory(parent, ".platform-");
    if (sibling.isPresent()) {
      for (String name : List.of("ark.cert", "ark.key", "ask.cert", "ask.key")) {
        write(unfinished.resolve(name), Files.readAllBytes(sibling.get().resolve(name)));
      }
    } else {
      makeRoot(unfinished, random);
    }
    fill(unfinished, version, random);
    Files.move(unfinished, folder);
  }

  private static void makeRoot(Path folder, SecureRandom random)
      throws IOException, GeneralSecurityException {
    KeyPair ark = CaCertificate.generateKey(random);
    KeyPair ask = CaCertificate.generateKey(random);
    save(
        folder.resolve("ark"),
        CaCertificate.issue(
                ARK_ID, ARK_ID, KeyUsage.ARK, (RSAPublicKey) ark.getPublic(), ark.getPrivate())
            .raw(),
        ark);
    save(
        folder.resolve("ask"),
        CaCertificate.issue(
                ASK_ID, ARK_ID, KeyUsage.ASK, (RSAPublicKey) ask.getPublic(), ark.getPrivate())
            .raw(),
        ask);
  }

  private static void fill(Path folder, FirmwareVersion version, SecureRandom random)
      throws IOException, GeneralSecurityException {
    PrivateKey ask =
        KeyFactory.getInstance("RSA", "SunRsaSign")
            .generatePrivate(
                new PKCS8EncodedKeySpec(Files.readAllBytes(folder.resolve("ask.key"))));
    KeyPair cek = EllipticKeys.generate(random);
    KeyPair oca = EllipticKeys.generate(random);
    KeyPair pek = EllipticKeys.generate(random);
    KeyPair pdh = EllipticKeys.generate(random);

    var cekBody = SevCertificate.body(version, KeyUsage.CEK, (ECPublicKey) cek.getPublic());
    var askSignature = SevCertificate.Slot.rsa(KeyUsage.ASK, CaCertificate.sign(ask, cekBody));
    save(
        folder.resolve("cek"),
        SevCertificate.of(cekBody, askSignature, SevCertificate.Slot.EMPTY).raw(),
        cek);

    var ocaBody = SevCertificate.body(version, KeyUsage.OCA, (ECPublicKey) oca.getPublic());
    save(
        folder.resolve("oca"),
        SevCertificate.of(ocaBody, slot(KeyUsage.OCA, oca, ocaBody), SevCertificate.Slot.EMPTY)
            .raw(),
        oca);

    var pekBody = SevCertificate.body(version, KeyUsage.PEK, (ECPublicKey) pek.getPublic());
    save(
        folder.resolve("pek"),
        SevCertificate.of(
                pekBody, slot(KeyUsage.OCA, oca, pekBody), slot(KeyUsage.CEK, cek, pekBody))
            .raw(),
        pek);

    var pdhBody = SevCertificate.body(version, KeyUsage.PDH, (ECPublicKey) pdh.getPublic());
    save(
        folder.resolve("pdh"),
        SevCertificate.of(pdhBody, slot(KeyUsage.PEK, pek, pdhBody), SevCertificate.Slot.EMPTY)
            .raw(),
        pdh);

    byte[] serial = new byte[CHIP_ID_SIZE - CHIP_LABEL.size()];
    random.nextBytes(serial);
    write(folder.resolve("cpu0.id"), Bytes.concat(CHIP_LABEL, Bytes.copyOf(serial)).toArray());
  }

  private static SevCertificate.Slot slot(KeyUsage signer, KeyPair key, Bytes body)
      throws GeneralSecurityException {
    return SevCertificate.Slot.ecdsa(signer, EllipticKeys.sign(key.getPrivate(), body));
  }

  /** Reads what {@link #create} left. */
  public static PlatformIdentity load(Path folder) throws IOException, GeneralSecurityException {
    return new PlatformIdentity(
        new SevCertificate(read(folder, "pdh.cert")),
        new SevCertificate(read(folder, "pek.cert")),
        new SevCertificate(read(folder, "oca.cert")),
        new SevCertificate(read(folder, "cek.cert")),
        read(folder, "ask.cert"),
        read(folder, "ark.cert"),
        read(folder, "cpu0.id"),
        KeyFactory.getInstance("EC", "SunEC")
            .generatePrivate(
                new PKCS8EncodedKeySpec(Files.readAllBytes(folder.resolve("pdh.key")))));
  }

  /** What QEMU reports as {@code cert-chain}: PEK, OCA, CEK. */
  public Bytes certChain() {
    return Bytes.concat(pek.raw(), oca.raw(), cek.raw());
  }

  /** The same as real firmware has it: nobody signed the CEK. */
  public Bytes unsignedCertChain() {
    return Bytes.concat(
        pek.raw(),
        oca.raw(),
        SevCertificate.of(cek.body(), SevCertificate.Slot.EMPTY, SevCertificate.Slot.EMPTY).raw());
  }

  /** The whole chain, as tools export it: PDH, PEK, OCA, CEK, ASK, ARK. */
  public Bytes exportedChain() {
    return Bytes.concat(pdh.raw(), certChain(), caCertificates());
  }

  /** ASK, then ARK: what a tenant must name to believe this platform. */
  public Bytes caCertificates() {
    return Bytes.concat(ask, ark);
  }

  private static void save(Path name, Bytes certificate, KeyPair key) throws IOException {
    write(name.resolveSibling(name.getFileName() + ".cert"), certificate.toArray());
    write(name.resolveSibling(name.getFileName() + ".key"), encoded(key.getPrivate()));
  }

  private static byte[] encoded(Key key) {
    byte[] pkcs8 = key.getEncoded();
    if (pkcs8 == null) {
      throw new IllegalStateException("a software key has an encoding");
    }
    return pkcs8;
  }

  private static void write(Path file, byte[] content) throws IOException {
    var ownerOnly =
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
    try (var channel =
        Files.newByteChannel(
            file, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), ownerOnly)) {
      channel.write(ByteBuffer.wrap(content));
    }
  }

  private static Bytes read(Path folder, String name) throws IOException {
    return Bytes.copyOf(Files.readAllBytes(folder.resolve(name)));
  }

  private static Bytes ascii(String text) {
    return Bytes.copyOf(text.getBytes(StandardCharsets.US_ASCII));
  }
}
