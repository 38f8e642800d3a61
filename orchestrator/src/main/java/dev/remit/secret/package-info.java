/** S: secrets and their envelopes. Sealing asks for a verdict that trusts. */
@NullMarked
package dev.remit.secret;

import org.jspecify.annotations.NullMarked;
