package dev.remit.simulator.monitor;

import java.io.BufferedReader;
import java.io.FileDescriptor;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.UnaryOperator;
import org.newsclub.net.unix.AFUNIXServerSocket;
import org.newsclub.net.unix.AFUNIXSocket;
import org.newsclub.net.unix.AFUNIXSocketAddress;

/**
 * The other end of a monitor: greets, and answers each line by a rule. A line starts with its
 * command in quotes, which is all that the rules look at.
 */
public final class FakeQemu implements AutoCloseable {
  public static final String GREETING =
      "{\"QMP\": {\"version\": {\"qemu\": {\"micro\": 2, \"minor\": 0, \"major\": 10}},"
          + " \"capabilities\": [\"oob\"]}}";

  private final AFUNIXServerSocket listening;
  private final AFUNIXSocket socket;
  private final AFUNIXSocket accepted;
  private final BlockingQueue<String> received = new LinkedBlockingQueue<>();
  private final List<FileDescriptor> descriptors = new ArrayList<>();

  /**
   * Starts answering.
   *
   * @param answer from a line to an answer without its end; empty for none
   */
  public FakeQemu(UnaryOperator<String> answer) throws IOException {
    Path path = Files.createTempDirectory("q").resolve("m");
    listening = AFUNIXServerSocket.bindOn(AFUNIXSocketAddress.of(path));
    socket = AFUNIXSocket.connectTo(AFUNIXSocketAddress.of(path));
    socket.setAncillaryReceiveBufferSize(1024);
    accepted = listening.accept();
    Thread.ofPlatform().daemon().start(() -> serve(answer));
  }

  /** The simulator's end. */
  public MonitorChannel channel() {
    return new MonitorChannel(accepted, 1 << 20);
  }

  private void serve(UnaryOperator<String> answer) {
    try {
      say(GREETING);
      var in =
          new BufferedReader(
              new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        synchronized (descriptors) {
          descriptors.addAll(List.of(socket.getReceivedFileDescriptors()));
        }
        received.add(line);
        String reply = answer.apply(line);
        if (!reply.isEmpty()) {
          say(reply);
        }
      }
    } catch (IOException e) {
      // The test is over.
    }
  }

  /** Sends a line, an event for instance. */
  public synchronized void say(String line) throws IOException {
    socket.getOutputStream().write((line + "\r\n").getBytes(StandardCharsets.UTF_8));
  }

  /** The next line that came. */
  String next() throws InterruptedException {
    return received.take();
  }

  List<FileDescriptor> descriptors() {
    synchronized (descriptors) {
      return List.copyOf(descriptors);
    }
  }

  /** Ends as a process does. */
  @Override
  public void close() throws IOException {
    socket.close();
    listening.close();
  }
}
