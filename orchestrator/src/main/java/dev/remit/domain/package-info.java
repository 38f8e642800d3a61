/** The only code that knows libvirt's domain document. */
@NullMarked
package dev.remit.domain;

import org.jspecify.annotations.NullMarked;
