package dev.remit.domain;

import dev.remit.platform.Protection;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;

/** What libvirt 11.3 made of documents that Remit sent: virDomainGetXMLDesc over the simulator. */
public final class LiveDocuments {
  private LiveDocuments() {}

  /** Of a domain that ran. */
  public static String recorded(Protection protection) {
    String name = "live/" + protection.id() + "-simulated.xml";
    try (var in = LiveDocuments.class.getResourceAsStream(name)) {
      return new String(Objects.requireNonNull(in, name).readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
