package dev.remit.cli;

import dev.remit.app.Remit;
import dev.remit.bytes.MalformedException;
import dev.remit.diagnostic.BadInput;
import dev.remit.diagnostic.Code;
import dev.remit.diagnostic.Diagnostic;
import dev.remit.diagnostic.Failure;
import dev.remit.diagnostic.HostText;
import dev.remit.identity.LaunchId;
import dev.remit.launch.Hypervisor;
import dev.remit.launch.Journals;
import dev.remit.launch.Launches;
import dev.remit.plan.Documents;
import dev.remit.plan.Plan;
import dev.remit.plan.PlanDocument;
import dev.remit.report.Answer;
import dev.remit.report.Bundle;
import dev.remit.report.LifecycleReport;
import dev.remit.report.PlanReport;
import java.time.Duration;
import java.util.Optional;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Visibility;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.node.ObjectNode;

@Command(
    name = "relaunch",
    description =
        "End a VM and launch it again from the same documents: a reboot is a new launch, with a new"
            + " session and a new verdict.")
final class RelaunchCommand extends RemitCommand {
  private static final String SOMETHING_CHANGED =
      "the documents, a file that they name, or the host changed";

  @Parameters(index = "0", paramLabel = "NAME", description = "The VM's name.")
  String name = "";

  @Mixin HostOptions hostOptions = new HostOptions();

  @Option(
      names = "--stop-timeout",
      paramLabel = "DURATION",
      defaultValue = "2m",
      showDefaultValue = Visibility.ALWAYS,
      description =
          "Longest wait until the old VM has shut down; then the status is 5, and it is left"
              + " running.")
  Duration stopTimeout = Duration.ofMinutes(2);

  @Option(
      names = "--changed",
      description = "Go on where documents, files or host are not what they were.")
  boolean changed;

  @Option(names = "--dry-run", description = "Stop before anything is ended.")
  boolean dryRun;

  @Override
  Answer answer() throws Failure, BadInput {
    var remit = program.remit();
    var specFiles = new SpecFiles(remit.files(), remit.clock());
    var intent = Launches.newest(remit.journals(), name, specFiles.givenUri(hostOptions)).intent();
    var origin = intent.origin().orElseThrow(() -> new BadInput(noDocuments()));
    var documents = specFiles.documents(origin.spec().path(), hostOf(intent, origin));
    refuseOthers(documents, intent);
    if (dryRun) {
      return answer(remit, documents, intent, origin, Optional.empty());
    }
    try (var reservation = Planning.reserve(remit, documents)) {
      return answer(remit, documents, intent, origin, Optional.of(reservation));
    }
  }

  /** The old VM is ended only when nothing but the launch itself is left to go wrong. */
  private Answer answer(
      Remit remit,
      Documents documents,
      Journals.Intent intent,
      Journals.Origin origin,
      Optional<Journals.Reservation> reservation)
      throws Failure, BadInput {
    try (var ahead = Planning.ahead(remit, documents, hostOptions)) {
      say("reading and hashing the files of " + name);
      var inputs = Planning.inputs(remit, documents);
      say("asking host " + documents.host().name());
      var host = ahead.host();
      LeftOvers.tellUnreadable(remit, documents.host(), this::tell);
      if (reservation.isPresent()) {
        LeftOvers.end(remit, host, documents.host(), this::say);
        LeftOvers.recordEnds(remit, host, documents.host(), this::say);
      }
      var plan = Planning.plan(remit, documents, inputs, ahead::facts);
      refuseChanges(remit, intent.launchId(), plan, origin);
      var launches = new Launches(remit.journals(), host, documents.host().uri());
      var old = launches.named(name);
      if (reservation.isEmpty()) {
        return LifecycleReport.wouldRelaunch(old, plan);
      }
      end(remit, launches, old);
      return launch(remit, host, reservation.get(), plan);
    }
  }

  private void end(Remit remit, Launches launches, Launches.Known old) throws Failure {
    if (!old.hasNotEnded()) {
      return;
    }
    say("asking " + name + " (" + old.launchId() + ") to shut down");
    launches.stop(old);
    if (launches.waitForEnd(old, remit.waiting(stopTimeout)).isEmpty()) {
      throw LifecycleReport.hasNotEnded(
          old,
          stopTimeout,
          "give it more time, or end it by \"remit destroy " + name + "\" and relaunch it then");
    }
  }

  private Answer launch(Remit remit, Hypervisor host, Journals.Reservation reservation, Plan plan)
      throws Failure {
    var launch = new LaunchCommand();
    launch.program = program;
    launch.output = output;
    launch.hostOptions = hostOptions;
    return launch.launch(remit, host, reservation, plan);
  }

  /** As given; else as at the last launch. */
  private HostOptions hostOf(Journals.Intent intent, Journals.Origin origin) {
    if (hostOptions.which.isGiven()) {
      return hostOptions;
    }
    var options = new HostOptions();
    options.which.file = origin.host().map(host -> host.path()).orElse(null);
    options.which.uri = origin.host().isPresent() ? null : intent.uri();
    return options;
  }

  private Diagnostic noDocuments() {
    return Diagnostic.of(
        Code.NO_DOCUMENTS,
        "the journal of " + new HostText(name) + " does not name the documents it was made from",
        "an earlier release wrote it, and noted less",
        "end it by \"remit stop " + new HostText(name) + "\", then \"remit launch SPEC\"");
  }

  /** Another name or host is another launch, whatever may have changed. */
  private void refuseOthers(Documents documents, Journals.Intent intent) throws BadInput {
    if (!documents.spec().name().equals(name)) {
      throw new BadInput(
          Diagnostic.of(
              Code.INPUT_CHANGED,
              "the document " + documents.specSource().path() + " is not of " + name + " any more",
              "it describes " + documents.spec().name(),
              "end the one by \"remit stop\", and launch the other by \"remit launch\""));
    }
    if (!documents.host().uri().equals(intent.uri())) {
      throw new BadInput(
          Diagnostic.of(
              Code.INPUT_CHANGED,
              "the host of " + name + " is not the one of its last launch",
              "that was " + intent.uri() + ", and this is " + documents.host().uri(),
              "end it there by \"remit stop\", and launch it here by \"remit launch\""));
    }
  }

  private void refuseChanges(Remit remit, LaunchId launchId, Plan plan, Journals.Origin origin)
      throws Failure, BadInput {
    if (plan.digest().equals(origin.plan())) {
      return;
    }
    if (changed) {
      say("the plan is not that of the last launch; --changed accepts that");
      return;
    }
    throw new BadInput(
        Diagnostic.of(
            Code.INPUT_CHANGED,
            "the plan of " + name + " is not that of its last launch",
            "%s; it was plan %s, and is %s now"
                .formatted(
                    whatChanged(remit, launchId, plan, origin),
                    origin.plan().hex(),
                    plan.digest().hex()),
            "put back what was changed; or see \"remit plan\", and say --changed"));
  }

  /** The evidence of the last launch has its plan, where it was kept and nobody edited it. */
  private static String whatChanged(
      Remit remit, LaunchId launchId, Plan plan, Journals.Origin origin) throws Failure {
    try {
      var bundle = remit.bundles().read(launchId);
      if (bundle.isPresent()
          && Bundle.parse(bundle.get()).path("plan") instanceof ObjectNode stored
          && PlanDocument.isWhole(stored)
          && stored.path("digest").asString("").equals("sha256:" + origin.plan().hex())) {
        return PlanDocument.differences(stored, plan).stream()
            .filter(part -> !part.equals("digest"))
            .map(part -> "\"" + part + "\" changed (" + PlanReport.change(part) + ")")
            .collect(Collectors.joining("; "));
      }
    } catch (MalformedException notKept) {
      return SOMETHING_CHANGED;
    }
    return SOMETHING_CHANGED;
  }
}
