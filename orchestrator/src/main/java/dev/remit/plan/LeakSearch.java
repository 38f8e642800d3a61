package dev.remit.plan;

import dev.remit.bytes.Bytes;
import dev.remit.bytes.MalformedException;
import dev.remit.diagnostic.Code;
import dev.remit.diagnostic.Diagnostic;
import dev.remit.diagnostic.Failure;
import dev.remit.diagnostic.Location;
import dev.remit.domain.DomainDocuments;
import dev.remit.domain.DomainRequest;
import dev.remit.exposure.DomainRules;
import dev.remit.exposure.DomainXml;
import dev.remit.exposure.Exposure;
import dev.remit.exposure.Finding;
import dev.remit.exposure.Findings;
import dev.remit.exposure.ImageRules;
import dev.remit.exposure.OwnJudgement;
import dev.remit.exposure.SpecRules;
import dev.remit.exposure.Technology;
import dev.remit.exposure.TextPlace;
import dev.remit.exposure.UserData;
import dev.remit.image.Companions;
import dev.remit.image.Content;
import dev.remit.image.Examination;
import dev.remit.image.Region;
import dev.remit.provisioning.SealableText;
import dev.remit.spec.HostSpec;
import dev.remit.spec.Spec;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * Looks through a spec, the files that it names and the document that is made of it for what a host
 * could read or change. What nobody acknowledged is a problem, and so is what cannot be read.
 */
public final class LeakSearch {
  private final Spec spec;
  private final InputFiles files;
  private final OwnJudgement judgement;
  private final List<Diagnostic> unreadable = new ArrayList<>();

  LeakSearch(Spec spec, InputFiles files) {
    this.spec = spec;
    this.files = files;
    this.judgement = new OwnJudgement(spec.tee().protection(), spec.acknowledgments());
  }

  /** Looks through the document and everything that it names. */
  void run() {
    var findings = findings(spec);
    SpecRules.check(spec, findings);
    kernel(spec.boot().kernel(), findings);
    initrd(spec.boot().initrd(), findings);
    spec.disks().forEach(disk -> disk(disk.file().path(), findings));
    if (spec.provisioning() instanceof Spec.Provisioning.Sealed sealed) {
      userData(sealed.userData(), findings);
    }
    judgement.judge(findings.all());
  }

  /** What is refused, unreadable or acknowledged for nothing. */
  List<Diagnostic> problems() {
    var problems = new ArrayList<>(judgement.problems());
    problems.addAll(unreadable);
    if (problems.isEmpty()) {
      problems.addAll(judgement.unused());
    }
    return problems;
  }

  Exposure exposure() {
    return judgement.exposure();
  }

  /** What the place of a launch shows. */
  static List<Finding> ofHost(Spec spec, HostSpec host) {
    var findings = findings(spec);
    SpecRules.checkHost(spec, host, findings);
    return findings.all();
  }

  /**
   * What the document for a host shows, in the order of its text. Its session is made when it is
   * sent; something stands in for it here.
   */
  static List<Finding> ofDocument(DomainRequest request) {
    try {
      var document =
          DomainDocuments.write(
              request, new DomainRequest.SevLaunchFields(new UUID(0, 0), "-", "-"));
      var parsed = DomainXml.parse("the domain document", document.text());
      var findings = Findings.about(DomainRules.technologies(parsed));
      DomainRules.check(parsed, findings);
      return findings.all();
    } catch (MalformedException e) {
      throw new IllegalStateException("Remit wrote a document that it cannot read", e);
    }
  }

  /**
   * What a live domain shows that the owner of its spec did not take: what is refused, not
   * acknowledged or unreadable. The host's claim, as the document is: good only to end a launch.
   *
   * @param live as libvirt gave it
   */
  public static List<Diagnostic> problemsOfLiveDomain(Spec spec, String live) {
    var findings = findings(spec);
    try {
      DomainRules.check(DomainXml.parse("the live document", live), findings);
    } catch (MalformedException e) {
      return List.of(
          Diagnostic.of(
              Code.DOMAIN_DIFFERS,
              "the live document is unreadable: " + e.what(),
              "what cannot be read cannot be judged",
              "see \"virsh dumpxml\" on the host"));
    }
    var judgement = new OwnJudgement(spec.tee().protection(), spec.acknowledgments());
    judgement.judge(findings.all());
    return judgement.problems();
  }

  /**
   * What keeps user data from being sealed: what is refused, not acknowledged or unreadable.
   *
   * @param file from which the text was read, for messages
   */
  public static List<Diagnostic> problemsOfUserData(Spec spec, Path file, Bytes text) {
    var findings = findings(spec);
    var problems = new ArrayList<Diagnostic>();
    userData(file, text, findings, problems);
    var judgement = new OwnJudgement(spec.tee().protection(), spec.acknowledgments());
    judgement.judge(findings.all());
    problems.addAll(judgement.problems());
    return problems;
  }

  private static Findings findings(Spec spec) {
    return Findings.about(Set.of(Technology.of(spec.tee().protection())));
  }

  private void userData(Path file, Findings findings) {
    try {
      userData(file, files.read(file, SealableText.LARGEST), findings, unreadable);
    } catch (Failure failure) {
      // The same file is reported where its beginning is judged.
    }
  }

  private static void userData(
      Path file, Bytes text, Findings findings, List<Diagnostic> unreadable) {
    UserData.check(
        text,
        TextPlace.whole(new Location.InFile(file.toString())),
        "",
        findings,
        malformed ->
            unreadable.add(
                Diagnostic.at(
                    new Location.InBytes(file.toString(), malformed.offset()),
                    Code.NOT_USER_DATA,
                    "a part of the user data cannot be read",
                    malformed.what(),
                    "correct it; what is not read cannot be called clean")));
  }

  private void kernel(Spec.InputFile input, Findings findings) {
    image(input.path())
        .ifPresent(region -> {
          if (region.contents().stream()
              .anyMatch(content ->
                  content instanceof Content.Kernel
                      || content instanceof Content.Uki
                      || content instanceof Content.EfiProgram)) {
            check(region, input.path(), findings);
          } else {
            unrecognised(input, "kernel", "give a Linux kernel for x86, or a program for UEFI");
          }
        });
  }

  /** A kernel takes more forms than Remit reads: what is not read is not passed. */
  private void initrd(Spec.InputFile input, Findings findings) {
    image(input.path())
        .ifPresent(region -> {
          if (region.contents().stream().anyMatch(content -> content instanceof Content.Initrd)) {
            check(region, input.path(), findings);
          } else {
            unrecognised(
                input,
                "initrd",
                "pack it as cpio (newc), plain or with gzip, xz or zstd, and put nothing before it");
          }
        });
  }

  private void unrecognised(Spec.InputFile input, String which, String fix) {
    unreadable.add(
        Diagnostic.at(
            input.at(),
            Code.IMAGE_UNKNOWN,
            "Remit cannot look into the " + which + " " + input.path(),
            "what is in it reaches the guest all the same, unchecked",
            fix));
  }

  /**
   * What has no mark of any format passes: the disk's header lies elsewhere, and whether its data
   * is encrypted is judged with that.
   */
  private void disk(Path file, Findings findings) {
    image(file)
        .ifPresent(region -> {
          if (!region.contents().stream()
              .allMatch(content ->
                  content instanceof Content.Opaque || content instanceof Content.Blank)) {
            check(region, file, findings);
          }
        });
  }

  private void check(Region region, Path file, Findings findings) {
    ImageRules.check(region, file.toString(), findings, unreadable::add, Companions.NONE);
  }

  private Optional<Region> image(Path file) {
    try (var open = files.open(file)) {
      return Optional.of(Examination.of(open));
    } catch (Failure failure) {
      // The same file is reported where it is measured or its header is examined.
    } catch (IOException cause) {
      unreadable.add(Diagnostic.brokenFile(file.toString(), cause));
    }
    return Optional.empty();
  }
}
