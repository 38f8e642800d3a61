/** What a firmware image can do, read from the table at its end. */
@NullMarked
package dev.remit.firmware;

import org.jspecify.annotations.NullMarked;
