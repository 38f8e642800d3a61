/** The nouns that all stages share. */
@NullMarked
package dev.remit.platform;

import org.jspecify.annotations.NullMarked;
