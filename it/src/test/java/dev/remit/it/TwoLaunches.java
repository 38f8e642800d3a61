package dev.remit.it;

import dev.remit.app.Remit;
import dev.remit.bytes.Bytes;
import dev.remit.diagnostic.Failure;
import dev.remit.identity.LaunchId;
import dev.remit.measurement.Sha256;
import dev.remit.plan.Documents;
import dev.remit.plan.Inputs;
import dev.remit.plan.Planned;
import dev.remit.plan.SourceDocument;
import dev.remit.spec.HostReader;
import dev.remit.spec.HostSpec;
import dev.remit.spec.Read;
import dev.remit.spec.Spec;
import dev.remit.spec.SpecReader;
import dev.remit.trust.Trusted;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.time.LocalDate;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.FutureTask;

/** A process that launches two guests at the same time, each on a thread of its own. */
final class TwoLaunches {
  private static final Duration DEADLINE = Duration.ofMinutes(2);

  private TwoLaunches() {}

  /**
   * Says of each how it came out, one line each.
   *
   * @param arguments state folder, host document, and two specs
   */
  public static void main(String[] arguments) throws Exception {
    var remit = new Remit(Path.of(arguments[0]), InstantSource.system());
    var hostDocument = Path.of(arguments[1]);
    var together = new CyclicBarrier(2);
    var launches =
        List.of(arguments[2], arguments[3]).stream()
            .map(spec -> new FutureTask<>(launch(remit, hostDocument, Path.of(spec), together)))
            .toList();
    launches.forEach(launch -> Thread.ofPlatform().start(launch));
    for (var launch : launches) {
      System.out.println(launch.get());
    }
  }

  private static Callable<String> launch(
      Remit remit, Path hostDocument, Path specFile, CyclicBarrier together) {
    return () -> {
      var documents = documents(hostDocument, specFile);
      try (var host = remit.connect(documents.host(), DEADLINE)) {
        var inputs = ready(Inputs.examine(documents.spec(), remit.files()));
        var plan = ready(remit.planner().plan(documents, inputs, host.probe()));
        together.await();
        var report =
            remit.launcher(host, stage -> {}).launch(new LaunchId(UUID.randomUUID()), plan);
        return documents.spec().name()
            + (report.verdict() instanceof Trusted ? " TRUSTED" : " " + report.verdict());
      }
    };
  }

  private static Documents documents(Path hostDocument, Path specFile) throws IOException, Failure {
    Read<Spec> spec =
        SpecReader.read(
            specFile.toString(), folder(specFile), content(specFile), LocalDate.of(2026, 11, 1));
    Read<HostSpec> host =
        HostReader.read(hostDocument.toString(), folder(hostDocument), content(hostDocument));
    return new Documents(
        source(specFile), good(spec), Optional.of(source(hostDocument)), good(host));
  }

  private static SourceDocument source(Path file) throws IOException {
    return new SourceDocument(file, Sha256.of(content(file)));
  }

  private static Path folder(Path file) {
    return Objects.requireNonNull(file.getParent());
  }

  private static Bytes content(Path file) throws IOException {
    return Bytes.copyOf(Files.readAllBytes(file));
  }

  private static <T> T good(Read<T> read) {
    return switch (read) {
      case Read.Good<T>(T value) -> value;
      case Read.Rejected<T> rejected -> throw new AssertionError(rejected.problems());
    };
  }

  private static <T> T ready(Planned<T> planned) {
    return switch (planned) {
      case Planned.Ready<T>(T value) -> value;
      case Planned.Impossible<T> impossible -> throw new AssertionError(impossible.problems());
    };
  }
}
