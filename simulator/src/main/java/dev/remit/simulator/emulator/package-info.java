/** What libvirt starts: arguments in, a real QEMU and its secure processor out. */
@NullMarked
package dev.remit.simulator.emulator;

import org.jspecify.annotations.NullMarked;
