package dev.remit.trust;

import dev.remit.diagnostic.Code;

/**
 * One question that an appraisal asked, and the answer.
 *
 * @param code what it means when the check does not pass
 * @param subject what was checked, a few words
 * @param expected what would have passed, for display; never a secret
 * @param actual what was found, for display; text of a host is already escaped
 */
public record Check(
    Code code, Stage stage, String subject, Outcome outcome, String expected, String actual) {}
