package dev.remit.cli;

import dev.remit.bytes.Bytes;
import dev.remit.bytes.MalformedException;
import dev.remit.diagnostic.BadInput;
import dev.remit.diagnostic.Code;
import dev.remit.diagnostic.Diagnostic;
import dev.remit.diagnostic.Failure;
import dev.remit.diagnostic.Location;
import dev.remit.endorsement.CekEndorsement;
import dev.remit.endorsement.EndorsementBundle;
import dev.remit.endorsement.EndorsementSource;
import dev.remit.endorsement.SevCertificate;
import dev.remit.endorsement.SevChain;
import dev.remit.endorsement.SevChainProof;
import dev.remit.endorsement.SevEndorser;
import dev.remit.endorsement.Voucher;
import dev.remit.plan.InputFiles;
import dev.remit.platform.ChipId;
import dev.remit.platform.Generation;
import dev.remit.root.Anchors;
import dev.remit.trust.Demand;
import dev.remit.trust.Policy;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What the user knows of a chip, for a chain that does not prove itself or does not name it. */
final class EndorsementOptions {
  @Option(
      names = "--cek",
      paramLabel = "FILE",
      description = "The chip's CEK as AMD signed it, 2084 bytes, for a chain that lacks it.")
  @Nullable Path cek;

  @Option(
      names = "--endorsements",
      paramLabel = "FILE",
      description = "A bundle of signed CEKs to look the chip up in, before those that are kept.")
  @Nullable Path endorsements;

  @Option(
      names = "--chip",
      paramLabel = "ID",
      description = "Demand that a chain is of this chip, 64 bytes in hex or base64.")
  @Nullable ChipId chip;

  @Option(
      names = "--generation",
      paramLabel = "NAME",
      description =
          "Accept a platform of this generation only, for example milan; repeatable. All but naples"
              + " if none is named: its keys have been extracted.")
  List<Generation> generations = new ArrayList<>();

  /**
   * What was brought for this one judgement.
   *
   * @param chip that the chain must be of
   * @param generations one of which it must be of where no chip is named
   * @param cek as AMD signed it, and the file it was in
   * @param bundle of chips that it names
   */
  record Brought(
      Optional<ChipId> chip,
      Set<Generation> generations,
      Optional<Cek> cek,
      Optional<EndorsementBundle> bundle) {
    Optional<EndorsementSource> source() {
      return bundle.map(known -> known);
    }

    /** The only one that may be meant, or any of the bundle. */
    private Set<ChipId> named() {
      return chip.map(Set::of)
          .orElseGet(() ->
              bundle.stream()
                  .flatMap(known -> known.endorsements().stream())
                  .map(CekEndorsement::chip)
                  .collect(Collectors.toSet()));
    }

    /**
     * The proof of a chain with what was brought.
     *
     * @param endorser looks a chip up in {@link #source()}, and elsewhere
     */
    SevChainProof prove(
        SevChain chain,
        Anchors anchors,
        Function<Optional<EndorsementSource>, SevEndorser> endorser)
        throws MalformedException {
      return cek.isPresent()
          ? cek.get().join(chain, chip, anchors)
          : endorser.apply(source()).prove(chain, chip, named(), anchors);
    }

    /** Which platforms will do; a bundle names its chips. */
    Policy.Machine machine() {
      return named().isEmpty()
          ? new Policy.Machine.OfGeneration(new Demand.OneOf<>(generations))
          : new Policy.Machine.OfChip(new Demand.OneOf<>(named()));
    }
  }

  /** A signed CEK, by the word of the file it was in. */
  record Cek(SevCertificate certificate, Voucher voucher) {
    private SevChainProof join(SevChain chain, Optional<ChipId> chip, Anchors anchors)
        throws MalformedException {
      return chip.isPresent()
          ? SevEndorser.join(
              chain, CekEndorsement.parse(chip.get(), certificate.raw(), voucher), chip, anchors)
          : SevEndorser.join(chain, certificate, voucher.toString(), anchors);
    }
  }

  Brought read(InputFiles files) throws Failure, BadInput {
    Optional<Cek> given =
        cek == null
            ? Optional.empty()
            : Optional.of(
                new Cek(parsed(cek, files, "a signed CEK", SevCertificate::parse), voucher(cek)));
    Optional<EndorsementBundle> bundle =
        endorsements == null ? Optional.empty() : Optional.of(bundle(endorsements, files));
    var accepted =
        generations.isEmpty()
            ? EnumSet.complementOf(EnumSet.of(Generation.NAPLES))
            : EnumSet.copyOf(generations);
    return new Brought(Optional.ofNullable(chip), accepted, given, bundle);
  }

  private static EndorsementBundle bundle(Path file, InputFiles files) throws Failure, BadInput {
    return parsed(
        file,
        files,
        "a bundle of endorsements",
        content -> EndorsementBundle.parse(content, voucher(file)));
  }

  private static Voucher voucher(Path file) {
    return new Voucher(Voucher.Kind.FILE, file.toString());
  }

  private interface Parser<T> {
    T parse(Bytes content) throws MalformedException;
  }

  private static <T> T parsed(Path file, InputFiles files, String what, Parser<T> parser)
      throws Failure, BadInput {
    try {
      return parser.parse(files.read(file, EndorsementBundle.LARGEST));
    } catch (MalformedException malformed) {
      throw new BadInput(
          Diagnostic.at(
              new Location.InBytes(file.toString(), malformed.offset()),
              Code.UNKNOWN_FILE,
              "the file is not " + what,
              String.valueOf(malformed.getMessage()),
              "see \"remit inspect\" of it; \"remit endorsements export\" writes bundles"));
    }
  }
}
