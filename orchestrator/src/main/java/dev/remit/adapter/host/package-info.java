/** The tenant's own machine: files, the journal, randomness. */
@NullMarked
package dev.remit.adapter.host;

import org.jspecify.annotations.NullMarked;
