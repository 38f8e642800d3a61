package dev.remit.image;

import dev.remit.bytes.MalformedException;
import dev.remit.bytes.SeekableBytes;
import java.io.IOException;

/**
 * A layer proves malformed only while what lies in it is read. Whoever made the layer catches this;
 * to all others it is data that cannot be read.
 */
final class UnreadableLayerException extends IOException {
  private static final long serialVersionUID = 1;

  private final transient SeekableBytes layer;
  private final MalformedException reason;

  UnreadableLayerException(SeekableBytes layer, MalformedException reason) {
    super(reason.getMessage(), reason);
    this.layer = layer;
    this.reason = reason;
  }

  // The layer itself, not one that is equal.
  @SuppressWarnings("ReferenceEquality")
  boolean isOf(SeekableBytes other) {
    return layer == other;
  }

  MalformedException reason() {
    return reason;
  }
}
