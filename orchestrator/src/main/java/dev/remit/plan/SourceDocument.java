package dev.remit.plan;

import dev.remit.bytes.Bytes;
import java.nio.file.Path;

/**
 * A document that a plan was made from.
 *
 * @param path absolute
 * @param digest SHA-256 of its bytes, 32 bytes
 */
public record SourceDocument(Path path, Bytes digest) {}
