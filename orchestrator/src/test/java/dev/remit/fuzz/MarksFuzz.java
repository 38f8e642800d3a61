package dev.remit.fuzz;

import dev.remit.bytes.Bytes;
import java.io.IOException;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** A region with the mark of a format that is told by that and little more. */
public final class MarksFuzz {
  private MarksFuzz() {}

  private record Mark(int at, String octets) {}

  private static final List<Mark> MARKS =
      List.of(
          new Mark(0, "verity\0\0\1\0\0\0"),
          new Mark(4086, "SWAPSPACE2"),
          new Mark(4086, "S1SUSPEND\0"),
          new Mark(4096, "\u00fcN+\u00a9\1\0\0\0"),
          new Mark(1024 + 0x38, "S\u00ef"),
          new Mark(0, "XFSB"),
          new Mark(1024, "\u0010 \u00f5\u00f2"),
          new Mark(1024, "\u00e2\u00e1\u00f5\u00e0"),
          new Mark(0x8001, "BEA01"));

  public static void fuzzerTestOneInput(byte[] input) throws IOException {
    int chosen = input.length == 0 ? 0 : Math.floorMod(input[0], MARKS.size());
    var mark = MARKS.get(chosen);
    var region = Envelope.of(input, mark.at() + 0x2000, 512);
    region.put(mark.at(), mark.octets());
    if (mark.octets().startsWith("BEA")) {
      region.put(0x8801, "NSR03").put(0x9001, "TEA01");
    }
    Expected.ofImage(region.bytes());
  }

  static List<Bytes> seeds() {
    var verity =
        Envelope.of(new byte[0], 512, 1)
            .le32(12, 1)
            .put(32, "sha256")
            .le32(64, 4096)
            .le32(68, 4096)
            .le64(72, 1)
            .put(80, 32);
    var each = IntStream.range(1, MARKS.size()).mapToObj(Bytes::of).toList();
    var ext = Envelope.of(new byte[0], 1536, 1).put(0, 4).put(1024, 1);
    return Stream.concat(
            Stream.of(Bytes.copyOf(verity.bytes()), Bytes.copyOf(ext.bytes())), each.stream())
        .toList();
  }
}
