package dev.remit.simulator.emulator;

import dev.remit.simulator.monitor.MonitorChannel;
import dev.remit.simulator.monitor.QemuMonitor;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.file.Path;
import org.newsclub.net.unix.AFUNIXServerSocket;
import org.newsclub.net.unix.AFUNIXSocketAddress;
import org.newsclub.net.unix.FileDescriptorCast;

/** A listening Unix socket of a monitor. */
final class MonitorSocket implements AutoCloseable {
  private static final int LONGEST_COMMAND = 1 << 22;

  /** QEMU's own limit for a JSON text. */
  private static final int LONGEST_REPLY = 1 << 26;

  private static final int PATIENCE_MILLIS = 200;

  private final AFUNIXServerSocket socket;

  private MonitorSocket(AFUNIXServerSocket socket) {
    this.socket = socket;
  }

  static MonitorSocket listen(Path path) throws IOException {
    return new MonitorSocket(AFUNIXServerSocket.bindOn(AFUNIXSocketAddress.of(path)));
  }

  /** Adopts a socket that libvirt made, bound and passed on to its emulator. */
  static MonitorSocket inherited(int descriptor) throws IOException {
    FileDescriptorCast cast = FileDescriptorCast.unsafeUsing(descriptor);
    return new MonitorSocket(cast.as(AFUNIXServerSocket.class));
  }

  /** The next client, which is libvirt. */
  MonitorChannel accept() throws IOException {
    return new MonitorChannel(socket.accept(), LONGEST_COMMAND);
  }

  /** Waits for the call of a QEMU that is starting, as long as its process lives. */
  QemuMonitor acceptFrom(ProcessHandle qemu) throws IOException {
    socket.setSoTimeout(PATIENCE_MILLIS);
    while (true) {
      try {
        return new QemuMonitor(new MonitorChannel(socket.accept(), LONGEST_REPLY));
      } catch (SocketTimeoutException e) {
        if (!qemu.isAlive()) {
          throw new IOException("QEMU ended before its monitor stood", e);
        }
      }
    }
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
