package dev.remit.exposure;

import dev.remit.bytes.Bytes;
import dev.remit.diagnostic.Code;
import dev.remit.diagnostic.Diagnostic;
import dev.remit.diagnostic.HostText;
import dev.remit.diagnostic.Location;
import dev.remit.image.Companions;
import dev.remit.image.Content;
import dev.remit.image.FileTree;
import dev.remit.image.Region;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/** Rules over everything that an image can be taken for. */
public final class ImageRules {
  private static final String ESP = "c12a7328-f81f-11d2-ba4b-00a0c93ec93b";
  private static final Set<String> BOOT_CODE =
      Set.of("21686148-6449-6e6f-744e-656564454649", "9e1a2d38-c612-4316-aa26-8b49521e5a8b");
  private static final Set<String> ESP_IN_MBR = Set.of("ef");
  private static final Pattern NULL_CIPHER = Pattern.compile("(?i)|.*null.*");
  private static final String LOOK = "make an image that others can read too, or convert it to raw";

  /** Parts that cannot be read: whoever is told of so many has heard enough. */
  private static final int MOST_UNREADABLE = 100;

  private final String file;
  private final Findings findings;
  private final Consumer<Diagnostic> unreadable;
  private final Companions given;
  private int count;

  private ImageRules(
      String file, Findings findings, Consumer<Diagnostic> unreadable, Companions given) {
    this.file = file;
    this.findings = findings;
    this.unreadable =
        problem -> {
          count++;
          if (count <= MOST_UNREADABLE) {
            unreadable.accept(problem);
          }
        };
    this.given = given;
  }

  /**
   * Checks an image with all its layers; the verdict is empty for what is no disk, such as an
   * initrd.
   *
   * @param given the files that are given in one run, which the image may refer to
   */
  public static Optional<ImageVerdict> check(
      Region image,
      String file,
      Findings findings,
      Consumer<Diagnostic> unreadable,
      Companions given) {
    var rules = new ImageRules(file, findings, unreadable, given);
    var verdicts = rules.region(image, rules.new Spot(0, "", true), Role.DISK);
    if (rules.count > MOST_UNREADABLE) {
      unreadable.accept(rules.more());
    }
    if (isBlank(image)) {
      rules.blank();
      return Optional.of(ImageVerdict.UNKNOWN);
    }
    return verdicts.isEmpty() ? Optional.empty() : Optional.of(ImageVerdict.of(verdicts));
  }

  /** Whether nothing is in any of its layers. */
  private static boolean isBlank(Region region) {
    return region.contents().stream()
        .allMatch(content ->
            switch (content) {
              case Content.Blank _ -> true;
              case Content.Qcow2 qcow2 -> qcow2.disk().filter(ImageRules::isBlank).isPresent();
              case Content.PartitionTable table ->
                  table.flaws().isEmpty()
                      && table.between().stream().allMatch(ImageRules::isBlank)
                      && table.partitions().stream().allMatch(part -> isBlank(part.region()));
              case Content.Lvm lvm -> lvm.volumes().stream().allMatch(ImageRules::isBlank);
              case Content.OtherContainer _,
                  Content.Luks _,
                  Content.LuksHeaderAlone _,
                  Content.Verity _,
                  Content.UnderVerity _,
                  Content.Swap _,
                  Content.FileSystem _,
                  Content.Initrd _,
                  Content.Uki _,
                  Content.Kernel _,
                  Content.EfiProgram _,
                  Content.Igvm _,
                  Content.SecureExecution _,
                  Content.Initdata _,
                  Content.BootCatalogue _,
                  Content.OtherProtection _,
                  Content.Opaque _,
                  Content.Malformed _ ->
                  false;
            });
  }

  private Diagnostic more() {
    return Diagnostic.at(
        new Location.InFile(file),
        Code.IMAGE_UNREADABLE,
        "%d more parts of the image cannot be read".formatted(count - MOST_UNREADABLE),
        "only the first %d are listed".formatted(MOST_UNREADABLE),
        "see that the file is whole; what cannot be read cannot be called clean");
  }

  private void blank() {
    unreadable.accept(
        Diagnostic.at(
            new Location.InFile(file),
            Code.IMAGE_UNKNOWN,
            "nobody can tell what will protect the image: it is blank",
            "what a guest writes on it is plain to the host, unless the guest encrypts it",
            "give the image as the guest gets it, encrypted, or a copy that is whole"));
  }

  /** What a region is for, as far as what contains it says. */
  private enum Role {
    DISK,
    /** Beside an encrypted volume. */
    BESIDE_ENCRYPTED,
    ESP,
    BOOT_CODE,
    INITRD
  }

  /** A place in the image, and the layers on the way to it. */
  final class Spot {
    private final long offset;
    private final String way;
    private final boolean exact;

    /**
     * @param offset in the file
     * @param exact whether what lies in it has offsets of its own in the file
     */
    private Spot(long offset, String way, boolean exact) {
      this.offset = offset;
      this.way = way;
      this.exact = exact;
    }

    private Spot in(String part, long inside, boolean stillExact) {
      return new Spot(exact ? offset + inside : offset, way + part + ": ", exact && stillExact);
    }

    void add(String id, String what) {
      findings.add(id, at(0), way + what);
    }

    void addLesser(String id, String what) {
      findings.addLesser(id, at(0), way + what);
    }

    void commandLine(String words) {
      KernelCommandLineRules.check(words, TextPlace.whole(at(0)), findings);
    }

    void userData(Bytes content, HostText path) {
      UserData.check(
          content,
          TextPlace.whole(at(0)),
          way + path + ": ",
          findings,
          broken -> malformed(path.toString(), 0, broken.what()));
    }

    void malformed(String what, long inside, String why) {
      unreadable.accept(
          Diagnostic.at(
              at(inside),
              Code.IMAGE_UNREADABLE,
              "a part of the image cannot be read: " + way + what,
              why,
              "see that the file is whole; what cannot be read cannot be called clean"));
    }

    private void unknown(String what) {
      unreadable.accept(
          Diagnostic.at(
              at(0),
              Code.IMAGE_UNKNOWN,
              "nobody can tell what protects a part of the image: " + way + what,
              "it has no mark of a format that Remit looks into, and what looks random is not"
                  + " therefore encrypted",
              LOOK));
    }

    private Location at(long inside) {
      return new Location.InBytes(file, exact ? offset + inside : offset);
    }
  }

  private List<ImageVerdict> region(Region region, Spot spot, Role role) {
    var verdicts = new ArrayList<ImageVerdict>();
    for (var content : region.contents()) {
      verdicts.addAll(content(content, region, spot, role));
    }
    return verdicts;
  }

  private List<ImageVerdict> content(Content content, Region region, Spot spot, Role role) {
    return switch (content) {
      case Content.Qcow2 qcow2 -> qcow2(qcow2, spot, role);
      case Content.OtherContainer other -> {
        spot.unknown(other.title());
        yield List.of(ImageVerdict.UNKNOWN);
      }
      case Content.PartitionTable table -> partitions(table, spot);
      case Content.Luks luks -> {
        luks(luks, luks.title(), spot);
        yield List.of(word(luks));
      }
      case Content.LuksHeaderAlone header -> {
        luks(header.volume(), header.title(), spot);
        yield List.of(ImageVerdict.HEADER_ALONE);
      }
      case Content.Verity verity -> {
        if (verity.flaw().isPresent()) {
          spot.malformed(verity.title(), 0, verity.flaw().get());
          yield List.of(ImageVerdict.UNKNOWN);
        }
        yield List.of(ImageVerdict.VERITY);
      }
      case Content.UnderVerity _ -> List.of();
      case Content.Lvm lvm -> {
        var verdicts = new ArrayList<ImageVerdict>();
        for (var volume : lvm.volumes()) {
          verdicts.addAll(
              region(volume, spot.in("a logical volume", volume.offset(), false), role));
        }
        yield verdicts;
      }
      case Content.Swap swap -> {
        spot.add("DISK-11", swap.title());
        if (swap.hibernated()) {
          spot.add("FW-19", swap.title());
        }
        yield List.of(ImageVerdict.PLAIN);
      }
      case Content.FileSystem fileSystem -> fileSystem(fileSystem, region, spot, role);
      case Content.Initrd initrd -> {
        InitrdRules.check(initrd.files(), spot);
        yield List.of();
      }
      case Content.Uki uki -> {
        uki.cmdlines().forEach(words -> spot.commandLine(words.raw()));
        for (var initrd : uki.initrds()) {
          region(initrd, spot.in("its initrd", initrd.offset(), true), Role.INITRD);
        }
        yield program(uki, spot);
      }
      case Content.Kernel _, Content.EfiProgram _ -> program(content, spot);
      case Content.Igvm igvm -> {
        spot.add("FW-23", igvm.title());
        yield List.of();
      }
      case Content.SecureExecution image -> {
        if (image.plain()) {
          spot.add("POL-40", image.title() + " that is not encrypted");
        }
        if (image.dumps()) {
          spot.addLesser("POL-40", image.title() + " that allows dumps");
        }
        yield List.of();
      }
      case Content.Initdata initdata -> {
        ServiceFiles.checkInitdata(initdata.document(), spot);
        yield List.of();
      }
      case Content.BootCatalogue catalogue -> {
        var verdicts = new ArrayList<ImageVerdict>();
        for (var image : catalogue.images()) {
          verdicts.addAll(region(image, spot.in("a boot image", image.offset(), true), Role.ESP));
        }
        yield verdicts;
      }
      case Content.OtherProtection other -> {
        spot.unknown(other.title());
        yield List.of(ImageVerdict.UNKNOWN);
      }
      case Content.Blank _ -> List.of();
      case Content.Opaque opaque -> opaque(opaque, spot, role);
      case Content.Malformed malformed -> {
        spot.malformed(malformed.format(), malformed.offset(), malformed.what());
        yield List.of(ImageVerdict.UNKNOWN);
      }
    };
  }

  /** By itself it is no disk; on one it is what the disk shows. */
  private static List<ImageVerdict> program(Content program, Spot spot) {
    if (spot.way.isEmpty()) {
      return List.of();
    }
    spot.add("FW-24", program.title());
    return List.of(ImageVerdict.PLAIN);
  }

  private List<ImageVerdict> opaque(Content.Opaque opaque, Spot spot, Role role) {
    return switch (role) {
      // A boot image of a CD may be code that no format describes.
      case BOOT_CODE, ESP -> {
        spot.add("FW-24", "code of a boot loader");
        yield List.of(ImageVerdict.PLAIN);
      }
      case DISK, BESIDE_ENCRYPTED, INITRD -> {
        spot.unknown(opaque.title());
        yield List.of(ImageVerdict.UNKNOWN);
      }
    };
  }

  private List<ImageVerdict> qcow2(Content.Qcow2 qcow2, Spot spot, Role role) {
    qcow2.backingFile().ifPresent(name -> otherFile("backing file", name, spot));
    qcow2.dataFile().ifPresent(name -> otherFile("data file", name, spot));
    if (qcow2.snapshots() > 0) {
      spot.add("DISK-15", qcow2.snapshots() + " snapshots inside of the image");
    }
    var verdicts = new ArrayList<ImageVerdict>();
    switch (qcow2.encryption()) {
      case NONE -> {}
      case AES, LUKS -> {
        spot.add("DISK-02", "a qcow2 image that QEMU decrypts");
        verdicts.add(ImageVerdict.HOST_SIDE_ENCRYPTED);
      }
      case UNKNOWN -> {
        spot.add("DISK-02", "a qcow2 image with an encryption that nobody knows");
        verdicts.add(ImageVerdict.UNKNOWN);
      }
    }
    if (qcow2.stray().isPresent()) {
      spot.malformed(
          qcow2.title(),
          qcow2.stray().getAsLong(),
          "something plain lies there, to which no table of it refers");
      verdicts.add(ImageVerdict.UNKNOWN);
    }
    if (qcow2.disk().isPresent()) {
      var disk = qcow2.disk().get();
      verdicts.addAll(region(disk, spot.in("the disk in qcow2", 0, false), role));
    } else if (verdicts.isEmpty()) {
      verdicts.add(ImageVerdict.UNKNOWN);
    }
    return verdicts;
  }

  private void otherFile(String kind, HostText name, Spot spot) {
    spot.add(
        "DISK-13",
        "the %s \"%s\"%s"
            .formatted(
                kind,
                name,
                given.named(name).isPresent() ? ", which was given and is checked" : ""));
  }

  private List<ImageVerdict> partitions(Content.PartitionTable table, Spot spot) {
    for (String flaw : table.flaws()) {
      spot.malformed(table.title(), 0, flaw);
    }
    boolean encrypted =
        table.partitions().stream()
            .flatMap(part -> part.region().contents().stream())
            .anyMatch(content -> content instanceof Content.Luks);
    var verdicts = new ArrayList<ImageVerdict>();
    if (!table.flaws().isEmpty()) {
      verdicts.add(ImageVerdict.UNKNOWN);
    }
    long first = Long.MAX_VALUE;
    for (var part : table.partitions()) {
      first = Math.min(first, part.region().offset());
      String type = part.type().toLowerCase(Locale.ROOT);
      var role =
          type.equals(ESP) || ESP_IN_MBR.contains(type)
              ? Role.ESP
              : BOOT_CODE.contains(type)
                  ? Role.BOOT_CODE
                  : encrypted ? Role.BESIDE_ENCRYPTED : Role.DISK;
      verdicts.addAll(
          region(
              part.region(),
              spot.in("partition " + part.number(), part.region().offset(), true),
              role));
    }
    for (var gap : table.between()) {
      boolean before = gap.offset() < first;
      verdicts.addAll(
          region(
              gap,
              spot.in("outside of all partitions", gap.offset(), true),
              before ? Role.BOOT_CODE : Role.DISK));
    }
    return verdicts;
  }

  private static void luks(Content.Luks luks, String title, Spot spot) {
    luks.weaknesses().forEach(weakness -> spot.add("DISK-04", title + ": " + weakness));
    if (isNull(luks) && luks.weaknesses().isEmpty()) {
      spot.add("DISK-04", title + ": the null cipher or none");
    }
    if (!luks.authenticated()) {
      spot.add("DISK-05", title + ": no integrity");
    }
    for (var hint : luks.hints()) {
      String id =
          switch (hint.about()) {
            case PASSPHRASE -> "DISK-10";
            case DISCARDS -> "DISK-14";
          };
      spot.add(id, title + ": " + hint.what());
    }
    for (var token : luks.tokens()) {
      String low = token.raw().toLowerCase(Locale.ROOT);
      if (low.contains("tpm2") || low.contains("clevis") || low.contains("fido2")) {
        spot.add("DISK-08", title + " with the token \"" + token + "\"");
      }
    }
  }

  private static boolean isNull(Content.Luks luks) {
    return luks.ciphers().isEmpty()
        || luks.ciphers().stream().anyMatch(c -> NULL_CIPHER.matcher(c.raw()).matches());
  }

  private static ImageVerdict word(Content.Luks luks) {
    if (isNull(luks)) {
      return ImageVerdict.PLAIN;
    }
    if (!luks.weaknesses().isEmpty()) {
      return ImageVerdict.UNKNOWN;
    }
    return luks.authenticated()
        ? ImageVerdict.ENCRYPTED_AUTHENTICATED
        : ImageVerdict.ENCRYPTED_UNAUTHENTICATED;
  }

  private List<ImageVerdict> fileSystem(
      Content.FileSystem fileSystem, Region region, Spot spot, Role role) {
    var inside = spot.in(fileSystem.title(), 0, true);
    SeedRules.checkLabels(fileSystem.labels(), inside);
    var files = fileSystem.files();
    boolean checked = isCovered(region);
    if (files.isEmpty()) {
      if (checked) {
        return List.of(ImageVerdict.VERITY);
      }
      spot.add("DISK-01", fileSystem.title() + ", into which Remit does not look");
      return List.of(ImageVerdict.PLAIN);
    }
    FileTree tree = files.get();
    SeedRules.checkFiles(tree, inside);
    BootFiles.check(tree, role == Role.ESP, inside);
    GuestFiles.check(tree, inside);
    for (var program : fileSystem.programs()) {
      long offset = program.region().offset();
      region(program.region(), inside.in(program.path().toString(), offset, false), Role.ESP);
    }
    if (checked) {
      return List.of(ImageVerdict.VERITY);
    }
    boolean root = GuestFiles.isRoot(tree);
    if (root) {
      spot.add("DISK-01", fileSystem.title() + " with the files of a system");
      spot.add("FW-18", fileSystem.title() + " with the files of a system, which nothing checks");
    } else if (role == Role.ESP) {
      BootFiles.firstOther(tree)
          .ifPresent(
              path -> inside.add("DISK-12", "the file " + path + ", which is not for booting"));
    } else if (role == Role.BESIDE_ENCRYPTED && !BootFiles.isBoot(tree)) {
      spot.add("DISK-12", fileSystem.title() + " beside an encrypted volume");
    } else if (!BootFiles.isBoot(tree)) {
      spot.addLesser("DISK-01", fileSystem.title());
    }
    return List.of(ImageVerdict.PLAIN);
  }

  private static boolean isCovered(Region region) {
    return region.contents().stream().anyMatch(content -> content instanceof Content.UnderVerity);
  }
}
