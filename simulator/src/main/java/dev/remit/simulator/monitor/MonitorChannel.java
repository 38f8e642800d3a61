package dev.remit.simulator.monitor;

import dev.remit.bytes.Bytes;
import java.io.ByteArrayOutputStream;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.newsclub.net.unix.AFUNIXSocket;

/** One end of a monitor connection: lines, and the descriptors that travel with them. */
public final class MonitorChannel implements AutoCloseable {
  private static final int CHUNK = 1 << 16;
  private static final int ANCILLARY_SIZE = 1024;
  private static final int MOST_DESCRIPTORS = 16;

  private static final Bytes LINE_END = Bytes.of('\n');

  private final AFUNIXSocket socket;
  private final int limit;
  private final byte[] chunk = new byte[CHUNK];
  private int position;
  private int filled;
  private final List<FileDescriptor> waiting = new ArrayList<>();

  /**
   * @param limit the longest line that is read, in bytes
   */
  public MonitorChannel(AFUNIXSocket socket, int limit) {
    this.socket = socket;
    this.limit = limit;
    socket.setAncillaryReceiveBufferSize(ANCILLARY_SIZE);
  }

  /**
   * A line without its end, and the descriptors that came with it; whoever holds the line passes
   * them on or closes them.
   */
  record Line(Bytes octets, List<FileDescriptor> descriptors) {
    void close() throws IOException {
      for (FileDescriptor descriptor : descriptors) {
        new FileInputStream(descriptor).close();
      }
    }
  }

  /** The next line; empty when the other side has closed. What has no line end is no line. */
  Optional<Line> receive() throws IOException {
    var line = new ByteArrayOutputStream();
    while (true) {
      if (position == filled && !fill()) {
        return Optional.empty();
      }
      int end = position;
      while (end < filled && chunk[end] != '\n') {
        end++;
      }
      if (line.size() + end - position > limit) {
        throw new IOException("a monitor line is longer than " + limit + " bytes");
      }
      line.write(chunk, position, end - position);
      boolean complete = end < filled;
      position = complete ? end + 1 : end;
      if (complete) {
        var received = new Line(Bytes.copyOf(line.toByteArray()), List.copyOf(waiting));
        waiting.clear();
        return Optional.of(received);
      }
    }
  }

  private boolean fill() throws IOException {
    int count = socket.getInputStream().read(chunk);
    for (FileDescriptor descriptor : socket.getReceivedFileDescriptors()) {
      waiting.add(descriptor);
    }
    if (waiting.size() > MOST_DESCRIPTORS) {
      throw new IOException("more than " + MOST_DESCRIPTORS + " descriptors came with one line");
    }
    position = 0;
    filled = Math.max(count, 0);
    return count > 0;
  }

  /** Sends octets as they are; the line end is the caller's. */
  void send(byte[] octets) throws IOException {
    socket.getOutputStream().write(octets);
  }

  /** Passes a line on, with its descriptors, and closes our copies of them. */
  void forward(Line line) throws IOException {
    try {
      if (!line.descriptors().isEmpty()) {
        socket.setOutboundFileDescriptors(line.descriptors().toArray(FileDescriptor[]::new));
      }
      send(Bytes.concat(line.octets(), LINE_END).toArray());
    } finally {
      line.close();
    }
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
