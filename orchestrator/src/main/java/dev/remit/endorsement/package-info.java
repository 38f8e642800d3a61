/** E: what vendors say about a chip or a platform, and whether they really said it. */
@NullMarked
package dev.remit.endorsement;

import org.jspecify.annotations.NullMarked;
