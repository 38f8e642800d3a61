/**
 * Targets for fuzzing: each takes any bytes, and the parser behind it must answer or refuse. A
 * target throws what no parser may throw.
 */
@NullMarked
package dev.remit.fuzz;

import org.jspecify.annotations.NullMarked;
