package dev.remit.provisioning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.remit.bytes.Bytes;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class SeedArchiveTest {
  private static final Bytes DIGEST = Bytes.ofHex("c5".repeat(32));

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5, 4096})
  void holdsHeaderAndDigestInAFolderOfItsOwn(int size) {
    var header = Bytes.ofHex("5a".repeat(size));
    var entries = entries(SeedArchive.of(header, DIGEST));
    assertThat(entries.keySet())
        .containsExactly("remit", "remit/seed.header", "remit/seed.sha256", "TRAILER!!!");
    assertThat(entries.get("remit/seed.header")).isEqualTo(header);
    assertThat(entries.get("remit/seed.sha256"))
        .isEqualTo(Bytes.copyOf(("c5".repeat(32) + "\n").getBytes(StandardCharsets.US_ASCII)));
  }

  @Test
  void isTheSameForTheSameVolumeAndAnotherForAnother() {
    var one = SeedArchive.of(Bytes.of(1, 2, 3), DIGEST);
    assertThat(SeedArchive.of(Bytes.of(1, 2, 3), DIGEST)).isEqualTo(one);
    assertThat(SeedArchive.of(Bytes.of(1, 2, 4), DIGEST)).isNotEqualTo(one);
    assertThat(SeedArchive.of(Bytes.of(1, 2, 3), Bytes.zeros(32))).isNotEqualTo(one);
  }

  @Test
  void takesNoOtherDigestThanOneOfSha256() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> SeedArchive.of(Bytes.of(1), Bytes.zeros(31)));
  }

  @ParameterizedTest
  @CsvSource({"0, 0", "1, 3", "2, 2", "3, 1", "4, 0", "5, 3"})
  void beginsAtAMultipleOfFourBehindTheInitrd(int size, int gap) throws IOException {
    byte[] initrd = Bytes.ofHex("11".repeat(size)).toArray();
    var archive = Bytes.of(7, 8);
    try (var both =
        SeedArchive.appendedTo(() -> new ByteArrayInputStream(initrd), size, archive).open()) {
      assertThat(Bytes.copyOf(both.readAllBytes()))
          .isEqualTo(Bytes.concat(Bytes.copyOf(initrd), Bytes.zeros(gap), archive));
    }
  }

  /** By the kernel's description of the format, and without the code that wrote it. */
  private static Map<String, Bytes> entries(Bytes archive) {
    var entries = new LinkedHashMap<String, Bytes>();
    int at = 0;
    while (at < archive.size()) {
      assertThat(at % 4).isZero();
      assertThat(text(archive, at, 6)).isEqualTo("070701");
      int size = Integer.parseInt(text(archive, at + 6 + 6 * 8, 8), 16);
      int nameSize = Integer.parseInt(text(archive, at + 6 + 11 * 8, 8), 16);
      assertThat(archive.at(at + 110 + nameSize - 1)).isZero();
      String name = text(archive, at + 110, nameSize - 1);
      int content = (at + 110 + nameSize + 3) / 4 * 4;
      entries.put(name, archive.slice(content, size));
      at = (content + size + 3) / 4 * 4;
    }
    assertThat(at).isEqualTo(archive.size());
    return entries;
  }

  private static String text(Bytes archive, int at, int length) {
    return new String(archive.slice(at, length).toArray(), StandardCharsets.US_ASCII);
  }
}
