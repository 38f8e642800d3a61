package dev.remit.image;

import dev.remit.bytes.Bytes;
import dev.remit.diagnostic.HostText;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Collectors;

/** What a region of an image is, as far as it can be read without a key. Nothing is judged here. */
public sealed interface Content {
  /** As people call it, with an article. */
  String title();

  /** All of them in one phrase. */
  static String titles(List<Content> contents) {
    return contents.stream().map(Content::title).distinct().collect(Collectors.joining(" and "));
  }

  /**
   * A qcow2 image (QEMU, docs/interop/qcow2.rst).
   *
   * @param snapshots earlier states of the disk that the file holds too, and Remit does not look
   *     into
   * @param backingFile that fills what this image leaves out
   * @param dataFile that holds the guest's data in place of this file
   * @param disk as the guest sees it; empty where it cannot be read without a key, or without
   *     another file that was not given. What such a file would fill is unknown and never taken for
   *     zeros, so that no part of the disk is told without it
   * @param stray where something plain lies in the file that is no part of the disk, in bytes
   */
  record Qcow2(
      int version,
      HostEncryption encryption,
      long snapshots,
      Optional<HostText> backingFile,
      Optional<HostText> dataFile,
      Optional<Region> disk,
      OptionalLong stray)
      implements Content {
    @Override
    public String title() {
      return "a qcow2 image";
    }
  }

  /** What QEMU decrypts on the host, whose key the host therefore has. */
  enum HostEncryption {
    NONE,
    AES,
    LUKS,
    UNKNOWN
  }

  /** A container that Remit does not look into: of a disk, such as VMDK, or a member of a RAID. */
  record OtherContainer(String title) implements Content {}

  /**
   * A partition table.
   *
   * @param flaws where its copies or entries contradict each other, one phrase each
   * @param between what lies outside all partitions and is not blank
   */
  record PartitionTable(
      String title, List<Partition> partitions, List<Region> between, List<String> flaws)
      implements Content {
    public PartitionTable {
      partitions = List.copyOf(partitions);
      between = List.copyOf(between);
      flaws = List.copyOf(flaws);
    }
  }

  /**
   * One entry of a partition table.
   *
   * @param number from 1, as the kernel counts
   * @param type by GUID in lower case, or by two hex digits in an MBR
   */
  record Partition(int number, String type, HostText name, Region region) {}

  /**
   * A LUKS volume whose header lies at its start.
   *
   * @param ciphers of its segments, in the kernel's notation
   * @param authenticated whether the guest notices a changed block
   * @param tokens the types of its tokens
   * @param weaknesses for which it does not protect what it holds, one phrase each
   * @param hints at what its owner should know
   */
  record Luks(
      int version,
      List<HostText> ciphers,
      boolean authenticated,
      List<HostText> tokens,
      List<String> weaknesses,
      List<Hint> hints)
      implements Content {
    public Luks {
      ciphers = List.copyOf(ciphers);
      tokens = List.copyOf(tokens);
      weaknesses = List.copyOf(weaknesses);
      hints = List.copyOf(hints);
    }

    @Override
    public String title() {
      return "a LUKS" + version + " volume";
    }
  }

  /**
   * The header of a LUKS volume in a file that ends with it: what it describes lies elsewhere.
   *
   * @param volume as far as the header tells
   */
  record LuksHeaderAlone(Luks volume) implements Content {
    @Override
    public String title() {
      return "a LUKS" + volume.version() + " header without its data";
    }
  }

  /** Something about a volume that a strong passphrase or a careful use makes up for; a phrase. */
  record Hint(About about, String what) {
    /** What a hint is about. */
    public enum About {
      PASSPHRASE,
      DISCARDS
    }
  }

  /**
   * A tree of dm-verity hashes.
   *
   * @param flaw why it vouches for nothing, a phrase
   */
  record Verity(HostText algorithm, int dataBlockSize, long dataBlocks, Optional<String> flaw)
      implements Content {
    @Override
    public String title() {
      return "a tree of dm-verity hashes";
    }
  }

  /** What a tree of dm-verity hashes in the same image is over, beside what it is else. */
  record UnderVerity() implements Content {
    @Override
    public String title() {
      return "data under a tree of dm-verity hashes";
    }
  }

  /**
   * An LVM physical volume.
   *
   * @param volumes what its logical volumes hold; one that does not lie in it, in plain order, is
   *     malformed. What is free and not blank is among them
   */
  record Lvm(List<Region> volumes) implements Content {
    public Lvm {
      volumes = List.copyOf(volumes);
    }

    @Override
    public String title() {
      return "an LVM physical volume";
    }
  }

  /**
   * A swap area.
   *
   * @param hibernated whether it holds the memory of a machine that sleeps
   */
  record Swap(boolean hibernated) implements Content {
    @Override
    public String title() {
      return hibernated ? "a hibernation image" : "a swap area";
    }
  }

  /**
   * A file system.
   *
   * @param title with an article
   * @param labels every volume label that it carries, trimmed
   * @param files empty where Remit does not read this kind
   * @param programs those among the files that a firmware starts, with what is in them
   */
  record FileSystem(
      String title, List<HostText> labels, Optional<FileTree> files, List<Program> programs)
      implements Content {
    public FileSystem {
      labels = List.copyOf(labels);
      programs = List.copyOf(programs);
    }

    /** Without programs. */
    public FileSystem(String title, List<HostText> labels, Optional<FileTree> files) {
      this(title, labels, files, List.of());
    }
  }

  /** A program in a file of a file system. */
  record Program(HostText path, Region region) {}

  /** An initial RAM disk: archives one after the other, compressed or not. */
  record Initrd(FileTree files) implements Content {
    @Override
    public String title() {
      return "an initial RAM disk";
    }
  }

  /**
   * A unified kernel image: a PE file with Linux in it, or an addon to one.
   *
   * @param sections by name, in their order in the file
   * @param cmdlines of every section of that name: each profile may have one of its own
   * @param initrds what the sections for the kernel's initial RAM disk hold, microcode included
   */
  record Uki(List<HostText> sections, List<HostText> cmdlines, List<Region> initrds)
      implements Content {
    public Uki {
      sections = List.copyOf(sections);
      cmdlines = List.copyOf(cmdlines);
      initrds = List.copyOf(initrds);
    }

    @Override
    public String title() {
      return sections.contains(new HostText(".linux"))
          ? "a unified kernel image"
          : "an addon of a unified kernel image";
    }
  }

  /**
   * A Linux kernel for x86 by itself.
   *
   * @param release what it says of its version and its build
   */
  record Kernel(Optional<HostText> release) implements Content {
    @Override
    public String title() {
      return "a Linux kernel";
    }
  }

  /** An IGVM file: the state in which a guest starts. */
  record Igvm() implements Content {
    @Override
    public String title() {
      return "an IGVM file";
    }
  }

  /**
   * An image for IBM Secure Execution.
   *
   * @param dumps whether the guest's memory may be dumped, encrypted
   * @param plain whether kernel, initrd and command line are not encrypted
   */
  record SecureExecution(boolean dumps, boolean plain) implements Content {
    @Override
    public String title() {
      return "an image for IBM Secure Execution";
    }
  }

  /** The document whose digest evidence names, on a disk for the guest's agent. */
  record Initdata(Bytes document) implements Content {
    @Override
    public String title() {
      return "a disk with initdata";
    }
  }

  /** A program for the firmware, such as a boot loader. */
  record EfiProgram() implements Content {
    @Override
    public String title() {
      return "an EFI program";
    }
  }

  /** A catalogue of what the firmware may boot from a CD (El Torito), with what it names. */
  record BootCatalogue(List<Region> images) implements Content {
    public BootCatalogue {
      images = List.copyOf(images);
    }

    @Override
    public String title() {
      return "an El Torito boot catalogue";
    }
  }

  /** Other encrypted or checked storage, such as BitLocker or dm-integrity. */
  record OtherProtection(String title) implements Content {}

  /** Nothing but zeros. */
  record Blank() implements Content {
    @Override
    public String title() {
      return "blank";
    }
  }

  /**
   * No format that Remit knows.
   *
   * @param looksRandom whether samples look like encrypted data, or compressed: a hint, no more
   */
  record Opaque(boolean looksRandom) implements Content {
    @Override
    public String title() {
      return looksRandom ? "unknown data that looks random" : "unknown data";
    }
  }

  /**
   * What claims to be of a format and breaks its rules, or asks for more than Remit gives.
   *
   * @param format as people call it, with an article
   * @param offset where, in bytes from the start of the region
   * @param what the rule that does not hold, a phrase
   */
  record Malformed(String format, long offset, String what) implements Content {
    @Override
    public String title() {
      return format + " that cannot be read";
    }
  }
}
