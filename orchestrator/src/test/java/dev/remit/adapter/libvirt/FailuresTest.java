package dev.remit.adapter.libvirt;

import static org.assertj.core.api.Assertions.assertThat;

import dev.remit.diagnostic.Code;
import dev.remit.diagnostic.Diagnostic;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Messages as libvirt 11.3.0 and QEMU 10.0.2 wrote them. */
final class FailuresTest {
  private static final String WARNINGS =
      """
      internal error: QEMU unexpectedly closed the monitor (vm='web-1'): \
      2026-11-23T14:36:11.946140Z qemu-system-x86_64: warning: TCG doesn't support requested \
      feature: CPUID.80000008H:EBX.clzero [bit 0]
      2026-11-23T14:36:11.946143Z qemu-system-x86_64: warning: TCG doesn't support requested \
      feature: CPUID.80000008H:EBX.ibpb [bit 12]
      """;

  @Test
  void explainsThatTheFirmwareRefusesASessionMadeForAnotherPolicy() {
    var diagnostic =
        ofCall(
            1,
            WARNINGS
                + "2026-11-23T14:36:11.9Z qemu-system-x86_64: sev_launch_start: LAUNCH_START ret=1"
                + " fw_error=11 'Bad measurement'");

    assertThat(diagnostic.code()).isEqualTo(Code.FIRMWARE_REFUSED);
    assertThat(diagnostic.what())
        .isEqualTo("the secure processor refused with error 11 in virDomainCreateXML");
    assertThat(diagnostic.why())
        .contains("the session was made for another policy", "fw_error=11 'Bad measurement'")
        .doesNotContain("warning");
  }

  @ParameterizedTest
  @EnumSource
  void explainsEveryStatusOfTheFirmware(FirmwareStatus status) {
    var diagnostic = ofCall(1, "LAUNCH_START ret=1 fw_error=" + status.number() + " 'x'");

    assertThat(diagnostic.code()).isEqualTo(Code.FIRMWARE_REFUSED);
    assertThat(diagnostic.why()).contains(status.meaning());
    assertThat(diagnostic.fix()).isEqualTo(status.fix());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "LAUNCH_START ret=-22 fw_error=0 ''",
        "LAUNCH_START ret=1 fw_error=5 ''",
        "LAUNCH_START ret=1 fw_error=111 ''",
        "LAUNCH_START ret=1 fw_error=99999999999 ''",
        "LAUNCH_START ret=1 fw_error=11x"
      })
  void doesNotInventAStatusOfTheFirmware(String text) {
    assertThat(ofCall(1, text).code()).isEqualTo(Code.CALL_FAILED);
  }

  @Test
  void explainsThatLibvirtHoldsOnToADomain() {
    var diagnostic =
        ofCall(68, "Timed out during operation: cannot acquire state change lock (held by x)");

    assertThat(diagnostic.code()).isEqualTo(Code.CALL_FAILED);
    assertThat(diagnostic.why()).contains("(held by x)", "libvirt was killed while it started it");
    assertThat(diagnostic.fix()).contains("remit explain VIRT-006");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "NAME_TAKEN|operation failed: domain 'db-1' already exists with uuid 83411f44-b90d-459c-a1a4-89d328dab0d4",
        "NAME_TAKEN|Requested operation is not valid: domain 'db-1' is already active",
        "NAME_TAKEN|operation failed: domain 'db-2' is already defined with uuid 83411f44-b90d-459c-a1a4-89d328dab0d4",
        "NO_EMULATOR|Cannot check QEMU binary /nonexistent/x: No such file or directory",
        "NO_EMULATOR|invalid argument: could not find capabilities for arch=x86_64",
        "CALL_FAILED|Requested operation is not valid: domain must be in a paused state",
        "CALL_FAILED|Domain not found: no domain with matching uuid 'x'"
      })
  void knowsWhatACallDiedOf(Code code, String text) {
    var diagnostic = ofCall(9, text);

    assertThat(diagnostic.code()).isEqualTo(code);
    assertThat(diagnostic.why()).contains(text);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "ROOT_IN_USE|Failed to acquire pid file '/run/r/run/qemu/driver.pid': Resource temporarily unavailable",
        "NO_LIBVIRT|no connection driver available for qemu:///embed",
        "CANNOT_CONNECT|Failed to connect socket to '/var/run/libvirt/libvirt-sock': No such file or directory",
        "CANNOT_CONNECT|unsupported configuration: root path must be absolute"
      })
  void knowsWhyThereIsNoConnection(Code code, String text) {
    var diagnostic = Failures.ofConnect("qemu:///system", new LibvirtError(38, text)).diagnostic();

    assertThat(diagnostic.code()).isEqualTo(code);
    assertThat(diagnostic.what()).contains("qemu:///system");
    assertThat(diagnostic.why()).isEqualTo(text);
  }

  @Test
  void escapesWhatTheHostSays() {
    assertThat(ofCall(1, "evil \u001b[2J\nPASS").why())
        .isEqualTo("the host says: evil \\x1b[2J\\nPASS");
  }

  @Test
  void keepsWarningsWhereThereIsNothingElse() {
    String only = "qemu-system-x86_64: warning: nothing else";

    assertThat(ofCall(1, only).why()).isEqualTo("the host says: " + only);
  }

  @Test
  void saysSoWhereTheHostGivesNoReason() {
    assertThat(ofCall(0, " \n").why()).isEqualTo("the host says: no reason");
  }

  @Test
  void keepsTheEndOfALongText() {
    var diagnostic = ofCall(1, "warning\n".repeat(100_000) + "fw_error=7 'Policy is not allowed'");

    assertThat(diagnostic.code()).isEqualTo(Code.FIRMWARE_REFUSED);
    assertThat(diagnostic.why()).hasSizeLessThan(3_000);
  }

  @Test
  void namesTheCallThatDidNotAnswerInTime() {
    var diagnostic = Failures.deadline("virDomainResume", Duration.ofSeconds(7)).diagnostic();

    assertThat(diagnostic.code()).isEqualTo(Code.DEADLINE);
    assertThat(diagnostic.what()).isEqualTo("no answer to virDomainResume within 7 s");
  }

  private static Diagnostic ofCall(int number, String text) {
    return Failures.ofCall("virDomainCreateXML", new LibvirtError(number, text)).diagnostic();
  }
}
