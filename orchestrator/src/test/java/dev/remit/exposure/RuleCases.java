package dev.remit.exposure;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Which entries are covered by a case, and where. */
final class RuleCases {
  /**
   * @param sign as the catalogue writes it
   */
  record Covered(String id, String sign) {}

  private RuleCases() {}

  static Set<Covered> covered() {
    var covered = new LinkedHashSet<Covered>();
    add(covered, DomainCases.ALL, "domain");
    add(covered, CommandLineCases.ALL, "command-line");
    add(covered, KernelCommandLineCases.ALL, "kernel-command-line");
    return covered;
  }

  private static void add(Set<Covered> covered, List<RuleCase> cases, String sign) {
    cases.forEach(one -> covered.add(new Covered(one.id(), sign)));
  }
}
