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
  void hasNoRestFromBehindItsEnd() {
    assertThat(five.from(5).size()).isZero();
    assertThatThrownBy(() -> five.from(6)).isInstanceOf(IndexOutOfBoundsException.class);
  }
}
