package dev.remit.report;

import dev.remit.diagnostic.ExitStatus;
import dev.remit.diagnostic.HostText;
import dev.remit.secret.SevSecretPacket;
import dev.remit.trust.MatchedMeasurement;
import dev.remit.trust.MeasurementVerdict;
import dev.remit.trust.SealingPermit;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Secrets that were sealed for a guest, or not. Nothing in it is a secret. */
public final class SecretReport {
  private static final String SCHEMA = "remit.secret/1";
  private static final String PLATFORM = "platform: judged when the session was made, not here";

  private SecretReport() {}

  /**
   * Sealed, and on whose word.
   *
   * @param files in the folder, the header's first
   */
  public static Answer sealed(
      SealingPermit permit,
      SevSecretPacket packet,
      Optional<Long> secretArea,
      Path folder,
      List<String> files,
      List<Given> given) {
    var text = new StringBuilder();
    var json = Json.of(SCHEMA);
    json.put("sealed", true);
    switch (permit) {
      case MatchedMeasurement matched -> {
        json.put("measurement", "judged here");
        json.set("checks", CheckTable.json(matched.checks()));
        text.append("secret: SEALED (%s)\n\n".formatted(CheckTable.count(matched.checks())));
        text.append(CheckTable.text(matched.checks())).append("\n\n");
        text.append(PLATFORM).append('\n');
      }
      case SealingPermit.JudgedElsewhere elsewhere -> {
        json.put("measurement", "not judged here");
        text.append("secret: SEALED (measurement NOT judged here)\n\n");
        text.append("for the measure ").append(elsewhere.measure().hex());
        text.append(", whatever guest it belongs to\n");
      }
    }
    text.append(
        secretArea
            .map(size -> "secret area: %d of %d bytes\n".formatted(packet.payload().size(), size))
            .orElse("secret area: not compared, the firmware was not given\n"));
    text.append("files: ").append(new HostText(folder.toString())).append(": ");
    text.append(String.join(", ", files));
    json.put("folder", folder.toString());
    var names = json.putArray("files");
    files.forEach(names::add);
    json.put("header", packet.header().hex());
    json.put("payloadBytes", packet.payload().size());
    secretArea.ifPresent(size -> json.put("secretAreaBytes", size));
    json.set("given", Given.json(given));
    return new Answer(ExitStatus.DONE, text.toString(), json);
  }

  public static Answer refused(MeasurementVerdict.Refused refused, List<Given> given) {
    var json = Json.of(SCHEMA);
    json.put("sealed", false);
    json.put("measurement", "judged here");
    json.set("checks", CheckTable.json(refused.checks()));
    json.set("given", Given.json(given));
    return new Answer(
        ExitStatus.REFUSED,
        "secret: REFUSED (%s)\n\n%s\n\nnothing was sealed and nothing written; end the guest"
            .formatted(CheckTable.count(refused.checks()), CheckTable.text(refused.checks())),
        json);
  }
}
