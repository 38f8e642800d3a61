/** Bad news in one shape: what is wrong, why, and what to do. */
@NullMarked
package dev.remit.diagnostic;

import org.jspecify.annotations.NullMarked;
