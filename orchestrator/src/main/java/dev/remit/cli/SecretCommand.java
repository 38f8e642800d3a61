package dev.remit.cli;

import dev.remit.adapter.host.AtomicFolder;
import dev.remit.app.Remit;
import dev.remit.bytes.Bytes;
import dev.remit.bytes.MalformedException;
import dev.remit.diagnostic.BadInput;
import dev.remit.diagnostic.Code;
import dev.remit.diagnostic.Diagnostic;
import dev.remit.diagnostic.Failure;
import dev.remit.evidence.SevLaunchMeasurement;
import dev.remit.firmware.Area;
import dev.remit.identity.TransportKeys;
import dev.remit.plan.Inputs;
import dev.remit.platform.ApiVersion;
import dev.remit.report.Answer;
import dev.remit.report.Given;
import dev.remit.report.SecretReport;
import dev.remit.secret.SecretEntry;
import dev.remit.secret.SecretTable;
import dev.remit.secret.SevSecretPacket;
import dev.remit.secret.SevSecretSealer;
import dev.remit.trust.Appraiser;
import dev.remit.trust.MatchedMeasurement;
import dev.remit.trust.MeasurementVerdict;
import dev.remit.trust.SealingPermit;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
    name = "secret",
    description = {
      "Seal secrets for one guest that was started, held, with a session of yours.",
      "Judges the guest's measurement first, and seals nothing for another guest than the one of"
          + " your files. Writes header.b64 and payload.b64, as \"virsh domsetlaunchsecstate\""
          + " takes them."
    })
final class SecretCommand extends RemitCommand {
  @Mixin KeyFiles keyFiles = new KeyFiles();

  @Option(
      names = "--secret",
      required = true,
      paramLabel = "GUID:FILE",
      description =
          "A secret and what the guest finds it by; luks-key:FILE for a disk. Repeatable.")
  List<GivenSecret> secrets = List.of();

  @Option(
      names = "--measurement",
      required = true,
      paramLabel = "BLOB",
      description =
          "\"sev-measurement\" of \"virsh domlaunchsecinfo\", 48 bytes: base64, hex or a file.")
  String measurement = "";

  @Option(
      names = "--policy",
      paramLabel = "P",
      description = "That the session was made for: 32 bits, decimal or 0x and hex.")
  @Nullable GivenPolicy policy;

  @Option(
      names = "--api",
      paramLabel = "VERSION",
      description = "\"sev-api-major\" and \"sev-api-minor\" of the same, for example 1.55.")
  @Nullable ApiVersion api;

  @Option(names = "--build", paramLabel = "N", description = "\"sev-build-id\" of the same.")
  @Nullable Integer build;

  @Mixin ReferenceOptions reference = new ReferenceOptions();

  @Option(
      names = "--seal-for-a-measurement-judged-elsewhere",
      description =
          "Seal without judging the measurement here: whoever started the guest gets the secret"
              + " unless you compared it yourself.")
  boolean judgedElsewhere;

  @Option(
      names = "--binary",
      description = "Write header.bin and payload.bin, as \"sevctl secret build\" does.")
  boolean binary;

  @Option(
      names = "--out",
      required = true,
      paramLabel = "FOLDER",
      description = "Made for the two files, readable by its owner only; never overwritten.")
  Path out = Path.of("");

  /** What was given, read and typed. */
  private record Input(
      SevLaunchMeasurement reported,
      Map<String, Bytes> launchDigests,
      Optional<Long> secretArea,
      List<Given> given) {}

  @Override
  Answer answer() throws Failure, BadInput {
    requireDistinct();
    var remit = program.remit();
    var octets =
        Octets.read("--measurement", measurement, SevLaunchMeasurement.SIZE, remit.files());
    var given = new ArrayList<Given>();
    given.add(Given.octets("--measurement", octets.form(), octets.value()));
    if (judgedElsewhere) {
      requireNothingToJudge();
      var permit =
          new SealingPermit.JudgedElsewhere(
              octets.value().slice(0, SevLaunchMeasurement.MEASURE_SIZE));
      try (var keys = keyFiles.read(remit.secrets())) {
        return sealed(remit, keys, permit, Optional.empty(), given);
      }
    }
    var input = input(remit, octets.value(), given);
    try (var keys = keyFiles.read(remit.secrets())) {
      var verdict = Appraiser.appraiseMeasurement(keys, input.launchDigests, input.reported);
      return switch (verdict) {
        case MatchedMeasurement matched ->
            sealed(remit, keys, matched, input.secretArea, input.given);
        case MeasurementVerdict.Refused refused -> SecretReport.refused(refused, input.given);
      };
    }
  }

  private Answer sealed(
      Remit remit,
      TransportKeys keys,
      SealingPermit permit,
      Optional<Long> secretArea,
      List<Given> given)
      throws Failure, BadInput {
    var entries = new ArrayList<SecretEntry>();
    try (var folder = AtomicFolder.draft(out)) {
      for (var each : secrets) {
        entries.add(new SecretEntry(each.guid(), remit.secrets().read(each.file())));
      }
      requireRoom(entries, secretArea);
      var packet = SevSecretSealer.seal(entries, keys, permit, remit.entropy());
      var written = write(folder, packet);
      folder.publish();
      return SecretReport.sealed(permit, packet, secretArea, out, written, given);
    } finally {
      entries.forEach(entry -> entry.value().close());
    }
  }

  /** Returns the names of the files, the header's first. */
  private List<String> write(AtomicFolder folder, SevSecretPacket packet) throws Failure {
    if (binary) {
      folder.add("header.bin", packet.header());
      folder.add("payload.bin", packet.payload());
      return List.of("header.bin", "payload.bin");
    }
    folder.addBase64("header.b64", packet.header());
    folder.addBase64("payload.b64", packet.payload());
    return List.of("header.b64", "payload.b64");
  }

  private Input input(Remit remit, Bytes blob, List<Given> given) throws Failure, BadInput {
    if (policy == null || api == null || build == null) {
      throw WrongUsage.of(
          "judging a measurement takes --policy, --api and --build",
          "the measurement is a MAC over them too",
          "give the policy of the session, and what \"virsh domlaunchsecinfo\" prints");
    }
    if (!reference.isGiven()) {
      throw WrongUsage.of(
          "judging a measurement takes --launch-digest or --firmware",
          "without what your own files give, any guest would be as good as yours",
          "name the firmware, kernel, initrd and command line of your guest");
    }
    var read = reference.read(remit, policy.value().protection(), true);
    given.add(policy.given("--policy"));
    given.add(new Given("--api", "text", api.toString()));
    given.add(new Given("--build", "decimal", build.toString()));
    given.addAll(read.given());
    try {
      return new Input(
          SevLaunchMeasurement.parse(blob, api.major(), api.minor(), build, policy.value().bits()),
          launchDigests(read),
          read.secretArea().map(Area::size),
          given);
    } catch (MalformedException malformed) {
      throw WrongUsage.of(
          "--build is a number from 0 to 255",
          String.valueOf(malformed.getMessage()),
          "write \"sev-build-id\" as \"virsh domlaunchsecinfo\" prints it");
    }
  }

  private static Map<String, Bytes> launchDigests(ReferenceOptions.Reference read) {
    return read.launchDigest()
        .map(digest -> Map.of("launch digest", digest))
        .orElseGet(() -> Inputs.launchDigests(read.recipe().orElseThrow().expectation()));
  }

  private void requireNothingToJudge() throws BadInput {
    if (policy != null || api != null || build != null || reference.isGiven()) {
      throw WrongUsage.of(
          "values to judge by are given, and nothing is to be judged",
          "--seal-for-a-measurement-judged-elsewhere looks at none of them",
          "leave out that option, so that the measurement is judged here, or leave out the values");
    }
  }

  private void requireDistinct() throws BadInput {
    var seen = new HashSet<Object>();
    for (var each : secrets) {
      if (!seen.add(each.guid())) {
        throw WrongUsage.of(
            "two secrets have the GUID " + each.guid(),
            "the guest finds a secret by its GUID, and would find only one",
            "give each secret a GUID of its own");
      }
    }
  }

  private static void requireRoom(List<SecretEntry> entries, Optional<Long> secretArea)
      throws BadInput {
    long room = Math.min(secretArea.orElse((long) SecretTable.LARGEST), SecretTable.LARGEST);
    long needed =
        SecretTable.paddedSize(entries.stream().map(entry -> entry.value().size()).toList());
    if (needed > room) {
      throw new BadInput(
          Diagnostic.of(
              Code.SECRET_TOO_LARGE,
              "the secrets take %d bytes, and there is room for %d".formatted(needed, room),
              secretArea.isPresent()
                  ? "QEMU would write past the firmware's area, over the hashes of kernel and initrd"
                  : "the secure processor takes no larger packet",
              "inject a key, and keep what it unlocks on the encrypted disk"));
    }
  }
}
