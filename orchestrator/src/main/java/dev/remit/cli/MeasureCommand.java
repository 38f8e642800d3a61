package dev.remit.cli;

import dev.remit.adapter.host.AtomicFile;
import dev.remit.app.Remit;
import dev.remit.bytes.Bytes;
import dev.remit.diagnostic.BadInput;
import dev.remit.diagnostic.Failure;
import dev.remit.evidence.SevLaunchMeasurement;
import dev.remit.measurement.Neighbours;
import dev.remit.measurement.SevExpectation;
import dev.remit.measurement.SevLaunchDigest;
import dev.remit.measurement.SevLaunchMac;
import dev.remit.measurement.VmsaFlavour;
import dev.remit.platform.ApiVersion;
import dev.remit.platform.Protection;
import dev.remit.platform.SevFirmwareVersion;
import dev.remit.report.Answer;
import dev.remit.report.Given;
import dev.remit.report.MeasureReport;
import dev.remit.spec.FirmwareManifest;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
    name = "measure",
    description =
        "Compute the launch digest that a processor must report, from files only. Prints it in hex"
            + " and nothing else; with --tik or --tk, the base64 of measure and nonce; with"
            + " --reported, whether that is what was reported, and else which input is wrong.")
final class MeasureCommand extends RemitCommand {
  @Option(
      names = "--tee",
      paramLabel = "KIND",
      description = "sev or sev-es; not needed with --policy, whose bit 2 says it.")
  @Nullable Protection tee;

  @Option(
      names = "--policy",
      paramLabel = "P",
      description = "32 bits, decimal or 0x and hex; part of the measurement.")
  @Nullable GivenPolicy policy;

  @Mixin ReferenceOptions reference = new ReferenceOptions();

  @Option(
      names = "--vmsa",
      paramLabel = "FLAVOUR",
      defaultValue = "current",
      description = "Under SEV-ES, how the host prepares a vCPU: current or legacy.")
  VmsaFlavour vmsa = VmsaFlavour.CURRENT;

  @ArgGroup(exclusive = false)
  @Nullable MacInput mac;

  @Option(
      names = "--out",
      paramLabel = "FILE",
      description = "Write what is computed as bytes, too: the digest, or measure and nonce.")
  @Nullable Path out;

  /** What turns a digest into the measurement of one launch. */
  static final class MacInput {
    @ArgGroup(multiplicity = "1")
    KeyFile key = new KeyFile();

    @Option(
        names = "--api",
        required = true,
        paramLabel = "VERSION",
        description = "Of the SEV firmware, for example 1.55.")
    ApiVersion api = new ApiVersion(0, 0);

    @Option(
        names = "--build",
        required = true,
        paramLabel = "N",
        description = "Of the SEV firmware.")
    int build;

    @ArgGroup(multiplicity = "1")
    NonceSource nonce = new NonceSource();
  }

  static final class KeyFile {
    @Option(
        names = "--tik",
        paramLabel = "FILE",
        description = "Transport integrity key, 16 bytes, readable by its owner only.")
    @Nullable Path tik;

    @Option(
        names = "--tk",
        paramLabel = "FILE",
        description = "Both transport keys, 32 bytes: TEK, then TIK.")
    @Nullable Path both;
  }

  static final class NonceSource {
    @Option(
        names = "--nonce",
        paramLabel = "VALUE",
        description = "Of the firmware, 16 bytes: hex, base64 or a file.")
    @Nullable String nonce;

    @Option(
        names = "--nonce-of",
        paramLabel = "BLOB",
        description = "The same, from measure and nonce, 48 bytes.")
    @Nullable String nonceOf;

    @Option(
        names = "--reported",
        paramLabel = "BLOB",
        description = "Compare with measure and nonce that were reported, 48 bytes.")
    @Nullable String reported;
  }

  /** The nonce, and the whole blob where it is to be compared. */
  private record Reported(Bytes nonce, Optional<Bytes> blob, Given given) {}

  @Override
  boolean holdsSecrets() {
    return mac != null;
  }

  @Override
  Answer answer() throws Failure, BadInput {
    var remit = program.remit();
    var protection = protection();
    var read = reference.read(remit, protection, false);
    var steps = read.recipe().map(SevLaunchDigest::expectation);
    var given = new ArrayList<>(read.given());
    if (policy != null) {
      given.add(policy.given("--policy"));
    }
    var digest =
        new MeasureReport.Digest(
            protection,
            steps,
            read.launchDigest().orElseGet(() -> asked(steps.orElseThrow())),
            given);
    if (mac == null) {
      write(digest.launchDigest());
      return MeasureReport.digest(digest);
    }
    return answer(remit, mac, read.recipe(), digest);
  }

  private Bytes asked(SevExpectation steps) {
    return steps.candidates().stream()
        .filter(each ->
            each.vcpus()
                .flatMap(SevExpectation.Vcpus::flavour)
                .map(flavour -> flavour == vmsa)
                .orElse(true))
        .findFirst()
        .orElseThrow()
        .launchDigest();
  }

  private Answer answer(
      Remit remit, MacInput with, Optional<SevLaunchDigest> recipe, MeasureReport.Digest files)
      throws Failure, BadInput {
    if (policy == null) {
      throw usage("a measurement needs --policy", "the policy is part of the measurement");
    }
    if (with.build < 0 || with.build > 255) {
      throw usage("--build is a number from 0 to 255", "it is one byte of the measurement");
    }
    var firmware = new SevFirmwareVersion(with.api.major(), with.api.minor(), with.build);
    var reported = reported(remit, with.nonce);
    var digest = files.with(reported.given());
    try (var keys = keys(remit, with.key)) {
      var measure =
          SevLaunchMac.compute(
              keys.tik(), firmware, policy.value(), digest.launchDigest(), reported.nonce());
      var expected =
          new MeasureReport.Measurement(
              firmware, policy.value(), Bytes.concat(measure, reported.nonce()));
      write(expected.blob());
      if (reported.blob().isEmpty()) {
        return MeasureReport.measurement(digest, expected);
      }
      var blob = reported.blob().get();
      if (expected.blob().equals(blob)) {
        return MeasureReport.same(digest, expected);
      }
      say("it differs; looking for the input that is wrong");
      var question =
          new Neighbours.Question(
              List.of(digest.launchDigest()),
              recipe,
              Optional.ofNullable(reference.kernel).map(boot -> boot.cmdline),
              Set.of(vmsa),
              policy.value(),
              firmware,
              policy.value(),
              reported.nonce(),
              blob.slice(0, SevLaunchMeasurement.MEASURE_SIZE));
      return MeasureReport.differs(
          digest,
          expected,
          blob,
          Neighbours.search(question, keys.tik(), keys.tek(), FirmwareManifest.builtIn()));
    }
  }

  private void write(Bytes content) throws Failure {
    if (out != null) {
      AtomicFile.write(out, content);
      say("written to " + out);
    }
  }

  private Protection protection() throws BadInput {
    if (policy == null) {
      if (tee == null) {
        throw usage("--tee or --policy is missing", "SEV-ES measures the vCPUs, and SEV does not");
      }
      return tee;
    }
    var ofPolicy = policy.value().protection();
    if (tee != null && ofPolicy != tee) {
      throw usage(
          "the guest policy is for %s and --tee says %s".formatted(ofPolicy.id(), tee.id()),
          "bit 2 of the policy decides it");
    }
    return ofPolicy;
  }

  private KeyFiles.Held keys(Remit remit, KeyFile file) throws Failure, BadInput {
    if (file.tik != null) {
      return KeyFiles.Held.tik(remit.secrets(), file.tik);
    }
    if (file.both == null) {
      throw new IllegalStateException("the parser asks for one of the two");
    }
    return KeyFiles.Held.both(remit.secrets(), file.both);
  }

  private static Reported reported(Remit remit, NonceSource source) throws Failure, BadInput {
    if (source.nonce != null) {
      var octets =
          Octets.read("--nonce", source.nonce, SevLaunchMeasurement.NONCE_SIZE, remit.files());
      return new Reported(
          octets.value(), Optional.empty(), Given.octets("--nonce", octets.form(), octets.value()));
    }
    boolean compare = source.reported != null;
    String written = compare ? source.reported : source.nonceOf;
    if (written == null) {
      throw new IllegalStateException("the parser asks for one of the three");
    }
    String option = compare ? "--reported" : "--nonce-of";
    var octets = Octets.read(option, written, SevLaunchMeasurement.SIZE, remit.files());
    return new Reported(
        octets.value().slice(SevLaunchMeasurement.MEASURE_SIZE, SevLaunchMeasurement.NONCE_SIZE),
        compare ? Optional.of(octets.value()) : Optional.empty(),
        Given.octets(option, octets.form(), octets.value()));
  }

  private static BadInput usage(String what, String why) {
    return WrongUsage.of(what, why, "see \"remit measure --help\"");
  }
}
