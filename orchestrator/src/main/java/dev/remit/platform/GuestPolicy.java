package dev.remit.platform;

/** What the owner forbids the host, enforced by the processor from the start of the launch. */
public sealed interface GuestPolicy permits SevPolicy {}
