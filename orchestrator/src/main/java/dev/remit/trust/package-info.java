/** T: what the owner demands, and the only place that can say yes. */
@NullMarked
package dev.remit.trust;

import org.jspecify.annotations.NullMarked;
