package dev.remit.image;

import static org.assertj.core.api.Assertions.assertThat;

import dev.remit.bytes.Bytes;
import dev.remit.bytes.Sample;
import dev.remit.bytes.SeekableBytes;
import java.io.IOException;
import java.util.List;
import java.util.function.IntPredicate;

/** What happens to files on their way, and what must come of it. */
final class Hostile {
  private Hostile() {}

  static List<Content> contents(Bytes file) throws IOException {
    return Examination.of(SeekableBytes.of(file)).contents();
  }

  /** The one content of a file that is of this kind. */
  static <C extends Content> C only(Bytes file, Class<C> kind) throws IOException {
    var contents = contents(file);
    assertThat(contents).as("%s", contents).hasExactlyElementsOfTypes(kind);
    return kind.cast(contents.getFirst());
  }

  /** Asserts that the file cannot be read for a reason in which these words stand. */
  static void assertMalformed(Bytes file, String why) throws IOException {
    assertMalformed(SeekableBytes.of(file), why);
  }

  static void assertMalformed(SeekableBytes file, String why) throws IOException {
    assertThat(Examination.of(file).contents())
        .filteredOn(Content.Malformed.class::isInstance)
        .extracting(content -> ((Content.Malformed) content).what())
        .anySatisfy(what -> assertThat(what).contains(why));
  }

  /**
   * Turns every bit of the chosen octets, one at a time, and returns how many of the files were
   * refused. None may end in an exception.
   */
  static int turnBits(Bytes file, IntPredicate chosen) throws IOException {
    int refused = 0;
    for (int bit = 0; bit < file.size() * 8; bit++) {
      if (chosen.test(bit / 8) && isMalformed(Sample.flipped(file, bit))) {
        refused++;
      }
    }
    return refused;
  }

  /**
   * Cuts the file at every size of a step, and asserts that it is refused from the size on at which
   * it has its mark.
   */
  static void cut(Bytes file, int step, int marked) throws IOException {
    for (int size = 0; size < file.size(); size += step) {
      assertThat(isMalformed(file.slice(0, size))).as("%d bytes", size).isEqualTo(size >= marked);
    }
  }

  private static boolean isMalformed(Bytes file) throws IOException {
    return contents(file).stream().anyMatch(Content.Malformed.class::isInstance);
  }
}
