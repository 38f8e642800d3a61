package dev.remit.report;

import dev.remit.diagnostic.ExitStatus;
import dev.remit.diagnostic.HostText;
import dev.remit.domain.DomainDocuments;
import dev.remit.endorsement.Link;
import dev.remit.plan.Inputs;
import dev.remit.plan.Plan;
import dev.remit.plan.PlanDocument;
import dev.remit.root.Anchor;
import dev.remit.spec.Spec;
import dev.remit.trust.Policy;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/** What is going to happen, in REMIT order. */
public final class PlanReport {
  private PlanReport() {}

  /** A spec that is fine by itself. */
  public static Answer valid(String file, Spec spec) {
    var json = Json.of("remit.validate/1");
    json.put("file", file);
    json.put("name", spec.name());
    json.put("valid", true);
    return new Answer(
        ExitStatus.DONE, HostText.line(file) + ": nothing is wrong with the document", json);
  }

  /** A spec that is fine, and so are the files that it names. */
  public static Answer valid(String file, Spec spec, Inputs inputs) {
    var json = valid(file, spec).json();
    json.set("measurement", PlanDocument.expectation(inputs.expectation()));
    return new Answer(
        ExitStatus.DONE,
        HostText.line(file) + ": nothing is wrong with the document and its files",
        json);
  }

  public static Answer of(Plan plan) {
    var text = new Text();
    text.line(
        "%s: %s%s, profile %s"
            .formatted(
                plan.spec().name(),
                plan.spec().tee().protection().title(),
                plan.simulated() ? ", SIMULATED" : "",
                plan.spec().profile().id()));
    text.stage('R', "believed roots");
    for (Anchor anchor : plan.anchors().all()) {
      text.item(anchor.origin());
    }
    text.stage('E', "platform chain of the host");
    for (Link link : plan.endorsements().links()) {
      text.item(
          "%s over %s: %s, %s"
              .formatted(link.signer(), link.subject(), link.state(), link.reason()));
    }
    cek(plan).ifPresent(text::item);
    text.stage('M', "what must be measured");
    for (var input : plan.inputs().measured()) {
      text.item(
          "%-8s %s, %d bytes, sha256:%s"
              .formatted(input.role(), input.path(), input.size(), input.digest().hex()));
    }
    text.item("cmdline  \"" + plan.spec().boot().cmdline() + '"');
    new TreeMap<>(plan.policy().launchDigests())
        .forEach((name, digest) -> text.item(name + " " + digest.hex()));
    text.stage('I', "guest policy");
    text.item(plan.policy().guestPolicy().value() + ", and a session made for this launch alone");
    text.stage('T', "what is demanded");
    text.item("machine: " + machine(plan));
    text.item("SEV firmware: api " + plan.policy().api());
    for (var waiver : plan.policy().waivers()) {
      text.item(
          "acknowledged until %s: %s (%s)"
              .formatted(waiver.until(), waiver.risk(), waiver.reason()));
    }
    text.stage('S', "secrets, by name");
    for (var secret : plan.spec().secrets()) {
      text.item(secret.name() + " as " + secret.guid());
    }
    plan.inputs()
        .seed()
        .ifPresent(seed ->
            text.item(
                "user data sealed in %s, sha256:%s of the ciphertext"
                    .formatted(seed.volume().image(), seed.imageDigest().hex())));
    text.line("");
    text.line("domain document, without the session:");
    text.line(DomainDocuments.preview(plan.domain()).text().stripTrailing());
    text.line("");
    text.line("plan sha256:" + plan.digest().hex());
    return new Answer(ExitStatus.DONE, text.toString(), PlanDocument.withDigest(plan));
  }

  /** Where AMD's signature of the CEK comes from, or why it is not there. */
  private static Optional<String> cek(Plan plan) {
    var chip = plan.endorsements().chip();
    return chip.endorsement()
        .map(found -> "signed CEK of chip %s, from %s".formatted(found.chip(), found.voucher()))
        .or(() ->
            chip.lacking()
                .map(why -> "signed CEK not had: %s; fix: %s".formatted(why.reason(), why.fix())));
  }

  private static String machine(Plan plan) {
    return switch (plan.policy().machine()) {
      case Policy.Machine.OfGeneration demanded -> "generation " + demanded.generation();
      case Policy.Machine.OfChip demanded -> "chip " + demanded.chip();
    };
  }

  /** Why a top member of a plan may have changed. */
  public static String change(String member) {
    return switch (member) {
      case "documents", "name", "profile", "protection", "identity", "trust", "secrets" ->
          "the spec or the host document was edited after planning";
      case "measurement" -> "firmware, kernel, initrd or command line changed after planning";
      case "endorsement", "host", "anchors", "simulated" ->
          "the host presents another platform, libvirt or QEMU than at planning";
      case "domain" -> "what is sent to the host would be another document";
      default -> "it was made by another release, or edited";
    };
  }

  /** Lines with headings of one letter. */
  private static final class Text {
    private final List<String> lines = new ArrayList<>();

    void line(String line) {
      lines.add(line);
    }

    void stage(char letter, String title) {
      lines.add("");
      lines.add("  " + letter + "  " + title);
    }

    void item(String item) {
      lines.add("       " + HostText.line(item));
    }

    @Override
    public String toString() {
      return String.join("\n", lines);
    }
  }
}
