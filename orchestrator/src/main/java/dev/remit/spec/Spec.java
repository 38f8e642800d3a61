package dev.remit.spec;

import dev.remit.bytes.Bytes;
import dev.remit.diagnostic.Location;
import dev.remit.platform.ChipId;
import dev.remit.platform.CpuModel;
import dev.remit.platform.Generation;
import dev.remit.platform.Protection;
import dev.remit.platform.SevPolicy;
import dev.remit.provisioning.SealedVolume;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;

/**
 * What the owner of a VM wrote, typed: document kind {@code ConfidentialVm}. Only {@link
 * SpecReader} knows all rules; a spec that it made breaks none.
 *
 * @param name 1 to 63 of a-z, 0-9 and hyphen
 * @param labels for people and scripts; in the order of their keys
 * @param secrets at least one: proof without a secret to release would change nothing
 * @param acknowledgments in force on the day of reading, each for a risk that this spec takes
 */
public record Spec(
    String name,
    Map<String, String> labels,
    Profile profile,
    Resources resources,
    Tee tee,
    TrustDemand trust,
    Boot boot,
    List<SecretReference> secrets,
    List<Disk> disks,
    Provisioning provisioning,
    Devices devices,
    List<Acknowledgment> acknowledgments) {
  public Spec {
    labels = Collections.unmodifiableMap(new TreeMap<>(labels));
    secrets = List.copyOf(secrets);
    if (secrets.isEmpty()) {
      throw new IllegalArgumentException("a guest is given at least one secret");
    }
    disks = List.copyOf(disks);
    acknowledgments = List.copyOf(acknowledgments);
  }

  /**
   * What the guest gets of the machine.
   *
   * @param vcpus 1 to 255
   * @param memoryBytes whole MiB
   */
  public record Resources(int vcpus, long memoryBytes, CpuModel cpuModel) {
    public Resources {
      if (vcpus < 1 || vcpus > 255 || memoryBytes < 1 || memoryBytes % (1 << 20) != 0) {
        throw new IllegalArgumentException("a guest has 1 to 255 vCPUs and whole MiB of memory");
      }
    }
  }

  /** The protection, and the policy that the processor enforces from the first instruction. */
  public record Tee(Protection protection, SevPolicy policy) {
    public Tee {
      if (policy.protection() != protection || !policy.noDebug()) {
        throw new IllegalArgumentException("the policy is for " + protection + " without debug");
      }
    }
  }

  /**
   * Which platforms may run the guest: those of a named generation, or the named chips. The reader
   * lets only one of the two be written; an empty list adds no platform, so that two deny all.
   */
  public record TrustDemand(Set<Generation> generations, List<ChipId> chips) {
    public TrustDemand {
      var ordered = EnumSet.noneOf(Generation.class);
      ordered.addAll(generations);
      generations = Collections.unmodifiableSet(ordered);
      chips = List.copyOf(chips);
    }
  }

  /**
   * What is measured.
   *
   * @param cmdline at most 2,047 printable ASCII characters, passed and measured exactly as written
   */
  public record Boot(InputFile firmware, InputFile kernel, InputFile initrd, String cmdline) {}

  /**
   * A file of the owner.
   *
   * @param path resolved against the folder of the document
   * @param digest SHA-256, 32 bytes
   * @param at where the document names it
   */
  public record InputFile(Path path, Optional<Bytes> digest, Location at) {
    public InputFile {
      if (digest.isPresent() && digest.get().size() != 32) {
        throw new IllegalArgumentException("a digest of SHA-256 has 32 bytes");
      }
    }
  }

  /**
   * A secret by reference: its value is never in a document.
   *
   * @param file that holds the value, to the last byte
   * @param guid under which the guest finds it in the launch secret
   */
  public record SecretReference(String name, Path file, UUID guid, Location at) {}

  /**
   * A disk that the guest opens itself, by LUKS2.
   *
   * @param file the encrypted data; it changes while the guest runs, and so has no digest
   * @param header the detached LUKS header, which must not lie where the host can swap it
   */
  public record Disk(String name, InputFile file, InputFile header, Location at) {
    public Disk {
      if (file.digest().isPresent()) {
        throw new IllegalArgumentException("a disk that the guest writes to has no digest");
      }
    }
  }

  /** How the guest gets its configuration. */
  public sealed interface Provisioning {
    /** It needs none. */
    record None() implements Provisioning {}

    /** It is in the measured files or on the encrypted disk. */
    record InImage() implements Provisioning {}

    /**
     * It travels on a volume of its own. The reader lists that volume last among the disks and its
     * key last among the secrets.
     *
     * @param userData in clear, at its owner's; named where it is sealed and judged, never sent
     * @param volume where sealing writes what is sent
     */
    record Sealed(Path userData, SealedVolume volume, Location at) implements Provisioning {}

    /** The words for it. */
    enum Mode {
      NONE("none"),
      IN_IMAGE("in-image"),
      SEALED("sealed");

      private final String id;

      Mode(String id) {
        this.id = id;
      }

      /** As written in a spec. */
      public String id() {
        return id;
      }
    }
  }

  public record Devices(Console console) {}

  /** What becomes of the guest's serial console. */
  public enum Console {
    NONE("none"),
    /** The host writes it to a file, and so reads it. */
    SERIAL("serial");

    private final String id;

    Console(String id) {
      this.id = id;
    }

    /** As written in a spec. */
    public String id() {
      return id;
    }
  }

  /**
   * The owner's word that a risk is taken.
   *
   * @param reason in the owner's words; printed with every verdict
   * @param until the last day on which it counts
   */
  public record Acknowledgment(Risk risk, String reason, LocalDate until, Location at) {}
}
