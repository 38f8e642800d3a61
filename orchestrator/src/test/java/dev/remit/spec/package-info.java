@NullMarked
package dev.remit.spec;

import org.jspecify.annotations.NullMarked;
