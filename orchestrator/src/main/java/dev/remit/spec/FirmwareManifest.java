package dev.remit.spec;

import dev.remit.bytes.Bytes;
import dev.remit.firmware.KnownFirmware;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;

/** Firmware that Remit was tried with: what is known about it, not a list of what is allowed. */
public final class FirmwareManifest {
  private static final String RESOURCE = "manifest.yaml";

  private FirmwareManifest() {}

  /** The manifest of this release. */
  public static List<KnownFirmware> builtIn() {
    try (var in = FirmwareManifest.class.getResourceAsStream(RESOURCE)) {
      if (in == null) {
        throw new IllegalStateException("this build lacks its firmware manifest");
      }
      return switch (read(RESOURCE, Bytes.copyOf(in.readAllBytes()))) {
        case Read.Good<List<KnownFirmware>>(var known) -> known;
        case Read.Rejected<List<KnownFirmware>> rejected ->
            throw new IllegalStateException(
                "the firmware manifest is malformed: " + rejected.problems().getFirst().what());
      };
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Reads YAML, or says all that is wrong with it.
   *
   * @param fileName for messages
   */
  static Read<List<KnownFirmware>> read(String fileName, Bytes content) {
    var source = SourceText.of(fileName, content);
    var document = new Shape("FirmwareManifest", Schema.FIRMWARE_MANIFEST).read(source);
    return document.isPresent() && source.isGood()
        ? new Read.Good<>(
            document.get().at("firmware").items().stream().map(FirmwareManifest::firmware).toList())
        : new Read.Rejected<>(source.diagnostics());
  }

  private static KnownFirmware firmware(Field entry) {
    var areas = entry.at("areas");
    return new KnownFirmware(
        entry.at("name").required(),
        entry.at("version").required(),
        Bytes.ofHex(entry.at("sha256").required()),
        entry.at("size").number(),
        Bytes.ofHex(entry.at("sha256State").required()),
        areas.at("hashTable").isWritten(),
        areas.at("sevEsResetAddress").text().map(FirmwareManifest::address));
  }

  private static Long address(String hex) {
    return Long.parseLong(hex.substring(2), 16);
  }
}
