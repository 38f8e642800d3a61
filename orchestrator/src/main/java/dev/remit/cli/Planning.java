package dev.remit.cli;

import dev.remit.adapter.libvirt.LibvirtHost;
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
  static HostAhead<LibvirtHost> ahead(Remit remit, Documents documents, HostOptions options)
      throws BadInput {
    var contradictions = Planner.contradictions(documents.spec(), documents.host());
    if (!contradictions.isEmpty()) {
      throw new BadInput(contradictions);
    }
    HostAhead.Connecting<LibvirtHost> connecting =
        () -> remit.connect(documents.host(), options.timeout);
    // An embedded libvirt starts QEMU itself, which would be left behind where a file is bad.
    return LibvirtHost.isEmbedded(documents.host().uri())
        ? HostAhead.later(connecting)
        : HostAhead.now(connecting);
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
