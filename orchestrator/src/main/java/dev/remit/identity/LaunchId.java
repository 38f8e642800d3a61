package dev.remit.identity;

import java.util.UUID;

/** One attempt to launch one VM. Never used twice; it is the UUID of the domain too. */
public record LaunchId(UUID value) {
  @Override
  public String toString() {
    return value.toString();
  }
}
