/** The little JSON that a monitor and a command line need. */
@NullMarked
package dev.remit.simulator.json;

import org.jspecify.annotations.NullMarked;
