package dev.remit.exposure;

import dev.remit.diagnostic.Location;

/** Judges texts that describe a domain and that every reader of it sees: HOST-07. */
final class NamedText {
  private NamedText() {}

  /**
   * @param where it stands, a phrase
   */
  static void check(String where, String text, Location at, Findings findings) {
    var secrets = SecretText.find(text);
    if (!secrets.isEmpty()) {
      findings.add("HOST-07", at, where + " holds " + secrets.getFirst().kind() + ", hidden here");
    } else if (isUserData(text)) {
      findings.add("HOST-07", at, where + " holds user data for the guest");
    }
  }

  /** Whole, or a part of it in the middle of a text. */
  private static boolean isUserData(String text) {
    return UserData.isUserData(text)
        || text.stripLeading().startsWith("#ignition")
        || text.contains("\nruncmd:")
        || text.contains("\"ignition\":")
        || text.contains("ssh_authorized_keys:");
  }
}
