package dev.remit.fuzz;

import dev.remit.bytes.Bytes;
import dev.remit.bytes.MalformedException;
import dev.remit.bytes.SeekableBytes;
import dev.remit.diagnostic.Diagnostic;
import dev.remit.diagnostic.HostText;
import dev.remit.exposure.Finding;
import dev.remit.exposure.Findings;
import dev.remit.exposure.ImageRules;
import dev.remit.exposure.TextInFile;
import dev.remit.exposure.TextPlace;
import dev.remit.image.Companions;
import dev.remit.image.Examination;
import dev.remit.image.Region;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** What must hold whatever the bytes are. */
final class Expected {
  static final String FILE = "file";

  private Expected() {}

  /** A parser of texts with the rules over what it reads. */
  @FunctionalInterface
  interface Reading {
    void read(String text, TextPlace place, Findings findings, Consumer<Diagnostic> unreadable)
        throws MalformedException;
  }

  static void ofImage(byte[] file) throws IOException {
    ofImage(SeekableBytes.of(Bytes.copyOf(file)));
  }

  /** That it is something, that it is the same when looked at again, and that rules take it. */
  static void ofImage(SeekableBytes file) throws IOException {
    Region image = Examination.of(file);
    require(image.size() == file.size() && image.offset() == 0, "the whole file is looked at");
    require(image.equals(Examination.of(file)), "a second look shows the same");
    var findings = new Findings();
    ImageRules.check(image, FILE, findings, Expected::ofDiagnostic, Companions.NONE);
    findings.all().forEach(Expected::ofFinding);
  }

  /** The text is refused as malformed, or read; and a second time the same comes of it. */
  static void ofText(byte[] input, Reading reading) {
    String text = new String(input, StandardCharsets.UTF_8);
    require(
        outcome(text, reading).equals(outcome(text, reading)), "a second reading finds the same");
  }

  private static List<Object> outcome(String text, Reading reading) {
    var outcome = new ArrayList<Object>();
    var findings = new Findings();
    try {
      reading.read(
          text,
          new TextInFile(FILE, text),
          findings,
          diagnostic -> {
            ofDiagnostic(diagnostic);
            outcome.add(diagnostic);
          });
    } catch (MalformedException refused) {
      require(refused.offset() >= 0, "a refusal points into the text");
      outcome.add(refused.what());
    }
    findings.all().forEach(Expected::ofFinding);
    outcome.addAll(findings.all());
    return outcome;
  }

  static void ofFinding(Finding finding) {
    ofLine(finding.found());
  }

  static void ofDiagnostic(Diagnostic diagnostic) {
    ofLine(diagnostic.what());
    ofLine(diagnostic.why());
    ofLine(diagnostic.fix());
  }

  /** One line, in which nothing is left that a terminal would take for more than text. */
  private static void ofLine(String line) {
    require(line.indexOf('\n') < 0 && HostText.lines(line).equals(line), "a text is escaped");
  }

  static void require(boolean holds, String what) {
    if (!holds) {
      throw new AssertionError("this does not hold: " + what);
    }
  }
}
