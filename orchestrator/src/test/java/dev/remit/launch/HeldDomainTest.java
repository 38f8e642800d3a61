package dev.remit.launch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.remit.bytes.SecretBytes;
import dev.remit.diagnostic.Code;
import dev.remit.diagnostic.Failure;
import dev.remit.domain.DomainDocuments;
import dev.remit.domain.DomainRequest.SevLaunchFields;
import dev.remit.evidence.Evidence;
import dev.remit.evidence.Presented;
import dev.remit.identity.Challenge;
import dev.remit.identity.FakeEntropy;
import dev.remit.identity.LaunchId;
import dev.remit.identity.SevSession;
import dev.remit.launch.FakeHypervisor.Call;
import dev.remit.plan.PlanFixtures;
import dev.remit.platform.Protection;
import dev.remit.secret.SecretEntry;
import dev.remit.secret.SevLaunchSecret;
import dev.remit.secret.SevSecretSealer;
import dev.remit.trust.TrustFixtures;
import dev.remit.trust.Trusted;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class HeldDomainTest {
  private static final LaunchId LAUNCH = new LaunchId(new UUID(0, 1));
  private static final LaunchId OTHER = new LaunchId(new UUID(0, 2));

  private final FakeHypervisor host =
      new FakeHypervisor(PlanFixtures.platform(), PlanFixtures.LAUNCH_DIGEST);
  private final FakeJournals journals = new FakeJournals();
  private final Challenge challenge =
      new Challenge(
          LAUNCH,
          SevSession.create(
              PlanFixtures.platform().proven(),
              PlanFixtures.guestPolicy(Protection.SEV),
              FakeEntropy.seeded(1)));
  private HeldDomain held;
  private Evidence evidence;

  @BeforeEach
  void start() throws Failure {
    var plan = PlanFixtures.plan(Protection.SEV);
    var journal =
        journals.begin(
            new Journals.Intent(
                LAUNCH, "web-1", "qemu:///embed", Protection.SEV, true, Instant.EPOCH));
    held =
        HeldDomain.start(
            host,
            journal,
            LAUNCH,
            DomainDocuments.write(
                plan.domain(),
                new SevLaunchFields(
                    LAUNCH.value(),
                    challenge.session().godh().base64(),
                    challenge.session().blob().base64())));
    evidence =
        switch (held.presented()) {
          case Presented.Given(Evidence given) -> given;
          case Presented.Nothing nothing -> throw new AssertionError();
          case Presented.Malformed malformed -> throw new AssertionError(malformed.rule());
        };
  }

  @AfterEach
  void wipe() {
    challenge.close();
  }

  @Test
  void isReleasedOnceAndNeverAgain() throws Failure {
    held.release(trusted(LAUNCH), secret());
    assertThatIllegalStateException().isThrownBy(() -> held.release(trusted(LAUNCH), secret()));
    held.close();
    assertThat(host.calls()).containsOnlyOnce(Call.INJECT, Call.RESUME);
    assertThat(host.state(LAUNCH)).contains(Hypervisor.DomainState.RUNNING);
  }

  @Test
  void isNotReleasedAgainAfterAReleaseThatFailed() throws Failure {
    host.before(
        Call.INJECT,
        () -> {
          throw FakeHypervisor.failure();
        });
    assertThatExceptionOfType(Failure.class)
        .isThrownBy(() -> held.release(trusted(LAUNCH), secret()));
    assertThatIllegalStateException().isThrownBy(() -> held.release(trusted(LAUNCH), secret()));
    held.close();
    assertThat(host.state(LAUNCH)).isEmpty();
  }

  @Test
  void isNotReleasedOnTheVerdictOfAnotherLaunch() throws Failure {
    assertThatIllegalStateException().isThrownBy(() -> held.release(trusted(OTHER), secret()));
    assertThatNothingWasAsked();
  }

  @Test
  void isNotReleasedWithTheSecretOfAnotherLaunch() throws Failure {
    var foreign = new SevLaunchSecret(OTHER, secret().header(), secret().payload());
    assertThatIllegalStateException().isThrownBy(() -> held.release(trusted(LAUNCH), foreign));
    assertThatNothingWasAsked();
  }

  @Test
  void isNotReleasedAfterItsEnd() throws Failure {
    held.close();
    assertThatExceptionOfType(Failure.class)
        .isThrownBy(() -> held.release(trusted(LAUNCH), secret()))
        .satisfies(failure -> assertThat(failure.diagnostic().code()).isEqualTo(Code.INTERRUPTED));
    assertThat(host.calls()).doesNotContain(Call.INJECT, Call.RESUME);
  }

  @Test
  void isDestroyedOnceHoweverOftenItIsClosed() throws Failure {
    held.close();
    held.close();
    assertThat(host.calls()).containsOnlyOnce(Call.DESTROY);
    assertThat(journals.events(LAUNCH))
        .containsExactly(LaunchEvent.INTENDED, LaunchEvent.STARTED, LaunchEvent.DESTROYED);
  }

  @Test
  void writesNothingDownAfterItsEnd() throws Failure {
    held.close();
    assertThatExceptionOfType(Failure.class).isThrownBy(() -> held.record(LaunchEvent.MEASURED));
    assertThat(journals.events(LAUNCH)).endsWith(LaunchEvent.DESTROYED);
  }

  private void assertThatNothingWasAsked() throws Failure {
    assertThat(host.calls()).containsExactly(Call.START, Call.MEASURE);
    held.close();
    assertThat(host.state(LAUNCH)).isEmpty();
  }

  private Trusted trusted(LaunchId launchId) {
    return TrustFixtures.trusted(launchId, evidence);
  }

  private SevLaunchSecret secret() {
    try (var value = SecretBytes.takeFrom(PlanFixtures.DISK_KEY.toArray())) {
      return SevSecretSealer.seal(
          List.of(new SecretEntry(PlanFixtures.DISK_KEY_GUID, value)),
          challenge,
          trusted(LAUNCH),
          FakeEntropy.seeded(2));
    }
  }
}
