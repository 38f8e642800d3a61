package dev.remit.simulator.monitor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.remit.bytes.Bytes;
import dev.remit.simulator.json.Json;
import java.io.BufferedReader;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.newsclub.net.unix.AFUNIXServerSocket;
import org.newsclub.net.unix.AFUNIXSocket;
import org.newsclub.net.unix.AFUNIXSocketAddress;

@Timeout(value = 20, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class MonitorProxyTest {
  private static final String NEGOTIATE = "{\"execute\":\"qmp_capabilities\",\"id\":\"libvirt-1\"}";
  private static final int LONGEST_LINE = 1 << 16;

  private final FakeQemu qemu;
  private final Path address;
  private final AFUNIXServerSocket clients;
  private final Recorder commands = new Recorder();
  private final CountDownLatch killed = new CountDownLatch(1);
  private final CountDownLatch ended = new CountDownLatch(1);

  MonitorProxyTest() throws IOException {
    qemu = new FakeQemu(MonitorProxyTest::echo);
    address = Files.createTempDirectory("p").resolve("m");
    clients = AFUNIXServerSocket.bindOn(AFUNIXSocketAddress.of(address));
  }

  @AfterEach
  void end() throws IOException {
    qemu.close();
    clients.close();
  }

  @Test
  void greetsAsQemuDoesButOffersNothingOutOfBand() throws Exception {
    start(Disturbance.NONE);
    try (var client = new Client()) {
      assertThat(client.read())
          .isEqualTo(
              "{\"QMP\":{\"version\":{\"qemu\":{\"micro\":2,\"minor\":0,\"major\":10}},"
                  + "\"capabilities\":[]}}");
    }
  }

  @Test
  void wantsNegotiationFirst() throws Exception {
    start(Disturbance.NONE);
    try (var client = new Client()) {
      client.read();
      client.write("{\"execute\":\"query-sev\",\"id\":7}");
      assertThat(client.read()).contains("CommandNotFound", "\"id\":7");
      client.write(NEGOTIATE);
      assertThat(client.read()).isEqualTo("{\"return\":{},\"id\":\"libvirt-1\"}");
      assertThat(commands.answered).isEmpty();
    }
  }

  @Test
  void passesOtherCommandsThroughAsTheyAre() throws Exception {
    start(Disturbance.NONE);
    try (var client = negotiated()) {
      String line =
          "{\"execute\": \"qom-get\",  \"arguments\": {\"x\": 1}, \"id\": {\"any\": [1]}}";
      client.write(line);
      assertThat(qemu.next()).isEqualTo(line);
      assertThat(client.read())
          .isEqualTo("{\"return\":{\"ran\":\"qom-get\"},\"id\":{\"any\":[1]}}");
    }
  }

  @Test
  void answersItsOwnCommandsWithTheirIdsAndHidesThemFromQemu() throws Exception {
    start(Disturbance.NONE);
    try (var client = negotiated()) {
      client.write("{\"execute\":\"query-sev\",\"arguments\":{\"a\":1},\"id\":\"libvirt-9\"}");
      assertThat(client.read())
          .isEqualTo("{\"return\":{\"from\":\"simulator\"},\"id\":\"libvirt-9\"}");
      assertThat(commands.answered).containsExactly("query-sev{\"a\":1}");
      assertThat(qemu.next()).contains("query-name").doesNotContain("sev");
    }
  }

  @Test
  void passesRefusalsOnInQemusForm() throws Exception {
    start(Disturbance.NONE);
    try (var client = negotiated()) {
      client.write("{\"execute\":\"query-sev-refused\"}");
      assertThat(client.read())
          .isEqualTo("{\"error\":{\"class\":\"GenericError\",\"desc\":\"not now\"}}");
    }
  }

  @Test
  void keepsTheOrderOfCommandsThatAreSentAtOnce() throws Exception {
    start(Disturbance.NONE);
    try (var client = negotiated()) {
      var lines = new StringBuilder();
      for (int i = 0; i < 100; i++) {
        String command = i % 3 == 0 ? "query-sev" : "query-status";
        lines.append("{\"execute\":\"%s\",\"id\":%d}\r\n".formatted(command, i));
      }
      client.writeRaw(lines.toString());
      for (int i = 0; i < 100; i++) {
        assertThat(client.read()).endsWith("\"id\":" + i + "}");
      }
    }
  }

  @Test
  void passesEventsOn() throws Exception {
    start(Disturbance.NONE);
    try (var client = negotiated()) {
      qemu.say("{\"timestamp\": {\"seconds\": 1}, \"event\": \"RESUME\"}");
      assertThat(client.read())
          .isEqualTo("{\"timestamp\": {\"seconds\": 1}, \"event\": \"RESUME\"}");
      assertThat(commands.events).containsExactly("RESUME");
    }
  }

  @Test
  void leavesGarbageToQemu() throws Exception {
    start(Disturbance.NONE);
    try (var client = negotiated()) {
      for (String garbage : List.of("x", "[", "{\"execute\":\"query-sev\"}{}", "{\"execute\":1}")) {
        client.write(garbage);
        assertThat(qemu.next()).isEqualTo(garbage);
        client.read();
      }
      assertThat(commands.answered).isEmpty();
    }
  }

  @Test
  void passesLongLinesAndDropsAClientWhoseLineIsTooLong() throws Exception {
    start(Disturbance.NONE);
    try (var client = negotiated()) {
      String longest = "{\"execute\":\"x\",\"arguments\":{\"a\":\"" + "y".repeat(60_000) + "\"}}";
      client.write(longest);
      assertThat(qemu.next()).isEqualTo(longest);
      assertThat(client.read()).contains("\"ran\":\"x\"");
      client.writeRaw("y".repeat(LONGEST_LINE + 1));
      assertThat(client.ended()).isTrue();
    }
    try (var next = negotiated()) {
      next.write("{\"execute\":\"query-sev\"}");
      assertThat(next.read()).contains("simulator");
    }
  }

  @Test
  void forwardsDescriptorsWithTheirLine() throws Exception {
    start(Disturbance.NONE);
    var file = Files.createTempFile("descriptor", "");
    try (var client = negotiated();
        var opened = new FileOutputStream(file.toFile())) {
      client.socket.setOutboundFileDescriptors(opened.getFD());
      client.write("{\"execute\":\"getfd\",\"arguments\":{\"fdname\":\"f\"}}");
      assertThat(client.read()).contains("getfd");
      assertThat(qemu.descriptors()).hasSize(1);
      FileDescriptor arrived = qemu.descriptors().getFirst();
      try (var through = new FileOutputStream(arrived)) {
        through.write('!');
      }
    }
    assertThat(Files.readString(file)).isEqualTo("!");
  }

  @Test
  void servesTheNextClientWithoutWhatTheLastOneMissed() throws Exception {
    start(Disturbance.NONE);
    try (var first = negotiated()) {
      first.write("{\"execute\":\"query-status\",\"id\":\"first\"}");
      first.write("{\"execute\":\"query-sev\",\"id\":\"first\"}");
    }
    try (var second = negotiated()) {
      second.write("{\"execute\":\"query-sev\",\"id\":\"second\"}");
      assertThat(second.read()).contains("\"id\":\"second\"");
    }
  }

  /** As one that is killed: at any moment, with replies unread. */
  @Test
  void servesTheNextClientHoweverTheLastOneLeft() throws Exception {
    start(Disturbance.NONE);
    for (int kind = 0; kind < 400; kind++) {
      try (var leaving = new Client()) {
        if (kind % 5 > 0) {
          leaving.write(NEGOTIATE);
        }
        for (int command = 0; command < kind % 7; command++) {
          leaving.write("{\"execute\":\"query-sev\",\"id\":" + command + "}");
          leaving.write("{\"execute\":\"query-status\",\"id\":" + command + "}");
        }
        if (kind % 3 == 0) {
          leaving.read();
        }
      }
    }
    try (var next = negotiated()) {
      next.write("{\"execute\":\"query-sev\",\"id\":\"next\"}");
      assertThat(next.read()).contains("\"id\":\"next\"");
    }
  }

  @Test
  void endsWithQemu() throws Exception {
    start(Disturbance.NONE);
    try (var client = negotiated()) {
      client.write("{\"execute\":\"query-status\"}");
      client.read();
      qemu.close();
      ended.await();
    }
  }

  @Test
  void losesTheReplyThatItShallLose() throws Exception {
    start(new Disturbance(Optional.empty(), Optional.empty(), Optional.of("query-sev")));
    try (var client = negotiated()) {
      client.write("{\"execute\":\"query-sev\",\"id\":1}");
      client.write("{\"execute\":\"query-status\",\"id\":2}");
      assertThat(client.read()).contains("\"id\":2");
      assertThat(commands.answered).containsExactly("query-sev");
    }
  }

  @Test
  void killsQemuWhereItShall() throws Exception {
    start(new Disturbance(Optional.empty(), Optional.of("cont"), Optional.empty()));
    try (var client = negotiated()) {
      client.write("{\"execute\":\"cont\"}");
      killed.await();
    }
  }

  @Test
  void fallsSilentWhereItShallAndEndsWithQemuAllTheSame() throws Exception {
    start(new Disturbance(Optional.of("query-sev"), Optional.empty(), Optional.empty()));
    try (var client = negotiated()) {
      client.write("{\"execute\":\"query-sev\"}");
      client.write("{\"execute\":\"query-status\"}");
      qemu.say("{\"event\":\"STOP\"}");
      assertThat(client.read()).contains("STOP");
      assertThat(commands.answered).isEmpty();
      qemu.close();
      ended.await();
    }
  }

  private void start(Disturbance disturbance) throws IOException, InterruptedException {
    var proxy =
        new MonitorProxy(
            new QemuMonitor(qemu.channel()),
            () -> new MonitorChannel(clients.accept(), LONGEST_LINE),
            commands,
            disturbance,
            killed::countDown);
    assertThat(qemu.next()).contains("qmp_capabilities");
    Thread.ofPlatform()
        .daemon()
        .start(() -> {
          proxy.run();
          ended.countDown();
        });
  }

  private Client negotiated() throws IOException {
    var client = new Client();
    client.read();
    client.write(NEGOTIATE);
    client.read();
    return client;
  }

  /** Returns the command, with the id that came with it. */
  private static String echo(String line) {
    var message = MonitorMessage.parse(Bytes.copyOf(line.getBytes(StandardCharsets.UTF_8)));
    if (message.isEmpty()) {
      return "{\"error\":{\"class\":\"GenericError\",\"desc\":\"JSON parse error\"}}";
    }
    return Json.object(json -> {
      json.writeObjectPropertyStart("return");
      json.writeStringProperty("ran", message.get().execute().orElse(""));
      json.writeEndObject();
      if (message.get().id().isPresent()) {
        json.writeName("id");
        json.writeRawValue(message.get().id().get());
      }
    });
  }

  private static final class Recorder implements MonitorCommands {
    private final List<String> answered = new CopyOnWriteArrayList<>();
    private final List<String> events = new CopyOnWriteArrayList<>();

    @Override
    public boolean answers(String command) {
      return command.startsWith("query-sev");
    }

    @Override
    public Answer answer(String command, Optional<String> arguments) {
      answered.add(command + arguments.orElse(""));
      return command.endsWith("-refused")
          ? Answer.error("not now")
          : new Answer.Return(json -> json.writeStringProperty("from", "simulator"));
    }

    @Override
    public void onEvent(String event) {
      events.add(event);
    }
  }

  private final class Client implements AutoCloseable {
    private final AFUNIXSocket socket;
    private final BufferedReader in;

    Client() throws IOException {
      socket = AFUNIXSocket.connectTo(AFUNIXSocketAddress.of(address));
      in =
          new BufferedReader(
              new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
    }

    String read() throws IOException {
      String line = in.readLine();
      if (line == null) {
        throw new IOException("the monitor ended");
      }
      return line;
    }

    boolean ended() throws IOException {
      return in.readLine() == null;
    }

    void write(String line) throws IOException {
      writeRaw(line + "\n");
    }

    void writeRaw(String text) throws IOException {
      socket.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public void close() throws IOException {
      socket.close();
    }
  }
}
