package dev.remit.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.remit.bytes.Bytes;
import dev.remit.bytes.SeekableBytes;
import dev.remit.diagnostic.Code;
import dev.remit.diagnostic.Diagnostic;
import dev.remit.image.Examination;
import dev.remit.spec.Spec;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class HeaderInInitrdTest {
  private static final int FILE = 0100644;
  private static final int LINK = 0120777;
  private static final String PATH = "lib/remit/disk.header";
  private static final Bytes HEADER = Bytes.ofHex("a1".repeat(513));

  private final FakeFiles files = new FakeFiles().put(PlanFixtures.HEADER, HEADER);
  private final Spec.Disk disk =
      new Spec.Disk(
          "root",
          PlanFixtures.input(PlanFixtures.DISK),
          PlanFixtures.input(PlanFixtures.HEADER),
          PlanFixtures.at());

  @ParameterizedTest
  @ValueSource(strings = {PATH, "./" + PATH, "usr/" + PATH, "lib/remit/other.header"})
  void mayBeTheOneOfTheSpec(String path) {
    assertThat(problem(archive(entry(path, FILE, HEADER)))).isEmpty();
  }

  @Test
  void mayBeMissing() {
    assertThat(problem(archive(entry("init", FILE, HEADER.slice(0, 7))))).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {PATH, "./" + PATH, "usr/" + PATH})
  void mustNotDifferInOneBit(String path) {
    byte[] changed = HEADER.toArray();
    changed[512] ^= 1;
    assertDiffers(archive(entry(path, FILE, Bytes.copyOf(changed))));
  }

  @Test
  void mustNotBeShorter() {
    assertDiffers(archive(entry(PATH, FILE, HEADER.slice(0, 512))));
  }

  @Test
  void mustNotLeadElsewhere() {
    assertDiffers(archive(entry(PATH, LINK, HEADER)));
  }

  @Test
  void mustBeTheSameInALaterArchive() {
    var first = archive(entry(PATH, FILE, HEADER));
    assertThat(problem(Bytes.concat(first, archive(entry(PATH, FILE, HEADER))))).isEmpty();
    assertDiffers(Bytes.concat(first, archive(entry(PATH, FILE, Bytes.zeros(513)))));
  }

  @Test
  void mustBeTheSameInACompressedArchive() {
    assertThat(problem(packed(archive(entry(PATH, FILE, HEADER))))).isEmpty();
    assertDiffers(packed(archive(entry(PATH, FILE, Bytes.zeros(513)))));
  }

  private static Bytes packed(Bytes archive) {
    var out = new ByteArrayOutputStream();
    try (var gzip = new GZIPOutputStream(out)) {
      gzip.write(archive.toArray());
    } catch (IOException e) {
      throw new AssertionError(e);
    }
    return Bytes.copyOf(out.toByteArray());
  }

  private void assertDiffers(Bytes initrd) {
    assertThat(problem(initrd).orElseThrow().code()).isEqualTo(Code.CONTRADICTION);
  }

  private Optional<Diagnostic> problem(Bytes initrd) {
    try {
      var looked = Examination.of(SeekableBytes.of(initrd));
      return HeaderInInitrd.problem(
          disk, PlanFixtures.INITRD, looked, files.put(PlanFixtures.INITRD, initrd));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static Bytes archive(Bytes entry) {
    return Bytes.concat(entry, entry("TRAILER!!!", 0, Bytes.EMPTY));
  }

  /** As SeedArchive writes them. */
  private static Bytes entry(String name, int mode, Bytes content) {
    int[] numbers = {0, mode, 0, 0, 1, 0, content.size(), 0, 0, 0, 0, name.length() + 1, 0};
    var head = new StringBuilder("070701");
    for (int number : numbers) {
      head.append("%08x".formatted(number));
    }
    head.append(name).append('\0');
    return Bytes.concat(filled(bytes(head)), filled(content));
  }

  private static Bytes bytes(CharSequence text) {
    return Bytes.copyOf(text.toString().getBytes(StandardCharsets.US_ASCII));
  }

  private static Bytes filled(Bytes part) {
    return Bytes.concat(part, Bytes.zeros(-part.size() & 3));
  }
}
