/** Records to text and JSON, two views of the same thing. Decides nothing. */
@NullMarked
package dev.remit.report;

import org.jspecify.annotations.NullMarked;
