package dev.remit.cli;

import dev.remit.adapter.host.AtomicFolder;
import dev.remit.adapter.host.SeedMaker;
import dev.remit.app.Remit;
import dev.remit.bytes.Bytes;
import dev.remit.diagnostic.BadInput;
import dev.remit.diagnostic.Code;
import dev.remit.diagnostic.Diagnostic;
import dev.remit.diagnostic.Failure;
import dev.remit.image.LuksVolume;
import dev.remit.measurement.Sha256;
import dev.remit.plan.InputFiles;
import dev.remit.plan.LeakSearch;
import dev.remit.provisioning.SealableText;
import dev.remit.provisioning.SealedVolume;
import dev.remit.provisioning.SeedArchive;
import dev.remit.report.Answer;
import dev.remit.report.SealReport;
import dev.remit.spec.Spec;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "seal",
    description = {
      "Encrypt the user data of a spec for its guest, on a volume whose key is a launch secret.",
      "Writes the volume, its header, its key, and the guest's initrd with header and digest of"
          + " the volume in it: what the guest boots, and what is measured."
    })
final class SealCommand extends RemitCommand {
  private static final int KEY_SIZE = 32;
  private static final int ID_SIZE = 8;

  @Parameters(index = "0", paramLabel = "SPEC", description = "The VM's document.")
  Path specFile = Path.of("");

  @Option(
      names = "--out",
      paramLabel = "FOLDER",
      description =
          "Made for the files, readable by its owner only; never overwritten. Not given: the one"
              + " that the spec names.")
  @Nullable Path out;

  @Override
  Answer answer() throws Failure, BadInput {
    var remit = program.remit();
    var spec = new SpecFiles(remit.files(), remit.clock()).spec(specFile);
    var provisioning = sealed(spec);
    var volume =
        out == null ? provisioning.volume() : new SealedVolume(out.toAbsolutePath().normalize());
    var text = good(spec, provisioning.userData(), remit.files());
    try (var folder = AtomicFolder.draft(volume.folder());
        var maker = SeedMaker.create(volume.folder())) {
      try (var _ = OnInterrupt.run(() -> cleanUp(folder, maker))) {
        var digest = seal(remit, spec, text, volume, folder, maker);
        return SealReport.of(
            spec.name(),
            specFile,
            provisioning.userData(),
            volume,
            volume.equals(provisioning.volume()),
            maker.inMemory(),
            digest);
      }
    }
  }

  private static Spec.Provisioning.Sealed sealed(Spec spec) throws BadInput {
    return switch (spec.provisioning()) {
      case Spec.Provisioning.Sealed found -> found;
      case Spec.Provisioning.None none -> throw nothingToSeal();
      case Spec.Provisioning.InImage inImage -> throw nothingToSeal();
    };
  }

  private static BadInput nothingToSeal() {
    return new BadInput(
        Diagnostic.of(
            Code.NOT_SEALED,
            "the spec has no user data to seal",
            "its provisioning is none or in-image",
            "write provisioning: {mode: sealed, userData: FILE}, and "
                + SealedVolume.WORD
                + " into boot.cmdline"));
  }

  /** The text, read once: what was looked through is what is sealed. */
  private static Bytes good(Spec spec, Path userData, InputFiles files) throws Failure, BadInput {
    var problems = new ArrayList<Diagnostic>();
    try (var file = files.open(userData)) {
      problems.addAll(SealableText.problems(userData.toString(), file));
      if (problems.isEmpty()) {
        var text = file.read(0, (int) file.size());
        problems.addAll(LeakSearch.problemsOfUserData(spec, userData, text));
        if (problems.isEmpty()) {
          return text;
        }
      }
    } catch (IOException cause) {
      throw unreadable(userData, cause);
    }
    throw new BadInput(problems);
  }

  /** Returns the SHA-256 of the ciphertext. */
  private static Bytes seal(
      Remit remit,
      Spec spec,
      Bytes userData,
      SealedVolume volume,
      AtomicFolder folder,
      SeedMaker maker)
      throws Failure {
    var files = remit.files();
    Path base = spec.boot().initrd().path();
    try (var key = remit.entropy().secret(KEY_SIZE)) {
      folder.add(name(volume.key()), key);
    }
    maker.make(userData, metaData(remit, spec), folder.inDraft(name(volume.key())));
    requireEncrypted(maker, files);
    try (var initrd = files.open(base)) {
      var digest = Sha256.of(files.stream(maker.image()));
      var header = files.read(maker.header(), SealedVolume.LARGEST_HEADER);
      folder.add(name(volume.image()), files.stream(maker.image()));
      folder.add(name(volume.header()), header);
      folder.add(
          name(volume.initrd()),
          SeedArchive.appendedTo(
              files.stream(base), initrd.size(), SeedArchive.of(header, digest)));
      folder.publish();
      return digest;
    } catch (IOException cause) {
      throw unreadable(base, cause);
    }
  }

  /** Cloud-init does its work again where the id is another: after each sealing. */
  private static Bytes metaData(Remit remit, Spec spec) {
    String text =
        "instance-id: %s-%s\nlocal-hostname: %s\n"
            .formatted(spec.name(), remit.entropy().bytes(ID_SIZE).hex(), spec.name());
    return Bytes.copyOf(text.getBytes(StandardCharsets.US_ASCII));
  }

  /** By the same rules as every disk of a guest. */
  private static void requireEncrypted(SeedMaker maker, InputFiles files) throws Failure {
    try (var header = files.open(maker.header());
        var image = files.open(maker.image())) {
      var problems =
          LuksVolume.detached(maker.header().toString(), header, maker.image().toString(), image)
              .problems();
      if (!problems.isEmpty() || image.size() != SealedVolume.SIZE) {
        throw new Failure(
            Diagnostic.of(
                Code.CANNOT_SEAL,
                "what cryptsetup made is not an encrypted volume",
                problems.isEmpty() ? "it has another size" : problems.getFirst().what(),
                "see \"cryptsetup --version\": 2.4 or later is needed"));
      }
    } catch (IOException cause) {
      throw unreadable(maker.image(), cause);
    }
  }

  private static String name(Path file) {
    return String.valueOf(file.getFileName());
  }

  private void cleanUp(AtomicFolder folder, SeedMaker maker) {
    folder.close();
    try {
      maker.close();
      program.terminal().say("remit: interrupted; what lay in clear is removed");
    } catch (Failure failure) {
      tell(failure);
    }
  }

  private static Failure unreadable(Path file, IOException cause) {
    return new Failure(Diagnostic.brokenFile(file.toString(), cause), cause);
  }
}
