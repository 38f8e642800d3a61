package dev.remit.endorsement;

import dev.remit.bytes.Bytes;
import java.util.ArrayList;
import java.util.List;

/**
 * A SEV certificate in the making, of which a test may set every field wrong.
 *
 * @param usage as in {@link KeyUsage#code()}, or any number
 * @param algorithm as in {@link KeyAlgorithm#code()}, or any number
 * @param key curve, x and y, 148 bytes
 * @param filler what follows the key inside the body, 880 bytes
 * @param slots the signatures made so far, 520 bytes each
 */
record SevCertificateDraft(int usage, int algorithm, Bytes key, Bytes filler, List<Bytes> slots) {
  static final Bytes EMPTY_SLOT = Bytes.le32(0x1000).paddedTo(520);

  static SevCertificateDraft of(KeyUsage usage, EcPublicKey key) {
    var algorithm = usage == KeyUsage.PDH ? KeyAlgorithm.ECDH_SHA256 : KeyAlgorithm.ECDSA_SHA256;
    return new SevCertificateDraft(
        usage.code(), algorithm.code(), key.toBytes(), Bytes.zeros(880), List.of());
  }

  SevCertificateDraft withUsage(int other) {
    return new SevCertificateDraft(other, algorithm, key, filler, slots);
  }

  SevCertificateDraft withAlgorithm(int other) {
    return new SevCertificateDraft(usage, other, key, filler, slots);
  }

  SevCertificateDraft withFiller(Bytes other) {
    return new SevCertificateDraft(usage, algorithm, key, other, slots);
  }

  /** Fills the next slot; what is signed is the body as it is now. */
  SevCertificateDraft signed(KeyUsage signer, FakeEcKey by) {
    return signed(signer, KeyAlgorithm.ECDSA_SHA256, by);
  }

  SevCertificateDraft signed(KeyUsage signer, KeyAlgorithm with, FakeEcKey by) {
    return slot(signer.code(), with.code(), by.sign(with, body()));
  }

  SevCertificateDraft signedByAsk(FakeAmd amd) {
    return slot(KeyUsage.ASK.code(), KeyAlgorithm.RSA_SHA256.code(), amd.signByAsk(body()));
  }

  /** Fills the next slot with anything. */
  SevCertificateDraft slot(int signer, int with, Bytes value) {
    var more = new ArrayList<>(slots);
    more.add(Bytes.concat(Bytes.le32(signer), Bytes.le32(with), value).paddedTo(520));
    return new SevCertificateDraft(usage, algorithm, key, filler, List.copyOf(more));
  }

  Bytes body() {
    return Bytes.concat(
        Bytes.le32(1),
        Bytes.of(0, 24, 0, 0), // API 0.24, as firmware of Rome has it
        Bytes.le32(usage),
        Bytes.le32(algorithm),
        key,
        filler);
  }

  Bytes toBytes() {
    return Bytes.concat(
        body(),
        !slots.isEmpty() ? slots.getFirst() : EMPTY_SLOT,
        slots.size() > 1 ? slots.get(1) : EMPTY_SLOT);
  }
}
