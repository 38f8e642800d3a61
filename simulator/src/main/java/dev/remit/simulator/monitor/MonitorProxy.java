package dev.remit.simulator.monitor;

import dev.remit.simulator.json.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/**
 * Stands between one client at a time and QEMU's monitor.
 *
 * <p>A command that is not QEMU's to answer is replaced by a harmless one on its way to QEMU, and
 * that one's reply by the answer: so everything keeps its order without the proxy keeping count.
 */
public final class MonitorProxy {
  private static final String HARMLESS = "query-name";

  /** Where clients come from. */
  @FunctionalInterface
  public interface Clients {
    MonitorChannel accept() throws IOException;
  }

  private final QemuMonitor qemu;
  private final Clients clients;
  private final MonitorCommands commands;
  private final Disturbance disturbance;
  private final Runnable killQemu;

  // Ours begin with something that no client can guess.
  private final String idPrefix = "remit-simulator-" + UUID.randomUUID() + "-";
  private final Map<String, Runnable> replacements = new ConcurrentHashMap<>();
  private final CountDownLatch qemuEnded = new CountDownLatch(1);
  private long replaced;

  private final Object clientLock = new Object();
  private @Nullable MonitorChannel client;

  public MonitorProxy(
      QemuMonitor qemu,
      Clients clients,
      MonitorCommands commands,
      Disturbance disturbance,
      Runnable killQemu) {
    this.qemu = qemu;
    this.clients = clients;
    this.commands = commands;
    this.disturbance = disturbance;
    this.killQemu = killQemu;
  }

  /** Returns when QEMU has ended. */
  public void run() {
    Thread.ofPlatform().daemon().name("clients").start(this::serveClients);
    try {
      var channel = qemu.channel();
      for (var line = channel.receive(); line.isPresent(); line = channel.receive()) {
        fromQemu(line.get());
      }
    } catch (IOException e) {
      // A QEMU that was killed resets the connection; the end is the same.
    } finally {
      qemuEnded.countDown();
    }
  }

  private void fromQemu(MonitorChannel.Line line) throws IOException {
    var message = MonitorMessage.parse(line.octets());
    var replacement = message.flatMap(MonitorMessage::id).map(replacements::remove);
    if (replacement.isPresent()) {
      replacement.get().run();
      return;
    }
    message.flatMap(MonitorMessage::event).ifPresent(commands::onEvent);
    synchronized (clientLock) {
      if (client == null) {
        line.close();
        return;
      }
      try {
        client.forward(line);
      } catch (IOException e) {
        // The client went away; its own thread sees that and waits for the next one.
      }
    }
  }

  private void serveClients() {
    try {
      while (true) {
        try (var channel = clients.accept()) {
          serve(channel);
        }
        synchronized (clientLock) {
          client = null;
        }
        waitForReplies();
      }
    } catch (IOException e) {
      // No more clients can come; QEMU goes on, as it would.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void serve(MonitorChannel channel) throws InterruptedException {
    try {
      channel.send(qemu.greeting());
      if (negotiate(channel)) {
        for (var line = channel.receive(); line.isPresent(); line = channel.receive()) {
          fromClient(channel, line.get());
        }
      }
    } catch (IOException e) {
      // The client broke the connection or the rules: it loses the connection either way.
    }
  }

  /** From the moment that the client knows it has negotiated, it gets every event. */
  private boolean negotiate(MonitorChannel channel) throws IOException {
    for (var line = channel.receive(); line.isPresent(); line = channel.receive()) {
      line.get().close();
      var message = MonitorMessage.parse(line.get().octets());
      var id = message.flatMap(MonitorMessage::id);
      if (message.flatMap(MonitorMessage::execute).equals(Optional.of("qmp_capabilities"))) {
        synchronized (clientLock) {
          channel.send(Answer.success().line(id));
          client = channel;
        }
        return true;
      }
      channel.send(
          new Answer.Refusal(
                  Answer.Refusal.COMMAND_NOT_FOUND,
                  "Expecting capabilities negotiation with 'qmp_capabilities'")
              .line(id));
    }
    return false;
  }

  private void fromClient(MonitorChannel channel, MonitorChannel.Line line)
      throws IOException, InterruptedException {
    var message = MonitorMessage.parse(line.octets());
    var command = message.flatMap(MonitorMessage::execute);
    if (command.isPresent() && command.equals(disturbance.dieAt())) {
      killQemu.run();
    }
    if (command.isPresent() && command.equals(disturbance.hangAt())) {
      qemuEnded.await();
    }
    if (message.isEmpty() || command.filter(commands::answers).isEmpty()) {
      qemu.channel().forward(line);
      return;
    }
    line.close();
    var arguments = message.get().arguments();
    var id = message.get().id();
    replace(() -> {
      byte[] answer = commands.answer(command.get(), arguments).line(id);
      if (!command.equals(disturbance.loseReplyOf())) {
        try {
          channel.send(answer);
        } catch (IOException e) {
          // The client went away before it was answered.
        }
      }
    });
  }

  private void replace(Runnable onReply) throws IOException {
    String id = idPrefix + replaced++;
    replacements.put('"' + id + '"', onReply);
    String request =
        Json.object(json -> {
          json.writeStringProperty("execute", HARMLESS);
          json.writeStringProperty("id", id);
        });
    qemu.channel().send((request + "\n").getBytes(StandardCharsets.UTF_8));
  }

  /** What QEMU still says to the client that left must not reach the next one. */
  private void waitForReplies() throws IOException, InterruptedException {
    var silent = new CountDownLatch(1);
    replace(silent::countDown);
    silent.await();
  }
}
