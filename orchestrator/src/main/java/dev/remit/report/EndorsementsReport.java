package dev.remit.report;

import dev.remit.diagnostic.ExitStatus;
import dev.remit.diagnostic.HostText;
import dev.remit.endorsement.CekEndorsement;
import dev.remit.root.Anchor;
import java.util.List;

/** Signed CEKs that were handed out or taken in. */
public final class EndorsementsReport {
  private EndorsementsReport() {}

  /**
   * One endorsement that was proven.
   *
   * @param anchor the root that stands above it
   * @param added whether it was not here before
   */
  public record Line(CekEndorsement endorsement, Anchor anchor, boolean added) {}

  /**
   * What a bundle was written of.
   *
   * @param dryRun whether nothing was written
   */
  public static Answer exported(String file, boolean dryRun, List<Line> lines) {
    return answer("remit.endorsements-export/1", file, dryRun, lines);
  }

  /**
   * What was taken in.
   *
   * @param dryRun whether nothing was kept
   */
  public static Answer imported(String file, boolean dryRun, List<Line> lines) {
    return answer("remit.endorsements-import/1", file, dryRun, lines);
  }

  private static Answer answer(String schema, String file, boolean dryRun, List<Line> lines) {
    boolean export = schema.contains("export");
    boolean simulated = lines.stream().anyMatch(line -> line.anchor().simulated());
    var text = new StringBuilder();
    text.append(new HostText(file))
        .append(": ")
        .append(lines.size())
        .append(lines.size() == 1 ? " signed CEK" : " signed CEKs")
        .append(export ? "" : ", each proven to its root");
    if (dryRun) {
      text.append(export ? "; nothing is written" : "; nothing is kept");
    }
    for (var line : lines) {
      text.append("\n  chip ").append(line.endorsement().chip());
      text.append("\n    ")
          .append(line.anchor().origin())
          .append(export ? ", from " + line.endorsement().voucher() : "")
          .append(export ? "" : line.added() ? ", new" : ", here already")
          .append("\n    CEK ")
          .append(line.endorsement().cek().fingerprint().hex());
    }
    if (simulated) {
      text.append("\nSIMULATED: a root that is made of software stands above some of them");
    }
    var json = Json.of(schema);
    json.put("file", file);
    json.put("dryRun", dryRun);
    json.put("simulated", simulated);
    json.set(
        "endorsements",
        Json.array(
            lines,
            line -> {
              var entry = Json.object();
              entry.put("chip", line.endorsement().chip().toString());
              entry.put("generation", line.anchor().generation().id());
              entry.put("root", line.anchor().origin());
              entry.put("fingerprint", line.endorsement().cek().fingerprint().hex());
              if (export) {
                entry.put("by", line.endorsement().voucher().kind().id());
                entry.put("name", line.endorsement().voucher().name());
              } else {
                entry.put("added", line.added());
              }
              return entry;
            }));
    return new Answer(ExitStatus.DONE, text.toString(), json);
  }
}
