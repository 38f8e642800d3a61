/** What a host could read or change: one rule for each entry of the catalogue that can be seen. */
@NullMarked
package dev.remit.exposure;

import org.jspecify.annotations.NullMarked;
