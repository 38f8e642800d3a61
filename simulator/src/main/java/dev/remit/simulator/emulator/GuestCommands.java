package dev.remit.simulator.emulator;

import dev.remit.bytes.Bytes;
import dev.remit.bytes.MalformedException;
import dev.remit.simulator.EventLog;
import dev.remit.simulator.Faults;
import dev.remit.simulator.guest.FirmwareTable;
import dev.remit.simulator.guest.SecretTable;
import dev.remit.simulator.json.FlatObject;
import dev.remit.simulator.monitor.Answer;
import dev.remit.simulator.monitor.MonitorCommands;
import dev.remit.simulator.processor.FirmwareRefusal;
import dev.remit.simulator.processor.GuestState;
import dev.remit.simulator.processor.LaunchContext;
import java.io.IOException;
import java.util.Arrays;
import java.util.Base64;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * The commands about one SEV or SEV-ES guest, answered in the words of QEMU's target/i386/sev.c.
 */
final class GuestCommands implements MonitorCommands {
  static final String STATE = "query-sev";
  static final String MEASURE = "query-sev-launch-measure";
  static final String INJECT = "sev-inject-launch-secret";
  private static final Set<String> NAMES = Set.of(STATE, MEASURE, INJECT);

  /** What ioctl(2) gives QEMU for every refusal of the firmware: EIO. */
  private static final int IO_ERROR = -5;

  private final PlatformCommands platform;
  private final LaunchContext context;
  private final FirmwareTable firmware;
  private final GuestMemory memory;
  private final Faults faults;
  private final EventLog log;
  private final String domain;

  GuestCommands(
      PlatformCommands platform,
      LaunchContext context,
      FirmwareTable firmware,
      GuestMemory memory,
      Faults faults,
      EventLog log,
      String domain) {
    this.platform = platform;
    this.context = context;
    this.firmware = firmware;
    this.memory = memory;
    this.faults = faults;
    this.log = log;
    this.domain = domain;
  }

  @Override
  public boolean answers(String command) {
    return NAMES.contains(command) || platform.answers(command);
  }

  @Override
  public Answer answer(String command, Optional<String> arguments) {
    return switch (command) {
      case STATE -> state();
      case MEASURE -> measurement();
      case INJECT -> inject(arguments.orElse("{}"));
      default -> platform.answer(command, arguments);
    };
  }

  @Override
  public void onEvent(String event) {
    if (event.equals("RESUME") && context.state() != GuestState.RUNNING) {
      context.launchFinish();
      log.append("resumed", domain, json -> {});
    }
  }

  private Answer state() {
    var version = context.version();
    int[] api = faults.api().orElse(new int[] {version.major(), version.minor()});
    int policy = faults.number(Faults.POLICY).orElse(context.policy());
    return new Answer.Return(json -> {
      json.writeBooleanProperty("enabled", true);
      json.writeNumberProperty("api-major", api[0]);
      json.writeNumberProperty("api-minor", api[1]);
      json.writeNumberProperty("build-id", faults.number(Faults.BUILD).orElse(version.build()));
      json.writeStringProperty("state", context.state().word());
      json.writeStringProperty("sev-type", "sev");
      json.writeNumberProperty("policy", Integer.toUnsignedLong(policy));
      json.writeNumberProperty("handle", 1);
    });
  }

  private Answer measurement() {
    var measured = context.measurement();
    if (measured.isEmpty()) {
      return Answer.error("SEV launch measurement is not available");
    }
    var mac = faults.octets(Faults.MEASUREMENT).orElse(measured.get().mac());
    var nonce = faults.octets(Faults.NONCE).orElse(measured.get().nonce());
    return new Answer.Return(
        json -> json.writeStringProperty("data", Bytes.concat(mac, nonce).base64()));
  }

  private Answer inject(String arguments) {
    try {
      var given = FlatObject.parse(arguments);
      var header = given.text("packet-header");
      var secret = given.text("secret");
      if (header.isEmpty() || secret.isEmpty()) {
        String missing = header.isEmpty() ? "packet-header" : "secret";
        return Answer.error("Parameter '" + missing + "' is missing");
      }
      var address = given.number("gpa").or(() -> firmware.secrets().map(FirmwareTable.Area::base));
      if (address.isEmpty()) {
        return Answer.error("SEV: no secret area found in OVMF, gpa must be specified.");
      }
      return inject(decode(header.get()), decode(secret.get()), address.get());
    } catch (MalformedException e) {
      return Answer.error("the command's arguments are malformed");
    }
  }

  private Answer inject(Bytes header, Bytes payload, long address) {
    if (context.state() != GuestState.LAUNCH_SECRET) {
      return refused(
          "SEV: Not in correct state. (LSECRET) " + Integer.toHexString(context.state().number()),
          "the guest is in state " + context.state().word());
    }
    if (header.size() == 0) {
      return refused("SEV: Failed to decode sequence header", "the header is empty");
    }
    if (payload.size() == 0) {
      return refused("SEV: Failed to decode data", "the payload is empty");
    }
    if (!memory.holds(address, payload.size())) {
      return refused(
          "SEV: Failed to calculate guest address: No memory is mapped at address 0x%x"
              .formatted(address),
          "the address is outside the guest's low memory");
    }
    try {
      var ordered = faults.status(Faults.REFUSE_SECRET);
      if (ordered.isPresent()) {
        throw new FirmwareRefusal(ordered.get(), "a fault was ordered");
      }
      byte[] plaintext = context.launchSecret(header, payload);
      memory.write(address, plaintext);
      logInjection(address, plaintext);
      Arrays.fill(plaintext, (byte) 0);
      return Answer.success();
    } catch (FirmwareRefusal refusal) {
      return refused(
          "SEV: failed to inject secret ret=%d fw_error=%d '%s'"
              .formatted(IO_ERROR, refusal.status().number(), refusal.status().words()),
          refusal.reason());
    } catch (IOException e) {
      return refused("SEV: failed to inject secret", "the guest's memory cannot be written");
    }
  }

  private void logInjection(long address, byte[] plaintext) {
    var entries = SecretTable.entries(plaintext);
    log.append(
        "secret-injected",
        domain,
        json -> {
          json.writeStringProperty("address", "0x" + Long.toHexString(address));
          json.writeNumberProperty("size", plaintext.length);
          json.writeArrayPropertyStart("entries");
          for (var entry : entries) {
            json.writeStartObject();
            json.writeStringProperty("guid", entry.guid().toString().toLowerCase(Locale.ROOT));
            json.writeNumberProperty("size", entry.size());
            json.writeEndObject();
          }
          json.writeEndArray();
        });
  }

  private Answer refused(String words, String reason) {
    log.append(
        "refused",
        domain,
        json -> {
          json.writeStringProperty("command", INJECT);
          json.writeStringProperty("words", words);
          json.writeStringProperty("reason", reason);
        });
    return Answer.error(words);
  }

  /** As lenient as QEMU's decoder; what does not decode is as good as empty. */
  private static Bytes decode(String base64) {
    try {
      return Bytes.copyOf(Base64.getMimeDecoder().decode(base64));
    } catch (IllegalArgumentException e) {
      return Bytes.EMPTY;
    }
  }
}
