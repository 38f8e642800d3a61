package dev.remit.endorsement;

import dev.remit.bytes.ByteReader;
import dev.remit.bytes.Bytes;
import dev.remit.bytes.MalformedException;
import java.util.Optional;

/**
 * The certificates of one platform, each in the place it is to have; nothing is proven yet.
 *
 * @param ask as supplied, which only repeats what is pinned
 * @param ark as supplied; there are both of them or neither
 */
public record SevChain(
    SevCertificate pdh,
    SevCertificate pek,
    SevCertificate oca,
    SevCertificate cek,
    Optional<CaCertificate> ask,
    Optional<CaCertificate> ark) {
  /** Bytes of PDH, PEK, OCA and CEK. */
  public static final int SIZE = 4 * SevCertificate.SIZE;

  public SevChain {
    if (ask.isPresent() != ark.isPresent()) {
      throw new IllegalArgumentException("a chain has both ASK and ARK, or neither");
    }
  }

  /**
   * Reads what {@code sevctl export} writes: PDH, PEK, OCA and CEK, 8336 bytes; and with {@code
   * --full} ASK and ARK, 832 or 1600 bytes each.
   */
  public static SevChain parse(Bytes exported) throws MalformedException {
    var reader = exported.reader();
    var pdh = next(reader, "PDH");
    var pek = next(reader, "PEK");
    var oca = next(reader, "OCA");
    var cek = next(reader, "CEK");
    if (reader.remaining() == 0) {
      return new SevChain(pdh, pek, oca, cek, Optional.empty(), Optional.empty());
    }
    int caSize = reader.remaining() / 2;
    var ask = nextCa(reader, caSize, "ASK");
    var ark = nextCa(reader, caSize, "ARK");
    reader.end();
    return new SevChain(pdh, pek, oca, cek, Optional.of(ask), Optional.of(ark));
  }

  /**
   * The two values of libvirt's {@code virNodeGetSEVInfo}.
   *
   * @param pdh 2084 bytes
   * @param certChain PEK, OCA and CEK, 6252 bytes
   */
  public static SevChain of(Bytes pdh, Bytes certChain) throws MalformedException {
    if (pdh.size() != SevCertificate.SIZE || certChain.size() != SIZE - SevCertificate.SIZE) {
      throw new MalformedException(
          0,
          "a PDH has 2084 bytes and the chain above it 6252, and these %d and %d"
              .formatted(pdh.size(), certChain.size()));
    }
    return parse(Bytes.concat(pdh, certChain));
  }

  /** The same with another certificate in the place of the CEK. */
  public SevChain withCek(SevCertificate signed) {
    return new SevChain(pdh, pek, oca, signed, ask, ark);
  }

  /** As {@link #parse} reads it. */
  public Bytes raw() {
    return Bytes.concat(
        pdh.raw(),
        pek.raw(),
        oca.raw(),
        cek.raw(),
        ask.map(CaCertificate::raw).orElse(Bytes.EMPTY),
        ark.map(CaCertificate::raw).orElse(Bytes.EMPTY));
  }

  private static SevCertificate next(ByteReader reader, String place) throws MalformedException {
    int start = reader.position();
    var raw = reader.bytes(SevCertificate.SIZE);
    try {
      return SevCertificate.parse(raw);
    } catch (MalformedException e) {
      throw e.in(place, start);
    }
  }

  private static CaCertificate nextCa(ByteReader reader, int size, String place)
      throws MalformedException {
    int start = reader.position();
    var raw = reader.bytes(size);
    try {
      return CaCertificate.parse(raw);
    } catch (MalformedException e) {
      throw e.in(place, start);
    }
  }
}
