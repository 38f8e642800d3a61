package dev.remit.cli;

import dev.remit.app.BundleStore;
import dev.remit.app.Remit;
import dev.remit.bytes.MalformedException;
import dev.remit.diagnostic.BadInput;
import dev.remit.diagnostic.Code;
import dev.remit.diagnostic.Diagnostic;
import dev.remit.diagnostic.Failure;
import dev.remit.diagnostic.HostText;
import dev.remit.diagnostic.Location;
import dev.remit.identity.LaunchId;
import dev.remit.launch.Hypervisor;
import dev.remit.launch.Journals;
import dev.remit.launch.LaunchReport;
import dev.remit.launch.Launcher;
import dev.remit.launch.Progress;
import dev.remit.plan.Documents;
import dev.remit.plan.Plan;
import dev.remit.plan.PlanDocument;
import dev.remit.report.Answer;
import dev.remit.report.Bundle;
import dev.remit.report.PlanReport;
import dev.remit.report.VerdictReport;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.node.ObjectNode;

@Command(
    name = "launch",
    description =
        "Start a VM held, judge its evidence, and only then hand over the secret. Whatever is not"
            + " trusted is destroyed.")
final class LaunchCommand extends RemitCommand {
  private static final Duration PATIENCE_WHEN_INTERRUPTED = Duration.ofSeconds(20);

  /** Empty until the evidence was judged. */
  private Optional<LaunchReport> judged = Optional.empty();

  @ArgGroup(multiplicity = "1")
  What what = new What();

  @Mixin HostOptions hostOptions = new HostOptions();

  @Option(names = "--dry-run", description = "Stop before anything is started.")
  boolean dryRun;

  /** A launch is told by a spec, or by a plan that was made before. */
  static final class What {
    @Parameters(index = "0", paramLabel = "SPEC", description = "The VM's document.")
    @Nullable Path spec;

    @Option(
        names = "--plan",
        paramLabel = "PLAN",
        description = "A plan that \"remit plan --out\" wrote; any change since then stops it.")
    @Nullable Path plan;
  }

  @Override
  Answer answer() throws Failure, BadInput {
    var remit = program.remit();
    var specFiles = new SpecFiles(remit.files(), remit.clock());
    Path planFile = what.plan;
    @Nullable ObjectNode stored = planFile == null ? null : readPlan(planFile);
    Documents documents =
        stored == null
            ? specFiles.documents(specFile(), hostOptions)
            : storedDocuments(specFiles, stored);
    if (dryRun) {
      return answer(remit, documents, stored, Optional.empty());
    }
    // Before anything that takes long: whoever comes second is told at once.
    try (var reservation = Planning.reserve(remit, documents)) {
      return answer(remit, documents, stored, Optional.of(reservation));
    }
  }

  /**
   * What there is to say.
   *
   * @param reservation empty in a dry run
   */
  private Answer answer(
      Remit remit,
      Documents documents,
      @Nullable ObjectNode stored,
      Optional<Journals.Reservation> reservation)
      throws Failure, BadInput {
    try (var ahead = Planning.ahead(remit, documents, hostOptions)) {
      say("reading and hashing the files of " + documents.spec().name());
      var inputs = Planning.inputs(remit, documents);
      say("asking host " + documents.host().name());
      var host = ahead.host();
      LeftOvers.tellUnreadable(remit, documents.host(), this::tell);
      if (dryRun) {
        LeftOvers.name(remit, documents.host(), this::say);
      } else {
        LeftOvers.end(remit, host, documents.host(), this::say);
        LeftOvers.recordEnds(remit, host, documents.host(), this::say);
      }
      var plan = Planning.plan(remit, documents, inputs, ahead::facts);
      if (stored != null) {
        refuseChanges(stored, plan);
      }
      if (reservation.isEmpty()) {
        return PlanReport.of(plan);
      }
      return launch(remit, host, reservation.get(), plan);
    }
  }

  /** The same for every command that launches. */
  Answer launch(Remit remit, Hypervisor host, Journals.Reservation reservation, Plan plan)
      throws Failure {
    try {
      return answer(launch(remit.launcher(host, progress()), reservation, plan), remit.bundles());
    } catch (Failure failure) {
      judged.ifPresent(report -> keep(report, remit.bundles()));
      throw failure;
    }
  }

  private Progress progress() {
    return new Progress() {
      @Override
      public void stage(String what) {
        say(what);
      }

      @Override
      public void judged(LaunchReport report) {
        judged = Optional.of(report);
      }
    };
  }

  /** The verdict is the answer, whether its evidence can be kept or not. */
  Answer answer(LaunchReport launched, BundleStore bundles) {
    keep(launched, bundles);
    return VerdictReport.of(launched);
  }

  private void keep(LaunchReport launched, BundleStore bundles) {
    try {
      say("evidence written to " + bundles.write(launched.launchId(), Bundle.write(launched)));
    } catch (Failure failure) {
      tell(failure);
    }
  }

  private LaunchReport launch(Launcher launcher, Journals.Reservation reservation, Plan plan)
      throws Failure {
    try (var _ = OnInterrupt.run(() -> interrupt(launcher))) {
      return launcher.launch(reservation, new LaunchId(UUID.randomUUID()), plan);
    }
  }

  private void interrupt(Launcher launcher) {
    try {
      var patience =
          hostOptions.timeout.compareTo(PATIENCE_WHEN_INTERRUPTED) < 0
              ? hostOptions.timeout
              : PATIENCE_WHEN_INTERRUPTED;
      boolean atRest = launcher.interrupt(patience);
      program
          .terminal()
          .say(
              atRest
                  ? "remit: interrupted; what was not released is destroyed"
                  : "remit: interrupted; the host does not answer, and the next run destroys what is"
                      + " left");
    } catch (Failure failure) {
      program
          .terminal()
          .say(
              "remit: interrupted; the next run destroys what is left: "
                  + failure.diagnostic().what());
    }
  }

  private Path specFile() {
    if (what.spec == null) {
      throw new IllegalStateException("the parser asks for a spec or a plan");
    }
    return what.spec;
  }

  private ObjectNode readPlan(Path file) throws Failure, BadInput {
    try {
      return PlanDocument.parse(program.remit().files().read(file, PlanDocument.LARGEST));
    } catch (MalformedException malformed) {
      throw new BadInput(notAPlan(file, malformed));
    }
  }

  private Documents storedDocuments(SpecFiles specFiles, ObjectNode stored)
      throws Failure, BadInput {
    PlanDocument.Origin origin;
    try {
      origin = PlanDocument.origin(stored);
    } catch (MalformedException malformed) {
      throw new BadInput(notAPlan(specFileOfPlan(), malformed));
    }
    if (hostOptions.which.file != null || hostOptions.which.uri != null) {
      throw WrongUsage.of(
          "a plan names its host",
          "the plan was made for " + new HostText(origin.uri()),
          "leave out --host and --connect, or plan again for the other host");
    }
    var options = new HostOptions();
    options.which.file = origin.host().orElse(null);
    options.which.uri = origin.host().isPresent() ? null : origin.uri();
    return specFiles.documents(origin.spec(), options);
  }

  private Path specFileOfPlan() {
    return what.plan == null ? Path.of("") : what.plan;
  }

  private static Diagnostic notAPlan(Path file, MalformedException malformed) {
    return Diagnostic.at(
        new Location.InFile(file.toString()),
        Code.NOT_A_PLAN,
        "the file is not a plan that this release can read",
        String.valueOf(malformed.getMessage()),
        "make one with \"remit plan SPEC --out PLAN\"");
  }

  private static void refuseChanges(ObjectNode stored, Plan now) throws BadInput {
    var problems = new ArrayList<Diagnostic>();
    for (String part : PlanDocument.differences(stored, now)) {
      if (part.equals("digest")) {
        continue;
      }
      problems.add(
          Diagnostic.of(
              Code.INPUT_CHANGED,
              "the part \"" + part + "\" of the plan is not what it was",
              PlanReport.change(part),
              "plan again with \"remit plan\" and compare the two, or put back what was changed"));
    }
    if (!problems.isEmpty()) {
      throw new BadInput(List.copyOf(problems));
    }
  }
}
