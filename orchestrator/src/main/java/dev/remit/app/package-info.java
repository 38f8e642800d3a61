/** The composition root: what the commands and other programs both start. */
@NullMarked
package dev.remit.app;

import org.jspecify.annotations.NullMarked;
