package dev.remit.bytes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.EOFException;
import java.io.IOException;
import org.junit.jupiter.api.Test;

class SeekableBytesTest {
  private final SeekableBytes five = SeekableBytes.of(Bytes.of(0, 1, 2, 3, 4));

  @Test
  void readsAtAnyPlace() throws IOException {
    assertThat(five.read(3, 2)).isEqualTo(Bytes.of(3, 4));
    assertThat(five.read(5, 0)).isEqualTo(Bytes.EMPTY);
  }

  @Test
  void refusesToReadPastTheEnd() {
    assertThatThrownBy(() -> five.read(4, 2)).isInstanceOf(EOFException.class);
    assertThatThrownBy(() -> five.read(Long.MAX_VALUE, 2)).isInstanceOf(EOFException.class);
    assertThatThrownBy(() -> five.read(-1, 2)).isInstanceOf(EOFException.class);
  }

  @Test
  void countsFromItsOwnStart() throws IOException {
    var rest = five.from(2);
    assertThat(rest.size()).isEqualTo(3);
    assertThat(rest.read(1, 2)).isEqualTo(Bytes.of(3, 4));
    assertThatThrownBy(() -> rest.read(-1, 1)).isInstanceOf(EOFException.class);
    assertThatThrownBy(() -> rest.read(3, 1)).isInstanceOf(EOFException.class);
  }

  @Test
  void aPartEndsWhereItEnds() throws IOException {
    var part = five.slice(1, 3);
    assertThat(part.size()).isEqualTo(3);
    assertThat(part.read(0, 3)).isEqualTo(Bytes.of(1, 2, 3));
    assertThatThrownBy(() -> part.read(1, 3)).isInstanceOf(EOFException.class);
    assertThatThrownBy(() -> part.read(-1, 1)).isInstanceOf(EOFException.class);
    assertThatThrownBy(() -> part.read(Long.MAX_VALUE, 1)).isInstanceOf(EOFException.class);
  }

  @Test
  void hasNoPartBeyondItsEnd() {
    assertThatThrownBy(() -> five.slice(3, 3)).isInstanceOf(IndexOutOfBoundsException.class);
    assertThatThrownBy(() -> five.slice(-1, 3)).isInstanceOf(IndexOutOfBoundsException.class);
    assertThatThrownBy(() -> five.slice(3, -1)).isInstanceOf(IndexOutOfBoundsException.class);
    assertThatThrownBy(() -> five.slice(Long.MAX_VALUE, 2))
        .isInstanceOf(IndexOutOfBoundsException.class);
  }

  @Test
  void knowsOfNoHolesByItself() throws IOException {
    assertThat(five.nextData(2, 5)).isEqualTo(2);
    assertThat(five.slice(1, 3).nextData(2, 3)).isEqualTo(2);
  }

  @Test
  void hasNoRestFromBehindItsEnd() {
    assertThat(five.from(5).size()).isZero();
    assertThatThrownBy(() -> five.from(6)).isInstanceOf(IndexOutOfBoundsException.class);
  }
}
