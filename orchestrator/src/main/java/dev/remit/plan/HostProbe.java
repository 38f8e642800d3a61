package dev.remit.plan;

import dev.remit.diagnostic.Failure;

/** Asks a host what it can do. */
@FunctionalInterface
public interface HostProbe {
  HostFacts probe() throws Failure;
}
