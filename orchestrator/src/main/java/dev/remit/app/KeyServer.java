package dev.remit.app;

import dev.remit.adapter.vendor.KeyServerUrl;

/** Who is asked for a signed CEK that is not kept here. */
public sealed interface KeyServer {
  /** AMD, except about simulated chips. */
  record Amd() implements KeyServer {}

  /** One that the user named, about any chip. */
  record Named(KeyServerUrl url) implements KeyServer {}

  record Nobody() implements KeyServer {}
}
