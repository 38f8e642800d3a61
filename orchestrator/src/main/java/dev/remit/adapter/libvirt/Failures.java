package dev.remit.adapter.libvirt;

import dev.remit.diagnostic.Code;
import dev.remit.diagnostic.Diagnostic;
import dev.remit.diagnostic.Failure;
import dev.remit.diagnostic.HostText;
import java.time.Duration;
import java.util.regex.Pattern;

/** libvirt's errors as diagnostics. */
final class Failures {
  private static final Pattern NAME_TAKEN =
      Pattern.compile(
          "domain '.*' (already exists with|is already defined with|is already active)");

  private static final Pattern NO_EMULATOR =
      Pattern.compile("Cannot check QEMU binary|could not find capabilities for arch");

  private static final Pattern ROOT_IN_USE = Pattern.compile("pid file '.*/driver\\.pid'");

  private static final Pattern NO_DRIVER =
      Pattern.compile("no connection driver available|[Ff]ailed to (find|load) module");

  private static final Pattern DOMAIN_BUSY = Pattern.compile("cannot acquire state change lock");

  private static final Pattern WARNING =
      Pattern.compile("(\\S{1,40} )?qemu-system-x86_64: warning: [^\n]*\n?");

  private Failures() {}

  static Failure ofCall(String call, LibvirtError error) {
    return new Failure(describe(call, error), error);
  }

  private static Diagnostic describe(String call, LibvirtError error) {
    String text = error.text().raw();
    var refused = FirmwareStatus.in(text);
    if (refused.isPresent()) {
      return Diagnostic.of(
          Code.FIRMWARE_REFUSED,
          "the secure processor refused with error %d in %s"
              .formatted(refused.get().number(), call),
          refused.get().meaning() + "; the host says: " + withoutWarnings(text),
          refused.get().fix());
    }
    if (NAME_TAKEN.matcher(text).find()) {
      return Diagnostic.of(
          Code.NAME_TAKEN,
          "the host already has a domain of this name",
          withoutWarnings(text).toString(),
          "stop that one, or give this one another metadata.name");
    }
    if (NO_EMULATOR.matcher(text).find()) {
      return Diagnostic.of(
          Code.NO_EMULATOR,
          "the host has no emulator for x86-64 guests there",
          withoutWarnings(text).toString(),
          "install QEMU at the host, or correct emulator in the host document");
    }
    if (DOMAIN_BUSY.matcher(text).find()) {
      return Diagnostic.of(
          Code.CALL_FAILED,
          "%s did not succeed (libvirt's error %d)".formatted(call, error.number()),
          "the host says: "
              + withoutWarnings(text)
              + "; something else works on the domain, or libvirt was killed while it started it",
          "try again; where that does not help, see \"remit explain VIRT-006\"");
    }
    return Diagnostic.of(
        Code.CALL_FAILED,
        "%s did not succeed (libvirt's error %d)".formatted(call, error.number()),
        "the host says: " + withoutWarnings(text),
        "look at the host's logs of libvirt and of the domain; run \"remit doctor\"");
  }

  static Failure ofConnect(String uri, LibvirtError error) {
    String text = error.text().raw();
    if (ROOT_IN_USE.matcher(text).find()) {
      return new Failure(
          Diagnostic.of(
              Code.ROOT_IN_USE,
              "another process holds the embedded root of " + uri,
              withoutWarnings(text).toString(),
              "wait until it ends, or use another root"),
          error);
    }
    if (NO_DRIVER.matcher(text).find()) {
      return new Failure(
          Diagnostic.of(
              Code.NO_LIBVIRT,
              "libvirt on this machine has no driver for " + uri,
              withoutWarnings(text).toString(),
              "install it: on Debian the package libvirt-daemon-driver-qemu, or run scripts/setup"),
          error);
    }
    return new Failure(
        Diagnostic.of(
            Code.CANNOT_CONNECT,
            "no connection to " + uri,
            withoutWarnings(text).toString(),
            "see whether libvirt runs there and lets you in: try \"virsh -c %s list\""
                .formatted(uri)),
        error);
  }

  static Failure deadline(String call, Duration limit) {
    return noAnswer(
        "no answer to %s within %s".formatted(call, shown(limit)),
        "libvirt bounds no call to QEMU: either of them hangs or the host stopped it;"
            + " this connection is not used again");
  }

  /** The reserve for the end of a launch is used up. */
  static Failure noTimeLeft(String call) {
    return noAnswer(
        "no time is left for " + call,
        "the host did not answer an earlier call, and --timeout covers what follows it too");
  }

  static Failure givenUp(String call) {
    return noAnswer(
        call + " was not tried",
        "an earlier call on the same connection was not answered, and others would only queue"
            + " behind it");
  }

  private static Failure noAnswer(String what, String why) {
    return new Failure(
        Diagnostic.of(
            Code.DEADLINE, what, why, "see whether the host is well, or raise --timeout"));
  }

  private static String shown(Duration limit) {
    return limit.toMillis() % 1000 == 0 || limit.toSeconds() >= 10
        ? limit.toSeconds() + " s"
        : limit.toMillis() + " ms";
  }

  /** QEMU warns about each CPU feature that emulation lacks, and says what is wrong after that. */
  private static HostText withoutWarnings(String text) {
    String rest = WARNING.matcher(text).replaceAll("").strip();
    return new HostText(rest.isEmpty() ? text : rest);
  }
}
