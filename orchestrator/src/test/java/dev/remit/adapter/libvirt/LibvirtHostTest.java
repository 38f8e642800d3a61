package dev.remit.adapter.libvirt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertTimeout;

import com.sun.jna.Memory;
import com.sun.jna.Pointer;
import com.sun.jna.PointerType;
import com.sun.jna.ptr.IntByReference;
import com.sun.jna.ptr.LongByReference;
import com.sun.jna.ptr.PointerByReference;
import dev.remit.bytes.Bytes;
import dev.remit.diagnostic.Code;
import dev.remit.diagnostic.Failure;
import dev.remit.domain.DomainDocument;
import dev.remit.identity.LaunchId;
import dev.remit.launch.Ending;
import dev.remit.launch.Hypervisor.DomainState;
import dev.remit.launch.PausedVm.ClaimedMeasurement;
import dev.remit.plan.HostFacts;
import dev.remit.platform.ChipId;
import dev.remit.secret.SevLaunchSecret;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.libvirt.jna.CString;
import org.libvirt.jna.ConnectionPointer;
import org.libvirt.jna.DomainPointer;

final class LibvirtHostTest {
  private static final String URI = "qemu:///system";
  private static final Duration LATE = Duration.ofSeconds(60);
  private static final Duration SOON = Duration.ofMillis(500);
  private static final LaunchId LAUNCH =
      new LaunchId(UUID.fromString("5f0f3b8e-6a53-4d26-9a0e-3c1d8f0b7a11"));
  private static final DomainDocument DOCUMENT = new DomainDocument("<domain/>", Bytes.zeros(32));

  private final FakeLibvirt libvirt =
      new FakeLibvirt()
          .with("virConnectOpen", arguments -> new ConnectionPointer())
          .with("virConnectClose", arguments -> 0)
          .with("virDomainLookupByUUIDString", arguments -> new DomainPointer())
          .with("virDomainFree", arguments -> 0);

  /** Texts to which arrays point: JNA frees what nobody holds. */
  private final List<Memory> kept = new ArrayList<>();

  private LibvirtHost host(Duration deadline) {
    return new LibvirtHost(libvirt.library(), URI, Optional.empty(), deadline);
  }

  @Nested
  final class Starting {
    @Test
    void sendsTheDocumentAndStartsItPaused() throws Exception {
      libvirt.with(
          "virDomainCreateXML",
          arguments -> {
            assertThat(arguments[1]).isEqualTo("<domain/>");
            assertThat(arguments[2]).isEqualTo(1);
            return new DomainPointer();
          });

      host(LATE).startPaused(LAUNCH, DOCUMENT);

      assertThat(libvirt.calls())
          .containsExactly("virConnectOpen", "virDomainCreateXML", "virDomainFree");
    }

    @Test
    void saysWhyADomainWasNotStarted() {
      libvirt.with("virDomainCreateXML", arguments -> null);
      libvirt.withError(9, "operation failed: domain 'db-1' already exists with uuid x");

      assertFails(Code.NAME_TAKEN, () -> host(LATE).startPaused(LAUNCH, DOCUMENT));
    }

    @Test
    void destroysADomainThatComesUpAfterItWasGivenUp() throws Exception {
      var started = new CountDownLatch(1);
      var destroyed = new CountDownLatch(1);
      libvirt.with(
          "virDomainCreateXML",
          arguments -> {
            await(started);
            return new DomainPointer();
          });
      libvirt.with(
          "virDomainDestroyFlags",
          arguments -> {
            destroyed.countDown();
            return 0;
          });

      assertFails(Code.DEADLINE, () -> host(SOON).startPaused(LAUNCH, DOCUMENT));
      started.countDown();
      destroyed.await();

      assertThat(libvirt.calls()).containsOnlyOnce("virDomainDestroyFlags");
    }
  }

  @Nested
  final class Paused {
    @Test
    void hasNoMeasurementWhereLibvirtSucceedsAndGivesNothing() throws Exception {
      libvirt.with("virDomainGetLaunchSecurityInfo", arguments -> 0);

      assertThat(paused(LATE).measurement()).isEmpty();
    }

    @Test
    void passesTheFiveValuesOn() throws Exception {
      answer(
          "virDomainGetLaunchSecurityInfo",
          text("sev-measurement", "TU1N"),
          number("sev-api-major", 1),
          number("sev-api-minor", 55),
          number("sev-build-id", 24),
          number("sev-policy", 0xffff_ffff));

      assertThat(paused(LATE).measurement())
          .contains(new ClaimedMeasurement("TU1N", 1, 55, 24, 0xffff_ffffL));
    }

    @Test
    void failsWhereOneOfTheValuesIsMissing() throws Exception {
      answer("virDomainGetLaunchSecurityInfo", text("sev-measurement", "TU1N"));
      var paused = paused(LATE);

      assertFails(Code.CALL_FAILED, paused::measurement);
    }

    @Test
    void handsHeaderAndPayloadToLibvirt() throws Exception {
      var secret = new SevLaunchSecret(LAUNCH, Bytes.zeros(52), Bytes.zeros(16));
      libvirt.with(
          "virDomainSetLaunchSecurityState",
          arguments -> {
            var sent = read((Pointer) Objects.requireNonNull(arguments[1]), 2);
            assertThat(arguments[2]).isEqualTo(2);
            assertThat(sent.values())
                .containsEntry("sev-secret-header", secret.header().base64())
                .containsEntry("sev-secret", secret.payload().base64())
                .hasSize(2);
            return 0;
          });

      paused(LATE).inject(secret);

      assertThat(libvirt.calls()).containsOnlyOnce("virDomainSetLaunchSecurityState");
    }

    @Test
    void readsTheLiveDocumentWithoutFlags() throws Exception {
      libvirt.with(
          "virDomainGetXMLDesc",
          arguments -> {
            assertThat(arguments[1]).isEqualTo(0);
            return text("<domain id='1'/>");
          });

      assertThat(paused(LATE).liveDocument()).isEqualTo("<domain id='1'/>");
    }

    @Test
    void saysWhenItCannotBeResumed() throws Exception {
      libvirt.with("virDomainResume", arguments -> -1).withError(55, "domain is not running");
      var paused = paused(LATE);

      assertFails(Code.CALL_FAILED, paused::resume);
    }

    @Test
    void refusesEveryCallAfterOneThatWasGivenUp() throws Exception {
      libvirt.with("virDomainGetXMLDesc", LibvirtHostTest::hang);
      var paused = paused(SOON);

      assertFails(Code.DEADLINE, paused::liveDocument);
      assertFails(Code.DEADLINE, paused::resume);
      assertThat(libvirt.calls()).doesNotContain("virDomainResume");
    }

    private PausedDomain paused(Duration timeout) throws Failure {
      var connection = Connection.open(libvirt.library(), URI, new Patience(timeout));
      return new PausedDomain(libvirt.library(), connection, LAUNCH);
    }
  }

  @Nested
  final class LookingUp {
    @ParameterizedTest
    @CsvSource({
      "0, OTHER",
      "1, RUNNING",
      "2, RUNNING",
      "3, PAUSED",
      "4, OTHER",
      "5, ENDED",
      "6, ENDED",
      "7, OTHER",
      "99, OTHER"
    })
    void translatesTheState(int number, DomainState state) throws Exception {
      libvirt.with("virDomainGetState", arguments -> setState(arguments, number));

      assertThat(host(LATE).lookUp(LAUNCH)).contains(state);
    }

    @Test
    void isEmptyWhereThereIsNoSuchDomain() throws Exception {
      libvirt.with("virDomainLookupByUUIDString", arguments -> null).withError(42, "not found");

      assertThat(host(LATE).lookUp(LAUNCH)).isEmpty();
    }

    @Test
    void failsWhereTheHostCannotSay() {
      libvirt.with("virDomainLookupByUUIDString", arguments -> null).withError(38, "broken");

      assertFails(Code.CALL_FAILED, () -> host(LATE).lookUp(LAUNCH));
    }
  }

  @Nested
  final class Ends {
    @Test
    void asksTheGuestToShutDown() throws Exception {
      libvirt.with("virDomainShutdownFlags", arguments -> 0);
      host(LATE).shutdown(LAUNCH);
      assertThat(libvirt.calls()).containsOnlyOnce("virDomainShutdownFlags");
    }

    @Test
    void saysWhyTheGuestWasNotAsked() {
      libvirt.with("virDomainShutdownFlags", arguments -> -1).withError(55, "not running");
      assertFails(Code.CALL_FAILED, () -> host(LATE).shutdown(LAUNCH));
    }

    @ParameterizedTest
    @CsvSource({
      "0, UNTOLD",
      "1, SHUTDOWN",
      "2, DESTROYED",
      "3, CRASHED",
      "4, TAKEN_AWAY",
      "5, TAKEN_AWAY",
      "6, FAILED",
      "7, UNTOLD",
      "8, TAKEN_AWAY",
      "99, UNTOLD"
    })
    void haveAReasonWhereTheDomainIsStillKnown(int reason, Ending ending) throws Exception {
      libvirt.with(
          "virDomainGetState",
          arguments -> {
            ((IntByReference) Objects.requireNonNull(arguments[2])).setValue(reason);
            return 0;
          });
      assertThat(host(LATE).ending(LAUNCH, "web-1")).isEqualTo(ending);
    }

    @Test
    void areUntoldWhereTheDomainIsGoneAtAnotherMachine() throws Exception {
      libvirt.with("virDomainLookupByUUIDString", arguments -> null).withError(42, "not found");
      var host =
          new LibvirtHost(libvirt.library(), "qemu+ssh://host/system", Optional.empty(), LATE);
      assertThat(host.ending(LAUNCH, "web-1")).isEqualTo(Ending.UNTOLD);
    }

    @Test
    void areNotToldWhereTheHostDoesNotAnswer() {
      libvirt.with("virDomainGetState", LibvirtHostTest::hang);
      assertFails(Code.DEADLINE, () -> host(SOON).ending(LAUNCH, "web-1"));
    }
  }

  @Nested
  final class Destroying {
    @Test
    void doesNothingWhereThereIsNoDomain() throws Exception {
      libvirt.with("virDomainLookupByUUIDString", arguments -> null).withError(42, "not found");

      host(LATE).destroy(LAUNCH);

      assertThat(libvirt.calls()).doesNotContain("virDomainDestroyFlags");
    }

    @Test
    void doesNothingWhereTheDomainEndedInTheMeantime() throws Exception {
      libvirt.with("virDomainDestroyFlags", arguments -> -1).withError(55, "not running");
      libvirt.with("virDomainGetState", arguments -> setState(arguments, 5));

      host(LATE).destroy(LAUNCH);

      assertThat(libvirt.calls()).contains("virDomainDestroyFlags");
    }

    @Test
    void failsWhereTheDomainIsStillThere() {
      libvirt.with("virDomainDestroyFlags", arguments -> -1).withError(38, "cannot kill");
      libvirt.with("virDomainGetState", arguments -> setState(arguments, 3));

      assertFails(Code.CALL_FAILED, () -> host(LATE).destroy(LAUNCH));
    }

    @Test
    void isNotTriedAgainWhereLibvirtHasWaitedForTheDomain() {
      libvirt.with("virDomainDestroyFlags", arguments -> -1);
      libvirt.withError(68, "cannot acquire state change lock");
      libvirt.with("virDomainGetState", arguments -> setState(arguments, 3));

      assertFails(Code.CALL_FAILED, () -> host(LATE).destroy(LAUNCH));
      assertThat(libvirt.calls()).containsOnlyOnce("virDomainDestroyFlags");
    }

    @Test
    void goesOverASecondConnectionWhereTheFirstOneIsDead() throws Exception {
      var connections = new AtomicInteger();
      libvirt.with(
          "virConnectOpen",
          arguments -> {
            connections.incrementAndGet();
            return new ConnectionPointer();
          });
      libvirt.with(
          "virDomainLookupByUUIDString",
          arguments -> connections.get() == 1 ? null : new DomainPointer());
      libvirt.withError(38, "End of file while reading data");
      libvirt.with("virDomainDestroyFlags", arguments -> 0);

      host(LATE).destroy(LAUNCH);

      assertThat(libvirt.calls()).containsOnlyOnce("virDomainDestroyFlags");
      assertThat(connections).hasValue(2);
    }

    @Test
    void goesOverASecondConnectionAfterACallThatWasGivenUp() throws Exception {
      libvirt.with("virDomainGetState", LibvirtHostTest::hang);
      libvirt.with("virDomainDestroyFlags", arguments -> 0);
      var host = host(SOON);

      assertFails(Code.DEADLINE, () -> host.lookUp(LAUNCH));
      host.destroy(LAUNCH);

      assertThat(libvirt.calls()).filteredOn("virConnectOpen"::equals).hasSize(2);
    }
  }

  @Nested
  final class AHostOfWhichEverythingHangs {
    @Test
    void holdsNobodyUpForLongerThanOneTimeout() {
      libvirt.with("virDomainCreateXML", LibvirtHostTest::hang);
      libvirt.with("virDomainDestroyFlags", LibvirtHostTest::hang);
      libvirt.with("virConnectClose", LibvirtHostTest::hang);
      var host = host(SOON);

      assertTimeout(
          SOON.plusSeconds(2),
          () -> {
            assertFails(Code.DEADLINE, () -> host.startPaused(LAUNCH, DOCUMENT));
            assertFails(Code.DEADLINE, () -> host.destroy(LAUNCH));
            assertFails(Code.DEADLINE, () -> host.lookUp(LAUNCH));
            host.close();
          });
      assertThat(libvirt.calls()).containsOnlyOnce("virDomainDestroyFlags");
    }

    @Test
    void isNotAskedAnyMoreWhenTheTimeIsUp() {
      libvirt.with("virConnectOpen", LibvirtHostTest::hang);
      var host = host(SOON);
      assertFails(Code.DEADLINE, () -> host.lookUp(LAUNCH));
      assertFails(Code.DEADLINE, () -> host.lookUp(LAUNCH));

      assertThatThrownBy(() -> host.lookUp(LAUNCH)).hasMessageContaining("no time is left");
      assertThat(libvirt.calls()).hasSize(2);
    }
  }

  @Nested
  final class Closing {
    @Test
    void returnsAtOnceWhereLibvirtHangs() throws Exception {
      libvirt.with("virDomainDestroyFlags", arguments -> 0);
      libvirt.with("virConnectClose", LibvirtHostTest::hang);
      var host = host(LATE);
      host.destroy(LAUNCH);

      assertTimeout(Duration.ofSeconds(10), host::close);
    }

    @Test
    void disconnectsAfterTheLastCallThatIsUnderWay() throws Exception {
      var underWay = new CountDownLatch(1);
      var release = new CountDownLatch(1);
      var disconnected = new CountDownLatch(1);
      libvirt.with(
          "virDomainResume",
          arguments -> {
            underWay.countDown();
            await(release);
            return 0;
          });
      libvirt.with(
          "virConnectClose",
          arguments -> {
            disconnected.countDown();
            return 0;
          });
      var connection = Connection.open(libvirt.library(), URI, new Patience(LATE));
      var call =
          Thread.ofPlatform()
              .start(() ->
                  ignoringFailure(
                      () -> new PausedDomain(libvirt.library(), connection, LAUNCH).resume()));
      underWay.await();
      connection.close();
      assertThat(libvirt.calls()).doesNotContain("virConnectClose");

      release.countDown();
      disconnected.await();
      call.join();

      assertThat(libvirt.calls()).containsSubsequence("virDomainFree", "virConnectClose");
    }

    @Test
    void disconnectsOnce() throws Exception {
      var disconnected = new CountDownLatch(1);
      libvirt.with(
          "virConnectClose",
          arguments -> {
            disconnected.countDown();
            return 0;
          });
      var connection = Connection.open(libvirt.library(), URI, new Patience(LATE));
      connection.close();
      connection.close();
      disconnected.await();

      assertThat(libvirt.calls()).containsOnlyOnce("virConnectClose");
      assertThat(connection.isUsable()).isFalse();
    }

    @Test
    void isAMistakeToUseAfterwards() {
      var host = host(LATE);
      host.close();

      assertThatThrownBy(() -> host.lookUp(LAUNCH)).isInstanceOf(IllegalStateException.class);
    }
  }

  @Nested
  final class Connecting {
    @Test
    void saysWhyThereIsNoConnection() {
      libvirt.with("virConnectOpen", arguments -> null).withError(38, "Connection refused");

      assertFails(Code.CANNOT_CONNECT, () -> host(LATE).lookUp(LAUNCH));
    }

    @Test
    void givesUpOnAHostThatDoesNotAnswer() {
      libvirt.with("virConnectOpen", LibvirtHostTest::hang);

      assertFails(Code.DEADLINE, () -> host(SOON).lookUp(LAUNCH));
    }
  }

  @Nested
  final class Probing {
    private final AtomicInteger kvmQuestions = new AtomicInteger();

    private LibvirtHost probed(Optional<Path> emulator, boolean kvm, String capabilities) {
      libvirt.with("virConnectGetLibVersion", arguments -> setLong(arguments, 11_003_000));
      libvirt.with("virConnectGetVersion", arguments -> setLong(arguments, 10_000_002));
      libvirt.with(
          "virConnectGetDomainCapabilities",
          arguments -> {
            assertThat(List.of("x86_64", "q35")).isEqualTo(List.of(arguments[2], arguments[3]));
            assertThat(arguments[1]).isEqualTo(emulator.map(Path::toString).orElse(null));
            if (Objects.equals(arguments[4], "kvm")) {
              kvmQuestions.incrementAndGet();
              return kvm ? text(recorded(capabilities)) : null;
            }
            return text(recorded(capabilities));
          });
      answer(
          "virNodeGetSEVInfo",
          text("pdh", "UERI"),
          text("cert-chain", "Q0VL"),
          text("cpu0-id", Bytes.zeros(64).base64()),
          number("max-es-guests", 15));
      return new LibvirtHost(
          libvirt.library(), "qemu+ssh://me@host.example/system", emulator, LATE);
    }

    @Test
    void gathersWhatTheHostClaims() throws Exception {
      assertThat(probed(Optional.empty(), true, "with-sev.xml").probe())
          .isEqualTo(
              new HostFacts(
                  "qemu+ssh://host.example/system",
                  "11.3.0",
                  "10.0.2",
                  true,
                  "pc-q35-10.0",
                  Optional.of(
                      new HostFacts.Sev(
                          true,
                          51,
                          1,
                          Bytes.ofBase64("UERI"),
                          Bytes.ofBase64("Q0VL"),
                          Optional.of(new ChipId(Bytes.zeros(64)))))));
    }

    @Test
    void doesWithoutKvmWhereLibvirtDoesNotOfferIt() throws Exception {
      var host = probed(Optional.empty(), false, "with-sev.xml");

      assertThat(host.probe().kvm()).isFalse();
    }

    @Test
    void doesNotAskForKvmUnderANamedEmulator() throws Exception {
      var host = probed(Optional.of(Path.of("/opt/emulator")), true, "with-sev.xml");

      assertThat(host.probe().kvm()).isFalse();
      assertThat(kvmQuestions).hasValue(0);
    }

    @Test
    void asksForNoCertificatesWhereThereIsNoSev() throws Exception {
      var host = probed(Optional.empty(), true, "without-sev.xml");

      assertThat(host.probe().sev()).isEmpty();
      assertThat(libvirt.calls()).doesNotContain("virNodeGetSEVInfo");
    }

    @Test
    void hasNoSevEsWithoutIdentifiersForIt() throws Exception {
      var host = probed(Optional.empty(), true, "with-sev.xml");
      answer(
          "virNodeGetSEVInfo",
          text("pdh", "UERI"),
          text("cert-chain", "Q0VL"),
          number("max-es-guests", 0));

      var sev = host.probe().sev().orElseThrow();
      assertThat(sev.es()).isFalse();
      assertThat(sev.chip()).isEmpty();
    }

    @Test
    void countsNoIdentifiersOfTheProcessorBelowANamedEmulator() throws Exception {
      var host = probed(Optional.of(Path.of("/opt/emulator")), true, "with-sev.xml");
      answer(
          "virNodeGetSEVInfo",
          text("pdh", "UERI"),
          text("cert-chain", "Q0VL"),
          number("max-es-guests", 0));

      assertThat(host.probe().sev().orElseThrow().es()).isTrue();
    }

    @Test
    void refusesALibvirtThatDoesNotKnowWhatWeSwitchOff() {
      var host = probed(Optional.empty(), true, "with-sev.xml");
      libvirt.with("virConnectGetLibVersion", arguments -> setLong(arguments, 10_999_999));

      assertFails(Code.HOST_TOO_OLD, host::probe);
    }

    @Test
    void refusesCertificatesThatAreNotBase64() {
      var host = probed(Optional.empty(), true, "with-sev.xml");
      answer(
          "virNodeGetSEVInfo",
          text("pdh", "UERI="),
          text("cert-chain", "Q0VL"),
          number("max-es-guests", 1));

      assertFails(Code.UNUSABLE_CHAIN, host::probe);
    }

    @Test
    void refusesAnAnswerWithoutCertificates() {
      var host = probed(Optional.empty(), true, "with-sev.xml");
      answer("virNodeGetSEVInfo", text("pdh", "UERI"), number("max-es-guests", 1));

      assertFails(Code.UNUSABLE_CHAIN, host::probe);
    }

    @Test
    void refusesCapabilitiesThatCannotBeRead() {
      var host = probed(Optional.empty(), true, "with-sev.xml");
      libvirt.with("virConnectGetDomainCapabilities", arguments -> text("<!DOCTYPE x><x/>"));

      assertFails(Code.CALL_FAILED, host::probe);
    }
  }

  /** One value of an answer. */
  private record Value(String name, @Nullable String text, int number) {}

  private static Value text(String name, String text) {
    return new Value(name, text, 0);
  }

  private static Value number(String name, int number) {
    return new Value(name, null, number);
  }

  /** Lets a function answer as libvirt does, with an array that the caller frees. */
  private void answer(String function, Value... values) {
    var array = new Memory((long) values.length * TypedParameters.SIZE);
    array.clear();
    for (int i = 0; i < values.length; i++) {
      long at = (long) i * TypedParameters.SIZE;
      byte[] name = values[i].name().getBytes(StandardCharsets.UTF_8);
      array.write(at, name, 0, name.length);
      String text = values[i].text();
      if (text == null) {
        array.setInt(at + TypedParameters.TYPE_OFFSET, TypedParameters.UINT);
        array.setInt(at + TypedParameters.VALUE_OFFSET, values[i].number());
      } else {
        var string = new Memory(text.length() + 1L);
        string.setString(0, text);
        kept.add(string);
        array.setInt(at + TypedParameters.TYPE_OFFSET, TypedParameters.STRING);
        array.setPointer(at + TypedParameters.VALUE_OFFSET, string);
      }
    }
    libvirt.with(
        function,
        arguments -> {
          ((PointerByReference) Objects.requireNonNull(arguments[1])).setValue(array);
          ((IntByReference) Objects.requireNonNull(arguments[2])).setValue(values.length);
          return 0;
        });
    libvirt.with("virTypedParamsFree", arguments -> null);
  }

  /** A text as libvirt hands it out; here, whoever reads it does not free it. */
  private static CString text(String text) {
    return new CString() {
      @Override
      public String toString() {
        return text;
      }
    };
  }

  private static int setState(@Nullable Object[] arguments, int state) {
    ((IntByReference) Objects.requireNonNull(arguments[1])).setValue(state);
    return 0;
  }

  private static int setLong(@Nullable Object[] arguments, long value) {
    ((LongByReference) Objects.requireNonNull(arguments[1])).setValue(value);
    return 0;
  }

  private static TypedParameters read(Pointer array, int count) {
    try {
      return TypedParameters.read(array, count);
    } catch (LibvirtError e) {
      throw new AssertionError(e);
    }
  }

  private static String recorded(String name) {
    try (var in = LibvirtHostTest.class.getResourceAsStream(name)) {
      return new String(Objects.requireNonNull(in, name).readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static PointerType hang(@Nullable Object[] arguments) {
    await(new CountDownLatch(1));
    throw new AssertionError("never");
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private static void ignoringFailure(ThrowingCallable call) {
    try {
      call.call();
    } catch (Throwable failure) {
      throw new AssertionError(failure);
    }
  }

  private static void assertFails(Code code, ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            Failure.class, failure -> assertThat(failure.diagnostic().code()).isEqualTo(code));
  }
}
