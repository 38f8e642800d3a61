package dev.remit.image;

import dev.remit.bytes.SeekableBytes;
import dev.remit.diagnostic.HostText;
import java.util.Optional;

/**
 * Other files of the same image, which its owner gave too. Remit opens no file because an image
 * names it: that would let an image choose what Remit reads.
 */
public interface Companions {
  Companions NONE = name -> Optional.empty();

  /** The file that its owner gave under the name by which an image asks for it. */
  Optional<SeekableBytes> named(HostText name);
}
