/** The tenant's own machine: files, the journal, randomness, the memory of this process. */
@NullMarked
package dev.remit.adapter.host;

import org.jspecify.annotations.NullMarked;
