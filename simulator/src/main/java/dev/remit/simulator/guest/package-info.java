/** What is measured of a guest: firmware tables, kernel hashes, registers of its CPUs. */
@NullMarked
package dev.remit.simulator.guest;

import org.jspecify.annotations.NullMarked;
