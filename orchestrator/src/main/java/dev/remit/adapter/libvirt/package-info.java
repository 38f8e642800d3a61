/** Domains, launch security and capabilities of a host, through libvirt. */
@NullMarked
package dev.remit.adapter.libvirt;

import org.jspecify.annotations.NullMarked;
