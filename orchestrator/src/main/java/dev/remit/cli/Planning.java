package dev.remit.cli;

import dev.remit.app.Remit;
import dev.remit.diagnostic.BadInput;
import dev.remit.diagnostic.Failure;
import dev.remit.launch.Journals;
import dev.remit.launch.Launches;
import dev.remit.plan.Documents;
import dev.remit.plan.HostProbe;
import dev.remit.plan.Inputs;
import dev.remit.plan.Plan;
import dev.remit.plan.Planned;
import dev.remit.plan.Planner;

/** The way from documents to a plan, the same for a dry run and for a launch. */
final class Planning {
  private Planning() {}

  /** The right to launch under the name of a spec, or who has it. */
  static Journals.Reservation reserve(Remit remit, Documents documents) throws Failure {
    var journals = remit.journals();
    String name = documents.spec().name();
    String uri = documents.host().uri();
    var reserved = journals.reserve(name, uri);
    if (reserved.isEmpty()) {
      throw Launches.underWay(journals, name, uri);
    }
    return reserved.get();
  }

  /** The host, once nothing between the two documents speaks against it. */
  static HostAhead ahead(Remit remit, Documents documents, HostOptions options) throws BadInput {
    var contradictions = Planner.contradictions(documents.spec(), documents.host());
    if (!contradictions.isEmpty()) {
      throw new BadInput(contradictions);
    }
    return HostAhead.connect(remit, documents.host(), options.timeout);
  }

  /** What can be said without a host. */
  static Inputs inputs(Remit remit, Documents documents) throws BadInput {
    return ready(Inputs.examine(documents.spec(), remit.files()));
  }

  static Plan plan(Remit remit, Documents documents, Inputs inputs, HostProbe probe)
      throws Failure, BadInput {
    return ready(remit.planner().plan(documents, inputs, probe.probe()));
  }

  private static <T> T ready(Planned<T> planned) throws BadInput {
    return switch (planned) {
      case Planned.Ready<T>(T value) -> value;
      case Planned.Impossible<T> impossible -> throw new BadInput(impossible.problems());
    };
  }
}
