package dev.remit.plan;

import dev.remit.bytes.Bytes;
import java.nio.file.Path;

/**
 * A file that enters the launch digest.
 *
 * @param role as the spec calls it: firmware, kernel or initrd
 * @param size in bytes
 * @param digest SHA-256, 32 bytes
 */
public record MeasuredInput(String role, Path path, long size, Bytes digest) {}
