package dev.remit.exposure;

import java.util.Set;

/**
 * A document with one sign of an entry, and its twin without it.
 *
 * @param trips the whole document, in which the rule finds the entry
 * @param passes the whole twin, in which it does not
 * @param others entries that the first one trips too, because they are about the same thing
 */
record RuleCase(String id, String trips, String passes, Set<String> others) {}
