package dev.remit.simulator;

import dev.remit.bytes.Bytes;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** The files beside the tests. */
public final class Samples {
  private Samples() {}

  public static Bytes bytes(String name) {
    try (var in = Samples.class.getResourceAsStream("/" + name)) {
      if (in == null) {
        throw new IllegalArgumentException("no sample " + name);
      }
      return Bytes.copyOf(in.readAllBytes());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public static String text(String name) {
    return new String(bytes(name).toArray(), StandardCharsets.UTF_8);
  }

  /** A recorded command line. */
  public static List<String> commandLine(String name) {
    return text("libvirt/" + name).lines().toList();
  }
}
