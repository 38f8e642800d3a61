/** Commands and exit status: the only code that talks to a person. */
@NullMarked
package dev.remit.cli;

import org.jspecify.annotations.NullMarked;
