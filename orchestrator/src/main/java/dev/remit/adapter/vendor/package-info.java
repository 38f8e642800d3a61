/** The services of processor vendors. */
@NullMarked
package dev.remit.adapter.vendor;

import org.jspecify.annotations.NullMarked;
