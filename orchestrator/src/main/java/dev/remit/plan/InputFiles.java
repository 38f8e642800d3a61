package dev.remit.plan;

import dev.remit.bytes.ByteSource;
import dev.remit.bytes.Bytes;
import dev.remit.bytes.SeekableBytes;
import dev.remit.diagnostic.Failure;
import java.nio.file.Path;

/** The tenant's files. A {@link Failure} says which one cannot be read, and why. */
public interface InputFiles {
  /** The whole content, which may be large. Its reader meets {@code IOException}s of its own. */
  ByteSource stream(Path file) throws Failure;

  /** Access to any part. The caller closes it. */
  OpenFile open(Path file) throws Failure;

  /** The whole content of a small file: fails where it has more than {@code limit} bytes. */
  Bytes read(Path file, int limit) throws Failure;

  /** Size in bytes of a file with a secret; fails where others than its owner may read it. */
  long secretSize(Path file) throws Failure;

  /** A file that stays open while parts of it are read. */
  interface OpenFile extends SeekableBytes, AutoCloseable {
    @Override
    void close();
  }
}
