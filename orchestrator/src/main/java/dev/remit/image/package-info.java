/** What a file is, parsed as if the host had written it. */
@NullMarked
package dev.remit.image;

import org.jspecify.annotations.NullMarked;
