/** Who the simulated platform is: keys and certificates in AMD's binary formats. */
@NullMarked
package dev.remit.simulator.identity;

import org.jspecify.annotations.NullMarked;
