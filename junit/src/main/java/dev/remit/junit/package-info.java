/** A host for tests: stock libvirt and QEMU over a secure processor made of software. */
@NullMarked
package dev.remit.junit;

import org.jspecify.annotations.NullMarked;
