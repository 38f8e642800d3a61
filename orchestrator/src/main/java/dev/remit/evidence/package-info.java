/** M: what the machine said, parsed byte by byte. No judgement. */
@NullMarked
package dev.remit.evidence;

import org.jspecify.annotations.NullMarked;
