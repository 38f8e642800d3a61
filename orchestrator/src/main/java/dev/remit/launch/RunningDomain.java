package dev.remit.launch;

import dev.remit.identity.LaunchId;

/** A guest that was proved, has its secret and runs. Only a {@link HeldDomain} makes one. */
public final class RunningDomain {
  private final LaunchId launchId;

  RunningDomain(LaunchId launchId) {
    this.launchId = launchId;
  }

  public LaunchId launchId() {
    return launchId;
  }
}
