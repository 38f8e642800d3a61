package dev.remit.fuzz;

import dev.remit.bytes.Bytes;
import dev.remit.bytes.MalformedException;
import dev.remit.bytes.SeekableBytes;
import dev.remit.firmware.FakeOvmf;
import dev.remit.firmware.FirmwareImage;
import java.io.IOException;
import java.util.List;

/** Firmware that ends in OVMF's table. */
public final class FirmwareFuzz {
  private FirmwareFuzz() {}

  public static void fuzzerTestOneInput(byte[] input) throws IOException {
    var image = Envelope.of(input, 4096, 4096);
    if (image.u8(0) != 0xff) {
      image.put(image.size() - 48, FakeOvmf.FOOTER);
    }
    var file = SeekableBytes.of(Bytes.copyOf(image.bytes()));
    try {
      Expected.require(
          FirmwareImage.parse(file).equals(FirmwareImage.parse(file)),
          "a second reading finds the same");
    } catch (MalformedException refused) {
      Expected.require(refused.offset() >= 0, "a refusal points into the file");
    }
  }

  static List<Bytes> seeds() {
    return List.of(
        FakeOvmf.image(
            FakeOvmf.entry(FakeOvmf.HASH_TABLE, FakeOvmf.area(0x10c00, 0x400)),
            FakeOvmf.entry(FakeOvmf.SECRET_AREA, FakeOvmf.area(0x10800, 0x400))),
        FakeOvmf.withMetadata("ASEV", 28, 1, 1, Bytes.zeros(12)));
  }
}
