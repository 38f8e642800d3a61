package dev.remit.fuzz;

import dev.remit.bytes.Bytes;
import dev.remit.diagnostic.Location;
import dev.remit.exposure.Findings;
import dev.remit.exposure.Samples;
import dev.remit.exposure.TextPlace;
import dev.remit.exposure.UserData;
import java.util.ArrayList;
import java.util.List;

/** User data of cloud-init and its like, packed or not. */
public final class UserDataFuzz {
  private UserDataFuzz() {}

  public static void fuzzerTestOneInput(byte[] input) {
    Expected.require(outcome(input).equals(outcome(input)), "a second reading finds the same");
  }

  private static List<Object> outcome(byte[] input) {
    var outcome = new ArrayList<Object>();
    var findings = new Findings();
    UserData.check(
        Bytes.copyOf(input),
        TextPlace.whole(new Location.InFile(Expected.FILE)),
        "",
        findings,
        refused -> outcome.add(refused.what()));
    findings.all().forEach(Expected::ofFinding);
    outcome.addAll(findings.all());
    return outcome;
  }

  static List<Bytes> seeds() {
    return Envelope.texts(Samples.userData());
  }
}
