package dev.remit.exposure;

/**
 * A text in which an entry shows, and its twin in which nothing else is different.
 *
 * @param id of the entry
 */
record TextCase(String id, String tripping, String passing) {
  @Override
  public String toString() {
    return id + ": " + tripping.strip().lines().reduce((first, last) -> last).orElse("");
  }
}
