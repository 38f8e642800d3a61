package dev.remit.trust;

import java.time.LocalDate;

/**
 * A risk that the owner takes on by name. Only risks that the spec lets him acknowledge; the chain,
 * the measurement, the session, the guest policy and debug are not among them.
 */
public record Waiver(String risk, String reason, LocalDate until) {}
