package dev.remit.trust;

import dev.remit.diagnostic.Code;
import dev.remit.diagnostic.HostText;

/**
 * One question that an appraisal asked, and the answer. Its texts are one line each and harmless to
 * show, whatever went into them.
 *
 * @param code what it means when the check does not pass
 * @param subject what was checked, a few words
 * @param expected what would have passed, for display; never a secret
 * @param actual what was found, for display
 */
public record Check(
    Code code, Stage stage, String subject, Outcome outcome, String expected, String actual) {
  public Check {
    subject = HostText.line(subject);
    expected = HostText.line(expected);
    actual = HostText.line(actual);
  }
}
