package dev.remit.image;

import static org.assertj.core.api.Assertions.assertThat;

import dev.remit.bytes.Bytes;
import dev.remit.bytes.Sample;
import dev.remit.bytes.SeekableBytes;
import dev.remit.image.Content.Igvm;
import dev.remit.image.Content.Initdata;
import dev.remit.image.Content.Malformed;
import dev.remit.image.Content.SecureExecution;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a host hands to a guest's start in one file: IGVM, IBM's images, initdata. */
class BootPayloadTest {
  private static final int HEADER = 0x14000;
  private static final Bytes IGVM =
      Bytes.concat(
              Block.ascii("IGVM"),
              Bytes.le32(1),
              Bytes.le32(24),
              Bytes.le32(40),
              Bytes.le32(4096),
              Bytes.le32(0))
          .paddedTo(4096);

  @Test
  void isAnIgvmFileOfEitherVersion() throws IOException {
    assertThat(contents(IGVM)).containsExactly(new Igvm());
    assertThat(contents(Sample.overwritten(IGVM, 4, Bytes.of(2)))).containsExactly(new Igvm());
    assertThat(contents(Sample.overwritten(IGVM, 4, Bytes.of(3))))
        .containsExactly(new Content.Opaque(false));
  }

  @Test
  void isAMalformedIgvmFileWhereItEndsEarly() throws IOException {
    for (int size : new int[] {8, 23, 24, 4095}) {
      assertMalformed(IGVM.slice(0, size));
    }
    assertMalformed(Sample.overwritten(IGVM, 8, Bytes.le32(4)));
    assertMalformed(Sample.overwritten(IGVM, 12, Bytes.le32(-1)));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 0x14000, 1 << 20})
  void readsTheFlagsOfAnImageForSecureExecution(int at) throws IOException {
    assertThat(contents(secure(at, 0xe0))).containsExactly(new SecureExecution(false, false));
    assertThat(contents(secure(at, 1L << 29 | 0xe0)))
        .containsExactly(new SecureExecution(true, false));
    assertThat(contents(secure(at, 1L << 28))).containsExactly(new SecureExecution(false, true));
    assertThat(contents(secure(at, 3L << 28))).containsExactly(new SecureExecution(true, true));
  }

  @Test
  void isAMalformedImageForSecureExecutionWithAnotherVersion() throws IOException {
    assertMalformed(Sample.overwritten(secure(HEADER, 0), HEADER + 10, Bytes.of(2)));
    assertMalformed(secure(HEADER, 0).slice(0, HEADER + 63));
  }

  @Test
  void readsTheDocumentOfInitdata() throws IOException {
    var document = Block.ascii("algorithm = \"sha384\"\n");
    assertThat(contents(initdata(gzip(document)).paddedTo(4096)))
        .containsExactly(new Initdata(document));
  }

  @Test
  void isMalformedInitdataWhereItIsNotWhole() throws IOException {
    var whole = initdata(gzip(Block.ascii("algorithm = \"sha384\"\n")));
    for (int size = 8; size < whole.size(); size++) {
      assertMalformed(whole.slice(0, size));
    }
    assertMalformed(initdata(Bytes.zeros(100)));
    assertMalformed(initdata(gzip(Bytes.zeros(Interest.LARGEST + 1))));
    assertMalformed(Sample.overwritten(whole, 15, Bytes.of(0x80)));
  }

  private static Bytes secure(int at, long flags) {
    var header =
        Bytes.concat(Block.ascii("IBMSecEx"), Bytes.of(0, 0, 1, 0), Bytes.zeros(44), be64(flags));
    return Sample.overwritten(Bytes.zeros(2 << 20), at, header);
  }

  private static Bytes be64(long number) {
    return Bytes.concat(be32((int) (number >>> 32)), be32((int) number));
  }

  private static Bytes be32(int number) {
    return Bytes.of(number >>> 24, number >>> 16 & 0xff, number >>> 8 & 0xff, number & 0xff);
  }

  private static Bytes initdata(Bytes packed) {
    return Bytes.concat(Block.ascii("initdata"), Bytes.le32(packed.size()), Bytes.zeros(4), packed);
  }

  private static Bytes gzip(Bytes content) throws IOException {
    var packed = new ByteArrayOutputStream();
    try (var gzip = new GZIPOutputStream(packed)) {
      gzip.write(content.toArray());
    }
    return Bytes.copyOf(packed.toByteArray());
  }

  private static void assertMalformed(Bytes file) throws IOException {
    assertThat(contents(file)).singleElement().isInstanceOf(Malformed.class);
  }

  private static List<Content> contents(Bytes file) throws IOException {
    return Examination.of(SeekableBytes.of(file)).contents();
  }
}
