/** A software secure processor under stock libvirt and QEMU. Never a security boundary. */
@NullMarked
package dev.remit.simulator;

import org.jspecify.annotations.NullMarked;
