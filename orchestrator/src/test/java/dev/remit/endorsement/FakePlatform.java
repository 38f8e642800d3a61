package dev.remit.endorsement;

import dev.remit.bytes.Bytes;
import dev.remit.bytes.MalformedException;

/** A host whose secure processor is made of software, so that a test can play the firmware. */
public final class FakePlatform {
  private final FakeAmd amd;
  private final FakeEcKey cek;
  private final FakeEcKey oca;
  private final FakeEcKey pek;
  private final FakeEcKey pdh;
  private final EcPublicKey pdhPublic;

  FakePlatform(FakeAmd amd, int number) {
    this(amd, number, FakeEcKey.named(EcCurve.P384, number + "/pdh"));
  }

  private FakePlatform(FakeAmd amd, int number, FakeEcKey pdh) {
    this(
        amd,
        FakeEcKey.named(EcCurve.P384, number + "/cek"),
        FakeEcKey.named(EcCurve.P384, number + "/oca"),
        FakeEcKey.named(EcCurve.P384, number + "/pek"),
        pdh,
        pdh.publicKey());
  }

  private FakePlatform(
      FakeAmd amd,
      FakeEcKey cek,
      FakeEcKey oca,
      FakeEcKey pek,
      FakeEcKey pdh,
      EcPublicKey pdhPublic) {
    this.amd = amd;
    this.cek = cek;
    this.oca = oca;
    this.pek = pek;
    this.pdh = pdh;
    this.pdhPublic = pdhPublic;
  }

  /** The same platform with another Diffie-Hellman key. */
  public FakePlatform withPdh(FakeEcKey key) {
    return new FakePlatform(amd, cek, oca, pek, key, key.publicKey());
  }

  /** The same platform with a Diffie-Hellman key whose private half nobody knows. */
  public FakePlatform withPdh(EcPublicKey key) {
    return new FakePlatform(amd, cek, oca, pek, pdh, key);
  }

  /** The PDH's certificate, 2084 bytes. */
  public Bytes pdh() {
    return draft(KeyUsage.PDH).signed(KeyUsage.PEK, pek).toBytes();
  }

  /** The PEK's certificate, signed by OCA and CEK, 2084 bytes. */
  public Bytes pek() {
    return draft(KeyUsage.PEK).signed(KeyUsage.OCA, oca).signed(KeyUsage.CEK, cek).toBytes();
  }

  /** The OCA's certificate, signed by itself, 2084 bytes. */
  public Bytes oca() {
    return draft(KeyUsage.OCA).signed(KeyUsage.OCA, oca).toBytes();
  }

  /** The CEK's certificate with the vendor's signature, 2084 bytes. */
  public Bytes cek() {
    return draft(KeyUsage.CEK).signedByAsk(amd).toBytes();
  }

  /** The CEK's certificate as firmware itself gives it: nobody signed it. */
  public Bytes unsignedCek() {
    return draft(KeyUsage.CEK).toBytes();
  }

  /** PEK, OCA and CEK, 6252 bytes, the CEK signed: what a host gives that fetched its CEK. */
  public Bytes certChain() {
    return Bytes.concat(pek(), oca(), cek());
  }

  /** PEK, OCA and unsigned CEK, 6252 bytes: what libvirt gives. */
  public Bytes unsignedCertChain() {
    return Bytes.concat(pek(), oca(), unsignedCek());
  }

  /** PDH, PEK, OCA and CEK, 8336 bytes. */
  public Bytes exported() {
    return Bytes.concat(pdh(), certChain());
  }

  /** The same with ASK and ARK. */
  public Bytes exportedInFull() {
    return Bytes.concat(exported(), amd.ask(), amd.ark());
  }

  /** How the link of another OCA to itself comes out, in the place of this platform's. */
  public String selfSignatureOf(SevCertificate oca) {
    return SevChainProver.prove(chainWith(KeyUsage.OCA, oca.raw()), amd.anchors()).links().stream()
        .filter(link -> link.subject().equals("OCA"))
        .map(link -> link.state().name())
        .findFirst()
        .orElseThrow();
  }

  /**
   * The report of a running guest, 208 bytes.
   *
   * @param policy 32 bits
   */
  public Bytes report(Bytes nonce, Bytes launchDigest, int policy) {
    var signed = Bytes.concat(nonce, launchDigest, Bytes.le32(policy));
    return Bytes.concat(
        signed,
        Bytes.le32(KeyUsage.PEK.code()),
        Bytes.le32(KeyAlgorithm.ECDSA_SHA256.code()),
        Bytes.zeros(4),
        pek.sign(KeyAlgorithm.ECDSA_SHA256, signed));
  }

  public SevChain chain() {
    return parsed(exported());
  }

  /** The platform as the prover sees it with its vendor's root believed. */
  public SevPlatform proven() {
    return switch (SevChainProver.prove(chain(), amd.anchors())) {
      case SevChainProof.Proven proven -> proven.platform();
      case SevChainProof.Broken broken -> throw new AssertionError(broken);
      case SevChainProof.Incomplete incomplete -> throw new AssertionError(incomplete);
      case SevChainProof.NotPinned notPinned -> throw new AssertionError(notPinned);
      case SevChainProof.OtherChip other -> throw new AssertionError(other);
    };
  }

  /** Opens a session as firmware does; see {@link FakeFirmware}. */
  public FakeFirmware launchStart(Bytes godh, Bytes session, int policy) {
    return FakeFirmware.launchStart(pdh, godh, session, policy);
  }

  /** One of the platform's certificates, not signed yet. */
  SevCertificateDraft draft(KeyUsage usage) {
    return SevCertificateDraft.of(
        usage, usage == KeyUsage.PDH ? pdhPublic : key(usage).publicKey());
  }

  /** One of the platform's private keys. */
  FakeEcKey key(KeyUsage usage) {
    return switch (usage) {
      case CEK -> cek;
      case OCA -> oca;
      case PEK -> pek;
      case PDH -> pdh;
      case ARK, ASK -> throw new IllegalArgumentException("not a platform's key");
    };
  }

  /** The chain with another certificate in one place. */
  SevChain chainWith(KeyUsage place, Bytes certificate) {
    return parsed(
        Bytes.concat(
            place == KeyUsage.PDH ? certificate : pdh(),
            place == KeyUsage.PEK ? certificate : pek(),
            place == KeyUsage.OCA ? certificate : oca(),
            place == KeyUsage.CEK ? certificate : cek()));
  }

  private static SevChain parsed(Bytes exported) {
    try {
      return SevChain.parse(exported);
    } catch (MalformedException e) {
      throw new AssertionError(e);
    }
  }
}
