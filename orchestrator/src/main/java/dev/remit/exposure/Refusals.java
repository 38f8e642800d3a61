package dev.remit.exposure;

import dev.remit.diagnostic.Code;
import dev.remit.diagnostic.Diagnostic;

/** Says what an entry of the catalogue refuses, why, and what to do. */
public final class Refusals {
  private Refusals() {}

  /** The refusal of one finding. */
  public static Diagnostic of(Entry entry, Finding finding) {
    boolean lesser = finding.form() == Finding.Form.LESSER;
    String fix =
        entry
            .acknowledgeable()
            .filter(each -> each.isInSpecs() && (each.when().isEmpty() || lesser))
            .map(each ->
                "%s or acknowledge {risk: %s, reason: WHY, until: DATE};"
                    .formatted(entry.instead(), each.risk()))
            .orElse(entry.instead());
    return Diagnostic.at(
        finding.at(),
        Code.EXPOSED,
        "%s: %s: %s".formatted(entry.id(), entry.title(), finding.found()),
        entry.gets(),
        fix + " see \"remit explain " + entry.id() + '"');
  }
}
