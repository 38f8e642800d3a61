package dev.remit.measurement;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.remit.bytes.Bytes;
import org.bouncycastle.crypto.digests.SHA256Digest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ContinuedSha256Test {
  /** FIPS 180-4, 5.3.3: the state before anything was hashed. */
  private static final Bytes BEGINNING =
      Bytes.ofHex("6a09e667bb67ae853c6ef372a54ff53a510e527f9b05688c1f83d9ab5be0cd19");

  @Test
  void isSha256FromItsBeginning() {
    assertThat(ContinuedSha256.after(BEGINNING, 0).digest())
        .isEqualTo(Sha256.of(Bytes.EMPTY).toArray());
  }

  @ParameterizedTest
  @ValueSource(ints = {64, 128, 4096, 65536})
  void goesOnBehindWhatWasHashedBefore(int size) {
    var before = Bytes.ofHex("c3".repeat(size));
    var digest = new SHA256Digest();
    digest.update(before.toArray(), 0, size);
    var state = Bytes.copyOf(digest.getEncodedState(), 16, 32);
    for (int more = 0; more <= 200; more++) {
      var rest = Bytes.ofHex("5a".repeat(more));
      var continued = ContinuedSha256.after(state, size);
      rest.updateInto(continued);
      assertThat(Sha256.soFar(continued))
          .as("%d more", more)
          .isEqualTo(Sha256.of(Bytes.concat(before, rest)));
    }
  }

  @Test
  void leavesACopyAlone() {
    var one = ContinuedSha256.after(BEGINNING, 0);
    var copy = Sha256.copy(one);
    Bytes.of(1).updateInto(copy);
    assertThat(Sha256.soFar(one)).isEqualTo(Sha256.of(Bytes.EMPTY));
    assertThat(Sha256.soFar(copy)).isEqualTo(Sha256.of(Bytes.of(1)));
  }

  @Test
  void startsAfterWholeBlocksOnly() {
    for (long size : new long[] {-64, 1, 63, 65}) {
      assertThatThrownBy(() -> ContinuedSha256.after(BEGINNING, size))
          .isInstanceOf(IllegalArgumentException.class);
    }
    assertThatThrownBy(() -> ContinuedSha256.after(Bytes.zeros(31), 64))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
