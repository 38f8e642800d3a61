package dev.remit.evidence;

/** What a machine presents to be believed. Each kind keeps its raw bytes. */
public sealed interface Evidence permits SevLaunchMeasurement {}
