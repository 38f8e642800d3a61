/** The two documents that a user writes, and their way from YAML to types. */
@NullMarked
package dev.remit.spec;

import org.jspecify.annotations.NullMarked;
