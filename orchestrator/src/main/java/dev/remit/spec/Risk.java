package dev.remit.spec;

/** Something that the owner gives up, and may give up only by name, with a reason and an end. */
public enum Risk {
  NO_DISK_INTEGRITY(
      "no-disk-integrity",
      "the host can change or replay blocks of the disk, and the guest does not notice",
      true,
      Sign.DOCUMENT),
  HOST_READS_CONSOLE(
      "host-reads-console",
      "the host reads everything that the guest writes to its serial console",
      false,
      Sign.DOCUMENT),
  SEV_WITHOUT_ES(
      "sev-without-es",
      "the host reads and changes the guest's registers whenever a vCPU leaves it",
      false,
      Sign.DOCUMENT),
  SEV_KEY_SHARING(
      "sev-key-sharing",
      "another guest of the same owner may be given this guest's memory key",
      false,
      Sign.DOCUMENT),
  SEV_MIGRATION(
      "sev-migration",
      "the guest may be sent to a platform that nobody judged",
      false,
      Sign.DOCUMENT),
  // Zen 1 secure processors run code of whoever holds the board; keys of platforms were published.
  EXTRACTED_KEYS(
      "extracted-keys",
      "the platform keys of Naples have been extracted, so that software can pass for the chip",
      false,
      Sign.DOCUMENT),
  PUBLIC_CREDENTIAL_ON_CMDLINE(
      "public-credential-on-cmdline",
      "a credential on the command line is read by everybody who reads the domain document",
      false,
      Sign.CONTENT),
  ROOT_BY_LABEL(
      "root-by-label",
      "a disk that the host adds can carry the label by which the guest finds its root",
      false,
      Sign.CONTENT),
  PASSWORD_LOGIN(
      "password-login", "whoever owns the network may try passwords", false, Sign.CONTENT),
  UNAUTHENTICATED_FETCH(
      "unauthenticated-fetch",
      "the host's network decides what the guest fetches",
      false,
      Sign.CONTENT),
  IMAGE_OBEYS_HOST_PROVISIONING(
      "image-obeys-host-provisioning",
      "the guest obeys a configuration that the host may attach one day",
      false,
      Sign.CONTENT);

  /** Where it shows that a risk is taken. */
  public enum Sign {
    /** In the document alone. */
    DOCUMENT,
    /** In the command line, the user data or a file that the document names. */
    CONTENT
  }

  private final String id;
  private final String sentence;
  private final boolean inProduction;
  private final Sign sign;

  Risk(String id, String sentence, boolean inProduction, Sign sign) {
    this.id = id;
    this.sentence = sentence;
    this.inProduction = inProduction;
    this.sign = sign;
  }

  /** As written in a spec. */
  public String id() {
    return id;
  }

  /** What happens to whoever takes the risk: a phrase in lower case without a full stop. */
  public String sentence() {
    return sentence;
  }

  public Sign sign() {
    return sign;
  }

  public boolean mayBeAcknowledgedIn(Profile profile) {
    return switch (profile) {
      case PRODUCTION -> inProduction;
      case CI, LAB -> true;
    };
  }
}
