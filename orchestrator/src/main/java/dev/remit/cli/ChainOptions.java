package dev.remit.cli;

import dev.remit.bytes.Bytes;
import dev.remit.bytes.MalformedException;
import dev.remit.diagnostic.BadInput;
import dev.remit.diagnostic.Code;
import dev.remit.diagnostic.Diagnostic;
import dev.remit.diagnostic.Failure;
import dev.remit.diagnostic.HostText;
import dev.remit.diagnostic.Location;
import dev.remit.endorsement.SevCertificate;
import dev.remit.endorsement.SevChain;
import dev.remit.measurement.Sha256;
import dev.remit.plan.InputFiles;
import dev.remit.report.Given;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Option;

/** A platform's certificates, in the forms in which sevctl and libvirt hand them out. */
final class ChainOptions {
  /** Bytes; base64 of a chain with ASK and ARK, and some line ends. */
  private static final int LARGEST = 20_000;

  /** A raw chain begins with the number of its version, which is no character of base64. */
  private static final int FIRST_OCTET = 1;

  @Option(
      names = "--chain",
      paramLabel = "FILE",
      description =
          "PDH, PEK, OCA and CEK as \"sevctl export\" writes them, with or without ASK and ARK; as"
              + " they are or in base64.")
  @Nullable Path exported;

  @ArgGroup(exclusive = false)
  @Nullable OfLibvirt libvirt;

  /** The two values of {@code virsh nodesevinfo}. */
  static final class OfLibvirt {
    @Option(
        names = "--pdh",
        required = true,
        paramLabel = "PDH",
        description = "\"pdh\" of \"virsh nodesevinfo\": base64, hex or a file.")
    String pdh = "";

    @Option(
        names = "--cert-chain",
        required = true,
        paramLabel = "CHAIN",
        description = "\"cert-chain\" of the same: base64, hex or a file.")
    String certChain = "";
  }

  private final List<Given> given = new ArrayList<>();

  /** Read once; nothing is proven by it. */
  SevChain read(InputFiles files) throws Failure, BadInput {
    if ((exported == null) == (libvirt == null)) {
      throw WrongUsage.of(
          "a platform's certificates are given by --chain, or by --pdh and --cert-chain",
          "a key of a platform counts only with what endorses it",
          "give one of the two");
    }
    try {
      return exported == null ? ofLibvirt(files) : exported(files, exported);
    } catch (MalformedException malformed) {
      throw new BadInput(
          Diagnostic.at(
              new Location.InBytes(name(), malformed.offset()),
              Code.UNKNOWN_FILE,
              "these are not the certificates of a platform",
              String.valueOf(malformed.getMessage()),
              "give PDH, PEK, OCA and CEK as \"sevctl export\" writes them, or pdh and cert-chain"
                  + " of \"virsh nodesevinfo\""));
    }
  }

  boolean isGiven() {
    return exported != null || libvirt != null;
  }

  /** What a report calls the chain. */
  String name() {
    return exported == null ? "pdh and cert-chain" : new HostText(exported.toString()).toString();
  }

  /** After {@link #read}: certificates as their digest, they are too large to repeat. */
  List<Given> given() {
    return List.copyOf(given);
  }

  private SevChain ofLibvirt(InputFiles files) throws Failure, BadInput, MalformedException {
    if (libvirt == null) {
      throw new IllegalStateException("one of the two was given");
    }
    var pdh = Octets.read("--pdh", libvirt.pdh, SevCertificate.SIZE, files);
    var certChain =
        Octets.read("--cert-chain", libvirt.certChain, SevChain.SIZE - SevCertificate.SIZE, files);
    given.add(Given.octets("--pdh", pdh.form(), Sha256.of(pdh.value())));
    given.add(Given.octets("--cert-chain", certChain.form(), Sha256.of(certChain.value())));
    return SevChain.of(pdh.value(), certChain.value());
  }

  private SevChain exported(InputFiles files, Path file)
      throws Failure, BadInput, MalformedException {
    var content = files.read(file, LARGEST);
    boolean plain = content.size() > 0 && content.at(0) == FIRST_OCTET;
    var raw = plain ? content : ofText(content);
    if (raw.size() == SevCertificate.SIZE) {
      throw withoutEndorsements(
          "the file holds one certificate and nothing that endorses it",
          "anybody can make a PDH; PEK, OCA and CEK up to AMD's root key make it a platform's");
    }
    if (raw.size() == SevChain.SIZE - SevCertificate.SIZE) {
      throw withoutEndorsements(
          "the file holds three certificates, and the PDH is not among them",
          "libvirt gives the PDH apart from the chain above it");
    }
    given.add(new Given("--chain", plain ? "file" : "base64 in a file", Sha256.of(raw).hex()));
    return SevChain.parse(raw);
  }

  private static Bytes ofText(Bytes content) throws MalformedException {
    String text = new String(content.toArray(), StandardCharsets.ISO_8859_1);
    try {
      return Bytes.ofBase64(text.replaceAll("\\s", ""));
    } catch (IllegalArgumentException notBase64) {
      throw new MalformedException(0, "a chain begins with a certificate of version 1");
    }
  }

  private BadInput withoutEndorsements(String what, String why) {
    return new BadInput(
        Diagnostic.at(
            new Location.InFile(name()),
            Code.NOT_ENDORSED,
            what,
            why,
            "give what \"sevctl export\" writes, or --pdh and --cert-chain"));
  }
}
