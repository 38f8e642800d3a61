/** Every decision of a launch, made before anything is touched. */
@NullMarked
package dev.remit.plan;

import org.jspecify.annotations.NullMarked;
