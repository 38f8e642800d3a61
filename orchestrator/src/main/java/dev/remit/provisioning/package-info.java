/** User data that only the proven guest can read: what sealing writes, and what it takes. */
@NullMarked
package dev.remit.provisioning;

import org.jspecify.annotations.NullMarked;
