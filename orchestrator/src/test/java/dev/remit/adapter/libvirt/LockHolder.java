package dev.remit.adapter.libvirt;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Another process that holds the lock of an embedded root, as one with a libvirt inside does. */
record LockHolder(Process process) implements AutoCloseable {
  static LockHolder of(Path file) throws IOException {
    var process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                LockHolder.class.getName(),
                file.toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    if (process.getInputStream().read() != '!') {
      throw new IOException("the process holds no lock");
    }
    return new LockHolder(process);
  }

  public static void main(String[] arguments) throws IOException {
    try (var channel = FileChannel.open(Path.of(arguments[0]), StandardOpenOption.WRITE)) {
      var _ = channel.lock(0, 1, false);
      System.out.print('!');
      System.out.flush();
      // Until whoever started us ends us.
      int ignored = System.in.read();
    }
  }

  @Override
  public void close() {
    process.destroyForcibly().onExit().join();
  }
}
