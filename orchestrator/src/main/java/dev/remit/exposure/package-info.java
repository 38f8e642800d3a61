/** What a host can read, change or weaken, and where a sign of it can be seen. */
@NullMarked
package dev.remit.exposure;

import org.jspecify.annotations.NullMarked;
