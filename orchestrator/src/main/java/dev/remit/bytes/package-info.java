/** Octets: immutable ones, secret ones, and a reader that never runs past the end. */
@NullMarked
package dev.remit.bytes;

import org.jspecify.annotations.NullMarked;
