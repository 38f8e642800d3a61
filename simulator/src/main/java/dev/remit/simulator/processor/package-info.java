/** What AMD's firmware does: launch sessions, launch contexts, measurement, launch secrets. */
@NullMarked
package dev.remit.simulator.processor;

import org.jspecify.annotations.NullMarked;
