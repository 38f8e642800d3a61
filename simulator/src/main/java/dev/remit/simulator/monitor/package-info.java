/** The monitor between libvirt and QEMU, line by line. */
@NullMarked
package dev.remit.simulator.monitor;

import org.jspecify.annotations.NullMarked;
