/** Tests of the built programs. */
@NullMarked
package dev.remit.it;

import org.jspecify.annotations.NullMarked;
