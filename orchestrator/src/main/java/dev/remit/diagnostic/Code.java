package dev.remit.diagnostic;

import java.util.Arrays;
import java.util.Optional;

/** Every piece of bad news that has a page of its own in {@code docs/codes}. */
public enum Code {
  BUG("BUG-001", ExitStatus.BUG, "a bug in Remit"),
  INTERRUPTED("BUG-002", ExitStatus.INTERRUPTED, "interrupted"),
  WRONG_USAGE("USAGE-001", ExitStatus.USAGE, "wrong usage"),

  NOT_YAML("SPEC-001", ExitStatus.INPUT, "the file is not YAML"),
  DOCUMENT_TOO_LARGE("SPEC-002", ExitStatus.INPUT, "the document is too large or too deep"),
  WRONG_DOCUMENT("SPEC-003", ExitStatus.INPUT, "another kind or version of document"),
  DUPLICATE_KEY("SPEC-004", ExitStatus.INPUT, "a key stands twice"),
  UNKNOWN_KEY("SPEC-005", ExitStatus.INPUT, "a key that this document does not have"),
  MISSING_KEY("SPEC-006", ExitStatus.INPUT, "a required key is missing"),
  WRONG_TYPE("SPEC-007", ExitStatus.INPUT, "a value of another type"),
  WRONG_VALUE("SPEC-008", ExitStatus.INPUT, "a value that is not allowed"),
  NOT_FOR_THIS_TEE("SPEC-009", ExitStatus.INPUT, "a field that the chosen kind does not have"),
  SECRET_LITERAL("SPEC-010", ExitStatus.INPUT, "a secret written into the document"),
  ACKNOWLEDGMENT("SPEC-011", ExitStatus.INPUT, "an acknowledgment that does not count"),
  DUPLICATE_NAME("SPEC-012", ExitStatus.INPUT, "two things with one name"),
  CONTRADICTION("SPEC-013", ExitStatus.INPUT, "two fields that contradict each other"),
  NOT_ACKNOWLEDGED("SPEC-014", ExitStatus.INPUT, "a risk that must be acknowledged by name"),
  SIMULATOR_WITHOUT_ROOT("SPEC-015", ExitStatus.INPUT, "a simulator without its root named"),
  SIMULATED_HOST("SPEC-016", ExitStatus.INPUT, "profile production on a simulated host"),

  FILE_MISSING("FILE-001", ExitStatus.INPUT, "a file is not there or cannot be read"),
  DIGEST_DIFFERS("FILE-002", ExitStatus.INPUT, "a file has another digest"),
  KEY_FILE_READABLE("FILE-003", ExitStatus.INPUT, "others can read a file with a key"),
  INPUT_CHANGED("FILE-004", ExitStatus.INPUT, "an input changed after planning"),
  CANNOT_WRITE("FILE-005", ExitStatus.SYSTEM, "a file cannot be written"),
  NOT_A_PLAN("FILE-006", ExitStatus.INPUT, "the file is not a plan that this release can read"),
  UNKNOWN_FILE("FILE-007", ExitStatus.INPUT, "the file is nothing that Remit knows"),
  PART_UNREADABLE("FILE-008", ExitStatus.INPUT, "a part of a file cannot be read"),

  NOT_FIRMWARE("FW-001", ExitStatus.INPUT, "the file is not an OVMF image"),
  NO_HASH_TABLE("FW-002", ExitStatus.INPUT, "the firmware cannot check a kernel"),
  NO_SECRET_AREA("FW-003", ExitStatus.INPUT, "the firmware has no place for a secret"),
  NO_RESET_BLOCK("FW-004", ExitStatus.INPUT, "the firmware does not start vCPUs under SEV-ES"),

  NOT_LUKS("IMG-001", ExitStatus.INPUT, "the disk is not encrypted by LUKS2"),
  WEAK_LUKS("IMG-002", ExitStatus.INPUT, "the LUKS header does not protect the disk"),
  IMAGE_UNREADABLE("IMG-003", ExitStatus.INPUT, "a part of an image cannot be read"),
  IMAGE_UNKNOWN("IMG-004", ExitStatus.INPUT, "nobody can tell what protects an image"),

  EXPOSED("EXP-001", ExitStatus.INPUT, "the host could read or change this"),

  SECRET_TOO_LARGE("SEC-001", ExitStatus.INPUT, "the secrets do not fit"),
  SECRET_EMPTY("SEC-002", ExitStatus.INPUT, "a secret is empty"),

  NOT_SEALED("SEAL-001", ExitStatus.INPUT, "the user data is not sealed for this guest"),
  NOT_USER_DATA("SEAL-002", ExitStatus.INPUT, "the file is not user data"),
  CANNOT_SEAL("SEAL-003", ExitStatus.SYSTEM, "the sealed volume cannot be made"),

  NOT_ENDORSED("KEY-001", ExitStatus.UNDECIDED, "a platform's key without its endorsements"),
  PLACE_TAKEN("KEY-002", ExitStatus.INPUT, "something is in the place of new keys"),
  NOT_A_KEY("KEY-003", ExitStatus.INPUT, "a file is not the key that it should be"),
  REPORT_NOT_SIGNED("KEY-004", ExitStatus.REFUSED, "the PEK did not sign this report"),
  NOTHING_TO_COMPARE("KEY-005", ExitStatus.UNDECIDED, "a value has nothing to be compared with"),
  NOT_A_VMSA("KEY-006", ExitStatus.INPUT, "the file is not the page of a vCPU"),

  NO_SEV("HOST-001", ExitStatus.HOST, "the host does not offer SEV"),
  NO_SEV_ES("HOST-002", ExitStatus.HOST, "the host does not offer SEV-ES"),
  NO_EMULATOR("HOST-003", ExitStatus.HOST, "the emulator is not there"),
  HOST_TOO_OLD("HOST-004", ExitStatus.HOST, "libvirt is too old"),
  UNUSABLE_CHAIN("HOST-005", ExitStatus.HOST, "the host's certificate chain cannot be read"),
  MEMORY_OPEN("HOST-006", ExitStatus.HOST, "the memory of this process cannot be shut"),

  NO_LIBVIRT("VIRT-001", ExitStatus.SYSTEM, "libvirt is not there"),
  CANNOT_CONNECT("VIRT-002", ExitStatus.SYSTEM, "the host does not answer"),
  ROOT_IN_USE("VIRT-003", ExitStatus.SYSTEM, "another process holds the embedded root"),
  ROOT_TOO_LONG("VIRT-004", ExitStatus.HOST, "the path of the embedded root is too long"),
  URI_NOT_ALLOWED("VIRT-005", ExitStatus.INPUT, "a connection that Remit does not open"),
  CALL_FAILED("VIRT-006", ExitStatus.SYSTEM, "a call to libvirt failed"),
  DEADLINE("VIRT-007", ExitStatus.SYSTEM, "the host did not answer in time"),
  NAME_TAKEN("VIRT-008", ExitStatus.SYSTEM, "the host already has a domain of this name"),
  FIRMWARE_REFUSED("VIRT-009", ExitStatus.SYSTEM, "the secure processor refused the launch"),
  NO_SUCH_LAUNCH("VIRT-010", ExitStatus.INPUT, "Remit launched nothing of this name"),
  AMBIGUOUS_INJECTION("VIRT-011", ExitStatus.SYSTEM, "it is unknown whether the secret arrived"),
  JOURNAL_UNREADABLE("VIRT-012", ExitStatus.SYSTEM, "a journal of an earlier launch is unreadable"),
  UNDER_WAY("VIRT-013", ExitStatus.SYSTEM, "a launch of this name is under way"),
  ALREADY_RUNS("VIRT-014", ExitStatus.SYSTEM, "the guest runs already"),
  HAS_NOT_ENDED("VIRT-015", ExitStatus.SYSTEM, "the guest has not ended in time"),
  NO_CONSOLE("VIRT-016", ExitStatus.INPUT, "the guest has no console"),
  CONSOLE_UNREADABLE("VIRT-017", ExitStatus.SYSTEM, "the console's file cannot be read"),
  NO_DOCUMENTS("VIRT-018", ExitStatus.INPUT, "the journal names no documents"),

  ANCHOR("R-001", ExitStatus.REFUSED, "the root key is not pinned"),
  PINNED_DIFFERS("R-002", ExitStatus.REFUSED, "a supplied ASK or ARK is not the pinned one"),
  CHAIN("E-001", ExitStatus.REFUSED, "a signature of the platform's chain does not hold"),
  CEK_UNSIGNED("E-002", ExitStatus.UNDECIDED, "the CEK carries no signature of AMD"),
  OTHER_CHIP("E-003", ExitStatus.REFUSED, "the platform is another chip than its host says"),
  CEK_NOT_HAD("E-004", ExitStatus.UNDECIDED, "the signed CEK of a chip cannot be had"),
  CEK_UNPROVEN("E-005", ExitStatus.REFUSED, "a CEK is signed by no root that is believed"),
  CEK_DIFFERS("E-006", ExitStatus.REFUSED, "another CEK is known for the same chip"),
  MEASUREMENT("M-001", ExitStatus.REFUSED, "the launch measurement differs"),
  NOT_MEASURED("M-002", ExitStatus.REFUSED, "the running domain was never measured"),
  EVIDENCE_MALFORMED("M-003", ExitStatus.REFUSED, "the evidence is not in its format"),
  POLICY_DIFFERS("I-001", ExitStatus.REFUSED, "the reported policy is not the requested one"),
  SESSION("I-002", ExitStatus.REFUSED, "the evidence belongs to another launch"),
  FRESHNESS_NOT_JUDGED("I-003", ExitStatus.UNDECIDED, "freshness cannot be judged any more"),
  DEBUG_ALLOWED("T-001", ExitStatus.REFUSED, "the policy lets the host debug the guest"),
  GENERATION("T-002", ExitStatus.REFUSED, "the processor is not of a generation you named"),
  FIRMWARE_OLD("T-003", ExitStatus.REFUSED, "the SEV firmware is older than you demand"),
  CHIP("T-004", ExitStatus.REFUSED, "the chip is not one you named"),
  DOMAIN_DIFFERS("T-005", ExitStatus.REFUSED, "the live domain is not the one that was sent");

  private final String id;
  private final ExitStatus status;
  private final String title;

  Code(String id, ExitStatus status, String title) {
    this.id = id;
    this.status = status;
    this.title = title;
  }

  public String id() {
    return id;
  }

  /** With what the program ends when this is what stopped it. */
  public ExitStatus status() {
    return status;
  }

  public String title() {
    return title;
  }

  public static Optional<Code> ofId(String id) {
    return Arrays.stream(values()).filter(code -> code.id.equalsIgnoreCase(id)).findFirst();
  }
}
