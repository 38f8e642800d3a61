/** R: the vendor keys that are believed without proof. */
@NullMarked
package dev.remit.root;

import org.jspecify.annotations.NullMarked;
