/** M: what the machine should say, computed from the owner's own files. */
@NullMarked
package dev.remit.measurement;

import org.jspecify.annotations.NullMarked;
