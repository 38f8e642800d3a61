package dev.remit.firmware;

import dev.remit.bytes.Bytes;
import dev.remit.bytes.SeekableBytes;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Guesses what a file is that is not an OVMF image, for one sentence to the user. */
record Lookalike(int offset, Bytes magic, String sentence) {
  private static final int HEAD_SIZE = 0x206;

  private static final List<Lookalike> KNOWN =
      List.of(
          new Lookalike(0x202, ascii("HdrS"), "it seems to be a Linux kernel"),
          new Lookalike(
              0x28, ascii("_FVH"), "it seems to be a UEFI variable store or another UEFI firmware"),
          new Lookalike(0, ascii("MZ"), "it seems to be an EFI program"),
          new Lookalike(0, Bytes.of('Q', 'F', 'I', 0xfb), "it seems to be a qcow2 image"),
          new Lookalike(0, ascii("LUKS"), "it seems to be a LUKS volume"),
          new Lookalike(0, ascii("IGVM"), "it seems to be an IGVM file"),
          new Lookalike(0, Bytes.of(0x7f, 'E', 'L', 'F'), "it seems to be an ELF program"),
          new Lookalike(0, ascii("070701"), "it seems to be an initrd"),
          new Lookalike(0, Bytes.of(0x1f, 0x8b), "it seems to be compressed by gzip"),
          new Lookalike(0, Bytes.of(0x28, 0xb5, 0x2f, 0xfd), "it seems to be compressed by zstd"));

  static String of(SeekableBytes file) throws IOException {
    if (file.size() == 0) {
      return "the file is empty";
    }
    var head = file.read(0, (int) Math.min(file.size(), HEAD_SIZE));
    return KNOWN.stream()
        .filter(known -> known.matches(head))
        .map(Lookalike::sentence)
        .findFirst()
        .orElse("nothing tells what it is instead");
  }

  private boolean matches(Bytes head) {
    return head.size() >= offset + magic.size() && head.slice(offset, magic.size()).equals(magic);
  }

  private static Bytes ascii(String text) {
    return Bytes.copyOf(text.getBytes(StandardCharsets.US_ASCII));
  }
}
