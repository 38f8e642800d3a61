package dev.remit.exposure;

import java.util.Collection;
import java.util.EnumSet;
import java.util.Set;

/** Whether what an image holds is protected inside of the guest, as far as can be seen. */
public enum ImageVerdict {
  PLAIN("plain", "the host reads and changes it"),
  PARTLY_PLAIN("partly-plain", "the host reads and changes a part of it"),
  HOST_SIDE_ENCRYPTED("host-side-encrypted", "the host has the key, so that it is plain to it"),
  ENCRYPTED_UNAUTHENTICATED(
      "encrypted-unauthenticated",
      "encrypted by LUKS, if it is the guest that opens it; the host can put old or broken blocks"
          + " in place of new ones"),
  ENCRYPTED_AUTHENTICATED(
      "encrypted-authenticated",
      "encrypted by LUKS with integrity, if it is the guest that opens it"),
  VERITY("verity", "readable by the host, and unchanged where the guest checks the root hash"),
  UNKNOWN("unknown", "nobody can tell what protects it");

  private final String word;
  private final String meaning;

  ImageVerdict(String word, String meaning) {
    this.word = word;
    this.meaning = meaning;
  }

  public String word() {
    return word;
  }

  public String meaning() {
    return meaning;
  }

  /** Of a whole, by its parts, of which there is at least one. */
  static ImageVerdict of(Collection<ImageVerdict> parts) {
    Set<ImageVerdict> all = EnumSet.copyOf(parts);
    if (all.size() == 1) {
      return all.iterator().next();
    }
    if (all.contains(HOST_SIDE_ENCRYPTED)) {
      return HOST_SIDE_ENCRYPTED;
    }
    if (all.contains(UNKNOWN)) {
      return UNKNOWN;
    }
    if (all.contains(PLAIN) || all.contains(PARTLY_PLAIN)) {
      return PARTLY_PLAIN;
    }
    return all.contains(ENCRYPTED_UNAUTHENTICATED)
        ? ENCRYPTED_UNAUTHENTICATED
        : ENCRYPTED_AUTHENTICATED;
  }
}
