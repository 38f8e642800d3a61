/** The states of a launch, and the ports it needs. */
@NullMarked
package dev.remit.launch;

import org.jspecify.annotations.NullMarked;
