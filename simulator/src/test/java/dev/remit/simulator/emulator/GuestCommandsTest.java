package dev.remit.simulator.emulator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.remit.bytes.Bytes;
import dev.remit.simulator.EventLog;
import dev.remit.simulator.Faults;
import dev.remit.simulator.guest.FirmwareTable;
import dev.remit.simulator.identity.TestPlatform;
import dev.remit.simulator.json.FlatObject;
import dev.remit.simulator.json.Json;
import dev.remit.simulator.monitor.Answer;
import dev.remit.simulator.processor.GuestOwner;
import dev.remit.simulator.processor.LaunchContext;
import dev.remit.simulator.processor.SecureProcessor;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.SecureRandom;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GuestCommandsTest {
  private static final int POLICY = 3;
  private static final long AREA = 0x3000;

  /** A secret table with one entry, whose value is 'hush' eight times. */
  private static final Bytes TABLE =
      Bytes.concat(
          Bytes.ofHex("42f5741edd71664d963eef4287ff173b"),
          Bytes.le32(72),
          Bytes.ofHex("e5696873f084734992ec06879ce3da0b"),
          Bytes.le32(52),
          Bytes.ofHex("68757368".repeat(8)),
          Bytes.zeros(8));

  private final Path folder;
  private final GuestMemory memory;
  private final LaunchContext context;
  private final Path log;

  GuestCommandsTest(@TempDir Path folder) throws Exception {
    this.folder = folder;
    memory = GuestMemory.create(folder.resolve("memory"), 1 << 20);
    log = folder.resolve("log.jsonl");
    var pdh = TestPlatform.identity().pdh().raw();
    context =
        new SecureProcessor(TestPlatform.identity(), TestPlatform.VERSION, new SecureRandom())
            .launchStart(POLICY, Optional.of(GuestOwner.session(pdh, POLICY)));
  }

  @AfterEach
  void close() throws Exception {
    memory.close();
  }

  @Test
  void reportsTheStateOfTheGuest() throws Exception {
    context.launchMeasure();
    assertThat(line(commands(), "query-sev", ""))
        .isEqualTo(
            "{\"return\":{\"enabled\":true,\"api-major\":1,\"api-minor\":55,\"build-id\":40,"
                + "\"state\":\"launch-secret\",\"sev-type\":\"sev\",\"policy\":3,\"handle\":1}}");
  }

  @Test
  void reportsTheMeasurement() throws Exception {
    var taken = context.launchMeasure();
    assertThat(line(commands(), "query-sev-launch-measure", ""))
        .isEqualTo("{\"return\":{\"data\":\"" + taken.blob().base64() + "\"}}");
  }

  @Test
  void hasNoMeasurementTooEarly() {
    assertThat(line(commands(), "query-sev-launch-measure", ""))
        .contains("GenericError", "SEV launch measurement is not available");
  }

  @Test
  void tellsThePlatformsCapabilities() throws Exception {
    var identity = TestPlatform.identity();
    String answer = line(commands(), "query-sev-capabilities", "");
    var returned = FlatObject.parse(answer).object("return").orElseThrow();
    assertThat(returned.text("pdh")).contains(identity.pdh().raw().base64());
    assertThat(returned.text("cert-chain")).contains(identity.certChain().base64());
    assertThat(returned.text("cpu0-id")).contains(identity.cpu0Id().base64());
    assertThat(returned.number("cbitpos")).contains(51L);
    assertThat(returned.number("reduced-phys-bits")).contains(1L);
  }

  @Test
  void writesASecretWhereTheFirmwareWantsIt() throws Exception {
    var packet = GuestOwner.seal(TABLE, context.launchMeasure().mac());
    assertThat(line(commands(), "sev-inject-launch-secret", arguments(packet, "")))
        .isEqualTo("{\"return\":{}}");
    assertThat(guestMemory(AREA, TABLE.size())).isEqualTo(TABLE);
  }

  @Test
  void writesASecretWhereTheClientWantsIt() throws Exception {
    var packet = GuestOwner.seal(TABLE, context.launchMeasure().mac());
    line(commands(), "sev-inject-launch-secret", arguments(packet, ",\"gpa\":8192"));
    assertThat(guestMemory(0x2000, TABLE.size())).isEqualTo(TABLE);
    assertThat(guestMemory(AREA, TABLE.size()).isZero()).isTrue();
  }

  @Test
  void logsNamesAndSizesOfSecretsAndNothingElseOfThem() throws Exception {
    var packet = GuestOwner.seal(TABLE, context.launchMeasure().mac());
    line(commands(), "sev-inject-launch-secret", arguments(packet, ""));
    assertThat(Files.readString(log))
        .contains("\"SIMULATED\":true", "secret-injected")
        .contains("736869e5-84f0-4973-92ec-06879ce3da0b", "\"size\":32")
        .doesNotContain("hush", "68757368", packet.payload().base64());
  }

  @Test
  void refusesASecretOfAnotherLaunch() throws Exception {
    context.launchMeasure();
    var packet = GuestOwner.seal(TABLE, Bytes.zeros(32));
    assertThat(line(commands(), "sev-inject-launch-secret", arguments(packet, "")))
        .contains(
            "GenericError", "SEV: failed to inject secret ret=-5 fw_error=11 'Bad measurement'");
    assertThat(guestMemory(AREA, TABLE.size()).isZero()).isTrue();
  }

  @Test
  void refusesASecretAfterResume() throws Exception {
    var packet = GuestOwner.seal(TABLE, context.launchMeasure().mac());
    var commands = commands();
    commands.onEvent("RESUME");
    assertThat(line(commands, "sev-inject-launch-secret", arguments(packet, "")))
        .contains("SEV: Not in correct state. (LSECRET) 3");
    assertThat(line(commands, "query-sev", "")).contains("\"state\":\"running\"");
    assertThat(Files.readString(log)).contains("resumed");
  }

  @Test
  void refusesASecretOutsideTheGuestsMemory() throws Exception {
    var packet = GuestOwner.seal(TABLE, context.launchMeasure().mac());
    for (String gpa : new String[] {"1048560", "2147483648", "-1", "9223372036854775807"}) {
      assertThat(line(commands(), "sev-inject-launch-secret", arguments(packet, ",\"gpa\":" + gpa)))
          .contains("SEV: Failed to calculate guest address: No memory is mapped at address");
    }
  }

  @Test
  void refusesASecretWithoutAPlaceForIt() throws Exception {
    var packet = GuestOwner.seal(TABLE, context.launchMeasure().mac());
    var nowhere = new FirmwareTable(Optional.empty(), Optional.empty(), Optional.empty());
    assertThat(line(commands(nowhere, Map.of()), "sev-inject-launch-secret", arguments(packet, "")))
        .contains("SEV: no secret area found in OVMF, gpa must be specified.");
  }

  @Test
  void refusesArgumentsThatAreMissingOrDoNotDecode() throws Exception {
    context.launchMeasure();
    assertThat(line(commands(), "sev-inject-launch-secret", "{\"packet-header\":\"AAAA\"}"))
        .contains("Parameter 'secret' is missing");
    assertThat(
            line(
                commands(),
                "sev-inject-launch-secret",
                "{\"packet-header\":\"\",\"secret\":\"AAAA\"}"))
        .contains("SEV: Failed to decode sequence header");
    assertThat(
            line(
                commands(),
                "sev-inject-launch-secret",
                "{\"packet-header\":\"AAAA\",\"secret\":\"\"}"))
        .contains("SEV: Failed to decode data");
  }

  @Test
  void liesAsOrdered() throws Exception {
    context.launchMeasure();
    var lies =
        commands(
            firmware(),
            Map.of(
                Faults.POLICY, "0x1",
                Faults.API, "1.2",
                Faults.BUILD, "9",
                Faults.MEASUREMENT, "11".repeat(32),
                Faults.NONCE, "22".repeat(16)));
    assertThat(line(lies, "query-sev", ""))
        .contains("\"api-major\":1,\"api-minor\":2,\"build-id\":9", "\"policy\":1");
    assertThat(line(lies, "query-sev-launch-measure", ""))
        .contains(Bytes.ofHex("11".repeat(32) + "22".repeat(16)).base64());
  }

  @Test
  void refusesASecretAsOrdered() throws Exception {
    var packet = GuestOwner.seal(TABLE, context.launchMeasure().mac());
    var commands = commands(firmware(), Map.of(Faults.REFUSE_SECRET, "2"));
    assertThat(line(commands, "sev-inject-launch-secret", arguments(packet, "")))
        .contains("fw_error=2 'Guest state is invalid'");
  }

  private static FirmwareTable firmware() {
    return new FirmwareTable(
        Optional.empty(), Optional.of(new FirmwareTable.Area(AREA, 0x100)), Optional.empty());
  }

  private GuestCommands commands() {
    return commands(firmware(), Map.of());
  }

  private GuestCommands commands(FirmwareTable firmware, Map<String, String> faults) {
    return new GuestCommands(
        new PlatformCommands(TestPlatform.identity(), true),
        context,
        firmware,
        memory,
        Faults.of(faults),
        new EventLog(log),
        "web-1");
  }

  private static String line(GuestCommands commands, String command, String arguments) {
    Optional<String> given = arguments.isEmpty() ? Optional.empty() : Optional.of(arguments);
    Answer answer = commands.answer(command, given);
    return new String(answer.line(Optional.empty()), StandardCharsets.UTF_8).strip();
  }

  private static String arguments(GuestOwner.Packet packet, String more) {
    String both =
        Json.object(json -> {
          json.writeStringProperty("packet-header", packet.header().base64());
          json.writeStringProperty("secret", packet.payload().base64());
        });
    return both.substring(0, both.length() - 1) + more + "}";
  }

  private Bytes guestMemory(long at, int size) throws Exception {
    var content = ByteBuffer.allocate(size);
    try (var file = FileChannel.open(folder.resolve("memory"), StandardOpenOption.READ)) {
      file.read(content, at);
    }
    return Bytes.copyOf(content.array());
  }
}
