package dev.remit.report;

import dev.remit.bytes.Bytes;
import dev.remit.diagnostic.ExitStatus;
import dev.remit.measurement.SevExpectation;
import dev.remit.plan.PlanDocument;
import tools.jackson.databind.node.ObjectNode;

/** Expected values: as text the one that was asked for, as JSON every step to it. */
public final class MeasureReport {
  private MeasureReport() {}

  /** The launch digest in hex. */
  public static Answer digest(SevExpectation expectation, SevExpectation.Candidate asked) {
    return new Answer(ExitStatus.DONE, asked.launchDigest().hex(), json(expectation, asked));
  }

  /**
   * The measurement of one launch in base64.
   *
   * @param measurement measure and nonce, 48 bytes
   */
  public static Answer measurement(
      SevExpectation expectation, SevExpectation.Candidate asked, Bytes measurement) {
    var json = json(expectation, asked);
    json.put("measurement", measurement.base64());
    return new Answer(ExitStatus.DONE, measurement.base64(), json);
  }

  private static ObjectNode json(SevExpectation expectation, SevExpectation.Candidate asked) {
    var json = Json.of("remit.measure/1");
    json.put("protection", expectation.protection().id());
    json.setAll(PlanDocument.expectation(expectation));
    json.put("launchDigest", asked.launchDigest().hex());
    return json;
  }
}
