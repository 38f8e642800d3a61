package dev.remit.exposure;

import dev.remit.diagnostic.Code;
import dev.remit.diagnostic.Diagnostic;
import dev.remit.platform.Protection;
import dev.remit.spec.Risk;
import dev.remit.spec.Spec.Acknowledgment;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Holds what rules found in a spec and its files against what its owner acknowledged. */
public final class OwnJudgement {
  private final List<Acknowledgment> acknowledgments;
  private final Set<String> acknowledged;
  private final Set<String> used = new HashSet<>();
  private final List<Diagnostic> problems = new ArrayList<>();
  private Exposure exposure;

  public OwnJudgement(Protection protection, List<Acknowledgment> acknowledgments) {
    this.acknowledgments = List.copyOf(acknowledgments);
    this.acknowledged =
        acknowledgments.stream().map(given -> given.risk().id()).collect(Collectors.toSet());
    this.exposure = Exposure.of(protection);
  }

  /** Judges what rules found; what is refused becomes a problem. */
  public void judge(List<Finding> findings) {
    var taken = new ArrayList<Exposure.Taken>();
    var warnings = new ArrayList<Finding>();
    for (var finding : findings) {
      var entry = Catalogue.builtIn().require(finding.id());
      boolean lesser = finding.form() == Finding.Form.LESSER;
      var risk = risk(finding);
      if (risk.filter(acknowledged::contains).isPresent()) {
        used.add(risk.get());
        taken.add(new Exposure.Taken(finding, risk.get()));
        continue;
      }
      switch (Ruling.of(entry, finding.form())) {
        case REFUSED, UNACKNOWLEDGED -> problems.add(Refusals.of(entry, finding));
        case WARNING -> {
          // Remit writes the safe value unless the spec asks for the other one.
          if (lesser && risk.isPresent()) {
            problems.add(Refusals.of(entry, finding));
          } else {
            warnings.add(finding);
          }
        }
        case RESIDUAL -> {}
      }
    }
    exposure = exposure.with(new Exposure(taken, warnings, List.of()));
  }

  /** Whether the owner acknowledged the risk of a finding. */
  boolean isTaken(Finding finding) {
    return risk(finding).filter(acknowledged::contains).isPresent();
  }

  /** The risk by whose name a finding may be taken, in the form that it has. */
  private static Optional<String> risk(Finding finding) {
    return Catalogue.builtIn()
        .require(finding.id())
        .acknowledgeable()
        .filter(each -> each.when().isEmpty() || finding.form() == Finding.Form.LESSER)
        .map(Acknowledgeable::risk);
  }

  /** What is refused so far. */
  public List<Diagnostic> problems() {
    return List.copyOf(problems);
  }

  /**
   * The acknowledgments that nothing needed, once every content was looked at. Those whose risk
   * shows in the document alone were judged with it.
   */
  public List<Diagnostic> unused() {
    return acknowledgments.stream()
        .filter(given -> given.risk().sign() == Risk.Sign.CONTENT)
        .filter(given -> !used.contains(given.risk().id()))
        .map(given ->
            Diagnostic.at(
                given.at(),
                Code.ACKNOWLEDGMENT,
                "nothing here takes the risk " + given.risk().id(),
                "an acknowledgment that waits for its risk lets it in unseen",
                "remove the acknowledgment"))
        .toList();
  }

  /** What is left of it. */
  public Exposure exposure() {
    return exposure;
  }
}
