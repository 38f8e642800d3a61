package dev.remit.spec;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** The published schemas (JSON Schema 2020-12), by which editors help and the readers judge. */
public enum Schema {
  VM("confidential-vm.schema.json"),
  HOST("host.schema.json"),
  FIRMWARE_MANIFEST("firmware-manifest.schema.json");

  private final String resource;

  Schema(String resource) {
    this.resource = resource;
  }

  public String text() {
    try (var in = Schema.class.getResourceAsStream(resource)) {
      if (in == null) {
        throw new IllegalStateException("this build lacks the schema " + resource);
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException cause) {
      throw new UncheckedIOException(cause);
    }
  }
}
