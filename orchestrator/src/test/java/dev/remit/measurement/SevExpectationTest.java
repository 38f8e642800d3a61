package dev.remit.measurement;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.remit.bytes.Bytes;
import dev.remit.measurement.SevExpectation.Candidate;
import dev.remit.measurement.SevExpectation.Vcpus;
import dev.remit.platform.Protection;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SevExpectationTest {
  private static final Bytes HASH = Bytes.zeros(32);
  private static final Candidate PLAIN = new Candidate(Optional.empty(), HASH);
  private static final Candidate CURRENT = ofFlavour(VmsaFlavour.CURRENT);
  private static final Candidate LEGACY = ofFlavour(VmsaFlavour.LEGACY);
  private static final Candidate GIVEN =
      new Candidate(Optional.of(new Vcpus(Optional.empty(), 1, HASH, Optional.empty())), HASH);

  @Test
  void hasOneCandidateUnderSevAndOneForEachFlavourUnderSevEs() {
    assertThatCode(() -> expect(Protection.SEV, PLAIN)).doesNotThrowAnyException();
    assertThatCode(() -> expect(Protection.SEV_ES, CURRENT, LEGACY)).doesNotThrowAnyException();
  }

  @Test
  void refusesAnyOtherCandidatesUnderSev() {
    refuses(Protection.SEV);
    refuses(Protection.SEV, PLAIN, PLAIN);
    refuses(Protection.SEV, CURRENT);
  }

  @Test
  void refusesAnyOtherCandidatesUnderSevEs() {
    refuses(Protection.SEV_ES);
    refuses(Protection.SEV_ES, PLAIN);
    refuses(Protection.SEV_ES, CURRENT);
    refuses(Protection.SEV_ES, CURRENT, CURRENT);
    refuses(Protection.SEV_ES, CURRENT, LEGACY, PLAIN);
  }

  @Test
  void hasOneCandidateWhereThePagesWereGiven() {
    assertThatCode(() -> expect(Protection.SEV_ES, GIVEN)).doesNotThrowAnyException();
    refuses(Protection.SEV, GIVEN);
    refuses(Protection.SEV_ES, GIVEN, GIVEN);
    refuses(Protection.SEV_ES, CURRENT, GIVEN);
  }

  @Test
  void refusesASecondPageWithoutASecondVcpuAndTheOtherWayRound() {
    assertThatThrownBy(() -> new Vcpus(Optional.of(VmsaFlavour.LEGACY), 1, HASH, Optional.of(HASH)))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new Vcpus(Optional.of(VmsaFlavour.LEGACY), 2, HASH, Optional.empty()))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new Vcpus(Optional.of(VmsaFlavour.LEGACY), 0, HASH, Optional.empty()))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void refusesAHashOfAnotherSize() {
    assertThatThrownBy(() -> new Candidate(Optional.empty(), Bytes.zeros(31)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private static void refuses(Protection protection, Candidate... candidates) {
    assertThatThrownBy(() -> expect(protection, candidates))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private static SevExpectation expect(Protection protection, Candidate... candidates) {
    return new SevExpectation(protection, HASH, Optional.empty(), List.of(candidates));
  }

  private static Candidate ofFlavour(VmsaFlavour flavour) {
    return new Candidate(
        Optional.of(new Vcpus(Optional.of(flavour), 1, HASH, Optional.empty())), HASH);
  }
}
