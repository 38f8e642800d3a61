package dev.remit.bytes;

import java.io.IOException;
import java.io.InputStream;

/** Octets that may be read from the start as often as wanted, too many to hold in memory. */
@FunctionalInterface
public interface ByteSource {
  /** The caller closes the stream. */
  InputStream open() throws IOException;
}
