package dev.remit.endorsement;

import dev.remit.bytes.Bytes;
import dev.remit.bytes.MalformedException;
import dev.remit.platform.ChipId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Knows what a test put in, and remembers what it was asked for. */
public final class FakeSource implements EndorsementSource {
  private final Voucher voucher;
  private final Map<ChipId, CekEndorsement> known = new HashMap<>();
  private final List<ChipId> asked = new ArrayList<>();

  private FakeSource(Voucher voucher) {
    this.voucher = voucher;
  }

  public static FakeSource keyServer() {
    return new FakeSource(new Voucher(Voucher.Kind.KEY_SERVER, "https://keys.test"));
  }

  public static FakeSource imported() {
    return new FakeSource(new Voucher(Voucher.Kind.IMPORT, "fleet.json"));
  }

  public static FakeSource evidence() {
    return new FakeSource(new Voucher(Voucher.Kind.EVIDENCE, "fleet.json"));
  }

  public FakeSource with(ChipId chip, Bytes cek) {
    try {
      known.put(chip, CekEndorsement.parse(chip, cek, voucher));
      return this;
    } catch (MalformedException e) {
      throw new AssertionError(e);
    }
  }

  @Override
  public CekAnswer signedCek(ChipId chip) {
    asked.add(chip);
    var found = known.get(chip);
    return found == null
        ? new CekAnswer.NotHad(voucher + " does not know it", "ask another")
        : new CekAnswer.Had(found);
  }

  public List<ChipId> asked() {
    return asked;
  }

  /** One of many ids. */
  public static ChipId chip(int number) {
    return new ChipId(Bytes.of(number).paddedTo(ChipId.SIZE));
  }
}
