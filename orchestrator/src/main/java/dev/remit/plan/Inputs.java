package dev.remit.plan;

import dev.remit.bytes.Bytes;
import dev.remit.bytes.MalformedException;
import dev.remit.diagnostic.Code;
import dev.remit.diagnostic.Diagnostic;
import dev.remit.diagnostic.Failure;
import dev.remit.diagnostic.Location;
import dev.remit.exposure.Exposure;
import dev.remit.firmware.FirmwareDemands;
import dev.remit.firmware.FirmwareImage;
import dev.remit.image.LuksVolume;
import dev.remit.measurement.HashedFirmware;
import dev.remit.measurement.KernelHashes;
import dev.remit.measurement.PendingHash;
import dev.remit.measurement.SevExpectation;
import dev.remit.measurement.SevLaunchDigest;
import dev.remit.measurement.Sha256;
import dev.remit.measurement.VcpuState;
import dev.remit.provisioning.SealableText;
import dev.remit.provisioning.SealedVolume;
import dev.remit.provisioning.SeedArchive;
import dev.remit.secret.SecretTable;
import dev.remit.spec.Spec;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What the tenant's files are, and what a host must measure when it starts them.
 *
 * @param measured firmware, kernel and initrd, in this order
 * @param recipe what enters the launch digest, to compute it again with something changed
 * @param secretRoom bytes that a secret table may have in this firmware's area
 * @param seed the volume with sealed user data, where the spec has one
 * @param exposure what a host can still make of it
 */
public record Inputs(
    List<MeasuredInput> measured,
    SevLaunchDigest recipe,
    SevExpectation expectation,
    long secretRoom,
    Optional<SealedSeed> seed,
    Exposure exposure) {
  public Inputs {
    measured = List.copyOf(measured);
  }

  /** The same, with what the document for a host adds to the exposure. */
  Inputs with(Exposure whole) {
    return new Inputs(measured, recipe, expectation, secretRoom, seed, whole);
  }

  public MeasuredInput firmware() {
    return measured.get(0);
  }

  public MeasuredInput kernel() {
    return measured.get(1);
  }

  public MeasuredInput initrd() {
    return measured.get(2);
  }

  /** The problem with secrets of these sizes in bytes, where they do not fit together. */
  public Optional<Diagnostic> overflow(List<Integer> secretSizes) {
    return overflow(secretSizes, secretRoom);
  }

  private static Optional<Diagnostic> overflow(List<Integer> secretSizes, long room) {
    long needed = SecretTable.paddedSize(secretSizes);
    return needed <= room
        ? Optional.empty()
        : Optional.of(
            Diagnostic.of(
                Code.SECRET_TOO_LARGE,
                "the secrets take %d bytes and the firmware has room for %d"
                    .formatted(needed, room),
                "QEMU would write past the area, over the hashes of kernel and initrd",
                "inject a key, and keep what it unlocks on the encrypted disk"));
  }

  /** None where the firmware has no area, which is a problem of its own. */
  private static long secretRoom(FirmwareImage image) {
    return image.secretArea().map(area -> Math.min(area.size(), SecretTable.LARGEST)).orElse(0L);
  }

  /** Looks at every file that a spec names, and finds all that is wrong with them. */
  public static Planned<Inputs> examine(Spec spec, InputFiles files) {
    var examination = new Examination(spec, files);
    var found = examination.run();
    return examination.problems.isEmpty() && found.isPresent()
        ? new Planned.Ready<>(found.get())
        : new Planned.Impossible<>(examination.problems);
  }

  /** One pass over the files. */
  private static final class Examination {
    private final Spec spec;
    private final InputFiles files;
    private final List<Diagnostic> problems = new ArrayList<>();
    private final Optional<Spec.Provisioning.Sealed> sealed;

    Examination(Spec spec, InputFiles files) {
      this.spec = spec;
      this.files = files;
      this.sealed = sealed(spec);
    }

    Optional<Inputs> run() {
      var image = firmwareImage();
      boolean isSealed = sealed.isEmpty() || isSealed(sealed.get());
      // What the guest boots; where it is made of another one, that one is looked at with the seed.
      var initrdFile = sealed.map(Examination::initrdOf).orElse(spec.boot().initrd());
      // The largest of the three by far; the other two are hashed meanwhile.
      var initrdHash = isSealed ? begin(initrdFile) : Optional.<PendingHash>empty();
      var hashed = image.flatMap(this::hashedFirmware);
      var firmware =
          image.isPresent()
              ? hashed.flatMap(done -> measured("firmware", spec.boot().firmware(), done::digest))
              : measure("firmware", spec.boot().firmware());
      var kernel = measure("kernel", spec.boot().kernel());
      // Meanwhile too: it unpacks the initrd.
      var leaks = new LeakSearch(spec, files);
      leaks.run();
      var initrd = initrdHash.flatMap(hash -> measured("initrd", initrdFile, hash::await));
      examineSecrets(image, isSealed);
      spec.disks().stream()
          .filter(disk -> isSealed || !disk.name().equals(SealedVolume.NAME))
          .forEach(this::examineDisk);
      var seed =
          sealed.isPresent() && initrd.isPresent()
              ? seed(sealed.get(), initrd.get())
              : Optional.<SealedSeed>empty();
      problems.addAll(leaks.problems());
      if (hashed.isEmpty() || firmware.isEmpty() || kernel.isEmpty() || initrd.isEmpty()) {
        return Optional.empty();
      }
      var recipe =
          new SevLaunchDigest(
              spec.tee().protection(),
              hashed.get(),
              Optional.of(
                  new KernelHashes(
                      kernel.get().digest(),
                      initrd.get().digest(),
                      KernelHashes.ofCmdline(spec.boot().cmdline()))),
              new VcpuState.Started(
                  spec.resources().vcpus(), spec.resources().cpuModel().signature()));
      return Optional.of(
          new Inputs(
              List.of(firmware.get(), kernel.get(), initrd.get()),
              recipe,
              recipe.expectation(),
              secretRoom(image.orElseThrow()),
              seed,
              leaks.exposure()));
    }

    private static Optional<Spec.Provisioning.Sealed> sealed(Spec spec) {
      return switch (spec.provisioning()) {
        case Spec.Provisioning.None none -> Optional.empty();
        case Spec.Provisioning.InImage inImage -> Optional.empty();
        case Spec.Provisioning.Sealed found -> Optional.of(found);
      };
    }

    private static Spec.InputFile initrdOf(Spec.Provisioning.Sealed provisioning) {
      return new Spec.InputFile(
          provisioning.volume().initrd(), Optional.empty(), provisioning.at());
    }

    /** Whether the folder is there at all; judges the user data, which must stand its own test. */
    private boolean isSealed(Spec.Provisioning.Sealed provisioning) {
      try (var text = files.open(provisioning.userData())) {
        problems.addAll(SealableText.problems(provisioning.userData().toString(), text));
      } catch (Failure failure) {
        problems.add(failure.diagnostic());
      } catch (IOException cause) {
        problems.add(unreadable(provisioning.userData(), provisioning.at(), cause));
      }
      try (var image = files.open(provisioning.volume().image())) {
        if (image.size() == SealedVolume.SIZE) {
          return true;
        }
        problems.add(
            Diagnostic.at(
                provisioning.at(),
                Code.NOT_SEALED,
                provisioning.volume().image() + " is no volume that Remit sealed",
                "it has %d bytes, and each of them has %d"
                    .formatted(image.size(), SealedVolume.SIZE),
                "put the right file back, or run \"remit seal\" again"));
      } catch (Failure failure) {
        problems.add(
            Diagnostic.at(
                provisioning.at(),
                Code.NOT_SEALED,
                "the user data is not sealed yet",
                failure.diagnostic().what() + ": " + failure.diagnostic().why(),
                "run \"remit seal\" with this spec"));
      }
      return false;
    }

    /** The guest takes the volume and the header that the end of its measured initrd names. */
    private Optional<SealedSeed> seed(Spec.Provisioning.Sealed provisioning, MeasuredInput initrd) {
      var volume = provisioning.volume();
      var base = measure("initrd", spec.boot().initrd());
      if (base.isEmpty()) {
        return Optional.empty();
      }
      try (var header = files.open(volume.header())) {
        var imageDigest = Sha256.of(files.stream(volume.image()));
        var expected =
            Sha256.of(
                SeedArchive.appendedTo(
                    files.stream(spec.boot().initrd().path()),
                    base.get().size(),
                    SeedArchive.of(
                        header.read(0, (int) Math.min(header.size(), SealedVolume.LARGEST_HEADER)),
                        imageDigest)));
        if (!expected.equals(initrd.digest())) {
          problems.add(
              Diagnostic.at(
                  provisioning.at(),
                  Code.NOT_SEALED,
                  "the volume with the user data and its initrd do not belong together",
                  volume.initrd()
                      + " is not "
                      + spec.boot().initrd().path()
                      + " with the header and the digest of this volume: the guest would halt",
                  "something in "
                      + volume.folder()
                      + " or the initrd changed since: put it back, or run \"remit seal\" again"));
          return Optional.empty();
        }
        return Optional.of(new SealedSeed(volume, imageDigest));
      } catch (Failure failure) {
        // Told already, where disks are looked at.
        return Optional.empty();
      } catch (IOException cause) {
        problems.add(unreadable(volume.image(), provisioning.at(), cause));
        return Optional.empty();
      }
    }

    private Optional<FirmwareImage> firmwareImage() {
      Path path = spec.boot().firmware().path();
      try (var file = files.open(path)) {
        var image = FirmwareImage.parse(file);
        var unmet =
            new FirmwareDemands(spec.tee().protection(), true, true)
                .unmetBy(image, path.toString());
        problems.addAll(unmet);
        return unmet.isEmpty() ? Optional.of(image) : Optional.empty();
      } catch (Failure failure) {
        // The same file fails again, and is reported, when it is measured.
        return Optional.empty();
      } catch (MalformedException malformed) {
        problems.add(FirmwareDemands.notFirmware(path.toString(), malformed));
      } catch (IOException cause) {
        problems.add(unreadable(spec.boot().firmware(), cause));
      }
      return Optional.empty();
    }

    private Optional<HashedFirmware> hashedFirmware(FirmwareImage image) {
      var input = spec.boot().firmware();
      try {
        return Optional.of(HashedFirmware.of(image, files.stream(input.path())));
      } catch (Failure failure) {
        problems.add(failure.diagnostic());
      } catch (IOException cause) {
        problems.add(unreadable(input, cause));
      }
      return Optional.empty();
    }

    private Optional<PendingHash> begin(Spec.InputFile input) {
      try {
        return Optional.of(PendingHash.of(files.stream(input.path())));
      } catch (Failure failure) {
        problems.add(failure.diagnostic());
        return Optional.empty();
      }
    }

    private Optional<MeasuredInput> measure(String role, Spec.InputFile input) {
      try {
        var content = files.stream(input.path());
        return measured(role, input, () -> Sha256.of(content));
      } catch (Failure failure) {
        problems.add(failure.diagnostic());
        return Optional.empty();
      }
    }

    private Optional<MeasuredInput> measured(String role, Spec.InputFile input, Hash hash) {
      try (var file = files.open(input.path())) {
        var digest = hash.compute();
        if (input.digest().isPresent() && !input.digest().get().equals(digest)) {
          problems.add(
              Diagnostic.at(
                  input.at(),
                  Code.DIGEST_DIFFERS,
                  role + " " + input.path() + " has another digest than the spec",
                  "the spec says sha256:%s and the file has sha256:%s"
                      .formatted(input.digest().get().hex(), digest.hex()),
                  "put the right file there, or the new digest into the spec if you made the file"));
          return Optional.empty();
        }
        return Optional.of(new MeasuredInput(role, input.path(), file.size(), digest));
      } catch (Failure failure) {
        problems.add(failure.diagnostic());
      } catch (IOException cause) {
        problems.add(unreadable(input, cause));
      }
      return Optional.empty();
    }

    /** Where a file's hash comes from. */
    private interface Hash {
      Bytes compute() throws IOException;
    }

    private void examineSecrets(Optional<FirmwareImage> image, boolean isSealed) {
      var sizes = new ArrayList<Integer>();
      for (var secret : spec.secrets()) {
        if (!isSealed && secret.guid().equals(SealedVolume.SECRET)) {
          continue;
        }
        try {
          long size = files.secretSize(secret.file());
          if (size == 0) {
            problems.add(
                Diagnostic.at(
                    secret.at(),
                    Code.SECRET_EMPTY,
                    "secret " + secret.name() + " is empty",
                    secret.file() + " has no content",
                    "write the key into the file, without a line end unless it is part of it"));
          }
          sizes.add((int) Math.min(size, Integer.MAX_VALUE));
        } catch (Failure failure) {
          problems.add(failure.diagnostic());
        }
      }
      if (image.isPresent() && sizes.size() == spec.secrets().size()) {
        overflow(sizes, secretRoom(image.get())).ifPresent(problems::add);
      }
    }

    private void examineDisk(Spec.Disk disk) {
      try (var data = files.open(disk.file().path());
          var header = files.open(disk.header().path())) {
        problems.addAll(
            LuksVolume.detached(
                    disk.header().path().toString(), header, disk.file().path().toString(), data)
                .problems());
      } catch (Failure failure) {
        problems.add(failure.diagnostic());
        return;
      } catch (IOException cause) {
        problems.add(unreadable(disk.file(), cause));
        return;
      }
      measure("header", disk.header());
    }

    private static Diagnostic unreadable(Spec.InputFile input, IOException cause) {
      return unreadable(input.path(), input.at(), cause);
    }

    private static Diagnostic unreadable(Path file, Location at, IOException cause) {
      return Diagnostic.brokenFile(at, file.toString(), cause);
    }
  }

  Map<String, Bytes> launchDigests() {
    return launchDigests(expectation);
  }

  /** The launch digests under the names by which a verdict calls them. */
  public static Map<String, Bytes> launchDigests(SevExpectation expectation) {
    var named = new TreeMap<String, Bytes>();
    for (var candidate : expectation.candidates()) {
      named.put(
          candidate
              .vcpus()
              .map(vcpus -> vcpus.flavour().orElseThrow().id() + " vCPU state")
              .orElse("launch digest"),
          candidate.launchDigest());
    }
    return named;
  }
}
