package dev.remit.exposure;

import dev.remit.image.Region;

/**
 * An image in which an entry shows, and its twin in which nothing else is different.
 *
 * @param id of the entry
 */
record ImageCase(String id, String name, Region tripping, Region passing) {
  @Override
  public String toString() {
    return id + ": " + name;
  }
}
