package dev.remit.endorsement;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.remit.bytes.Bytes;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class EcPublicKeyTest {
  @ParameterizedTest
  @EnumSource
  void isAPointOfItsCurve(EcCurve curve) {
    var generator = curve.domain().getG();

    var key = EcPublicKey.of(curve, generator);

    assertThat(key.parameters().getQ()).isEqualTo(generator);
    assertThat(key.parameters().getParameters()).isEqualTo(curve.domain());
    assertThat(key.x().size()).isEqualTo(curve.coordinateSize());
  }

  @ParameterizedTest
  @EnumSource
  void isAffineWhateverThePointItIsMadeOf(EcCurve curve) {
    var generator = curve.domain().getG();

    assertThat(EcPublicKey.of(curve, generator.twice().subtract(generator)))
        .isEqualTo(EcPublicKey.of(curve, generator));
  }

  @ParameterizedTest
  @EnumSource
  void isNotThePointAtInfinity(EcCurve curve) {
    var infinity = curve.domain().getCurve().getInfinity();

    assertThatThrownBy(() -> EcPublicKey.of(curve, infinity))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("infinity");
  }

  @ParameterizedTest
  @EnumSource
  void isNoPointBesideItsCurve(EcCurve curve) {
    var zero = Bytes.zeros(curve.coordinateSize());

    assertThatThrownBy(() -> new EcPublicKey(curve, zero, zero))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @ParameterizedTest
  @EnumSource
  void hasCoordinatesBelowTheFieldsSize(EcCurve curve) {
    var highest = Bytes.ofHex("ff".repeat(curve.coordinateSize()));
    var good = EcPublicKey.of(curve, curve.domain().getG());

    assertThatThrownBy(() -> new EcPublicKey(curve, highest, good.y()))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new EcPublicKey(curve, good.x(), highest))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void hasCoordinatesOfTheCurvesSize() {
    var p256 = EcPublicKey.of(EcCurve.P256, EcCurve.P256.domain().getG());

    assertThatThrownBy(() -> new EcPublicKey(EcCurve.P384, p256.x(), p256.y()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("48 bytes");
  }
}
