package dev.remit.secret;

import dev.remit.identity.LaunchId;

/** Secrets that only the one guest of one launch can open. */
public sealed interface SealedSecret permits SevLaunchSecret {
  LaunchId launchId();
}
