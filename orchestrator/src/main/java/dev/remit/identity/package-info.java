/** I: which VM and which launch. */
@NullMarked
package dev.remit.identity;

import org.jspecify.annotations.NullMarked;
