package dev.remit.root;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.remit.bytes.Bytes;
import dev.remit.platform.Generation;
import org.junit.jupiter.api.Test;

class AnchorsTest {
  private static final Bytes ROME_ARK =
      Bytes.ofHex(
          "3d2c1157c29ef7bd4207fc0c8b08db080e579ceba267f8c93bec8dce73f5a5e2"
              + "e60d959ac37ea82176c1a0c61ae203ed");

  @Test
  void haveOneRootOfEachGenerationBuiltIn() {
    assertThat(Anchors.builtIn().all())
        .extracting(Anchor::generation)
        .containsExactly(
            Generation.NAPLES,
            Generation.ROME,
            Generation.MILAN,
            Generation.GENOA,
            Generation.TURIN);
  }

  @Test
  void haveNothingSimulatedBuiltIn() {
    assertThat(Anchors.builtIn().all()).noneMatch(Anchor::simulated);
  }

  @Test
  void addAnInsecureRootAsSimulated() {
    var anchors =
        Anchors.builtIn().withInsecureRoot(Bytes.zeros(832), Bytes.zeros(832), "simulated.cert");

    assertThat(anchors.all()).hasSize(6);
    assertThat(anchors.all().getLast())
        .isEqualTo(
            new Anchor(Generation.SIMULATED, Bytes.zeros(832), Bytes.zeros(832), "simulated.cert"));
    assertThat(anchors.all().getLast().simulated()).isTrue();
  }

  @Test
  void keepAnInsecureRootOutOfTheBuiltInOnes() {
    Anchors.builtIn().withInsecureRoot(Bytes.zeros(832), Bytes.zeros(832), "simulated.cert");

    assertThat(Anchors.builtIn().all()).noneMatch(Anchor::simulated);
  }

  @Test
  void refuseCertificatesOfOtherSizes() {
    var anchors = Anchors.builtIn();

    assertThatThrownBy(() -> anchors.withInsecureRoot(Bytes.zeros(831), Bytes.zeros(831), "x"))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> anchors.withInsecureRoot(Bytes.zeros(832), Bytes.zeros(1600), "x"))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void acceptTheCertificateThatIsPinned() {
    var rome = Anchors.builtIn().all().get(1).ark();

    assertThat(Anchors.requirePinned(rome, ROME_ARK, "rome-ark.cert")).isEqualTo(rome);
  }

  @Test
  void refuseToLoadACertificateThatIsNotThePinnedOne() {
    var genoa = Anchors.builtIn().all().get(3).ark();

    assertThatThrownBy(() -> Anchors.requirePinned(genoa, ROME_ARK, "rome-ark.cert"))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("the root rome-ark.cert is not the one that is pinned");
  }

  @Test
  void refuseToLoadACertificateWithOneBitOfItsBodyFlipped() {
    byte[] rome = Anchors.builtIn().all().get(1).ark().toArray();
    rome[1087] ^= 1;

    assertThatThrownBy(() -> Anchors.requirePinned(Bytes.copyOf(rome), ROME_ARK, "rome-ark.cert"))
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  void refuseToLoadAnEmptyCertificate() {
    assertThatThrownBy(() -> Anchors.requirePinned(Bytes.EMPTY, ROME_ARK, "rome-ark.cert"))
        .isInstanceOf(IllegalStateException.class);
  }
}
