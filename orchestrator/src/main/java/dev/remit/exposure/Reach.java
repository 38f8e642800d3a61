package dev.remit.exposure;

import java.util.Set;

/** Which technologies an entry of the catalogue is about. */
@FunctionalInterface
public interface Reach {
  Set<Technology> of(String id);
}
