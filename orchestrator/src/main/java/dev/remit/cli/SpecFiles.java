package dev.remit.cli;

import dev.remit.bytes.Bytes;
import dev.remit.diagnostic.BadInput;
import dev.remit.diagnostic.Diagnostic;
import dev.remit.diagnostic.Failure;
import dev.remit.measurement.Sha256;
import dev.remit.plan.Documents;
import dev.remit.plan.InputFiles;
import dev.remit.plan.SourceDocument;
import dev.remit.spec.HostReader;
import dev.remit.spec.HostSpec;
import dev.remit.spec.Read;
import dev.remit.spec.Spec;
import dev.remit.spec.SpecReader;
import java.nio.file.Path;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads the documents that a command names. */
final class SpecFiles {
  /** Bytes; the readers refuse more by a diagnostic of their own. */
  private static final int LARGEST = 1 << 20;

  private static final String DEFAULT_URI = "qemu:///system";

  private final InputFiles files;
  private final LocalDate today;

  SpecFiles(InputFiles files, InstantSource clock) {
    this.files = files;
    this.today = LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC);
  }

  /** Both documents, with the problems of both. */
  Documents documents(Path specFile, HostOptions options) throws Failure, BadInput {
    var content = files.read(specFile, LARGEST);
    var spec = spec(specFile, content);
    var problems = new ArrayList<Diagnostic>();
    if (spec instanceof Read.Rejected<Spec> rejected) {
      problems.addAll(rejected.problems());
    }
    try {
      var host = host(options);
      if (spec instanceof Read.Good<Spec>(Spec good)) {
        return new Documents(source(specFile, content), good, host.source(), host.spec());
      }
    } catch (BadInput bad) {
      problems.addAll(bad.problems());
    }
    throw new BadInput(problems);
  }

  Spec spec(Path file) throws Failure, BadInput {
    return good(spec(file, files.read(file, LARGEST)));
  }

  private Read<Spec> spec(Path file, Bytes content) {
    return SpecReader.read(file.toString(), folder(file), content, today);
  }

  NamedHost host(HostOptions options) throws Failure, BadInput {
    Path file = options.which.file;
    if (file == null) {
      return new NamedHost(Optional.empty(), hostOfUri(options.which.uri));
    }
    var content = files.read(file, LARGEST);
    return new NamedHost(
        Optional.of(source(file, content)),
        good(HostReader.read(file.toString(), folder(file), content)));
  }

  /** For those who find the host in a journal; empty where none was named as an option. */
  Optional<String> givenUri(HostOptions options) throws Failure, BadInput {
    return options.which.isGiven() ? Optional.of(host(options).spec().uri()) : Optional.empty();
  }

  private static HostSpec hostOfUri(@Nullable String written) throws BadInput {
    String uri =
        written == null ? System.getenv().getOrDefault("REMIT_CONNECT", DEFAULT_URI) : written;
    String allowed = good(HostReader.connection(uri, Path.of("").toAbsolutePath()));
    return new HostSpec(
        "named by its URI", allowed, Optional.empty(), Optional.empty(), Optional.empty());
  }

  private static <T> T good(Read<T> read) throws BadInput {
    return switch (read) {
      case Read.Good<T>(T value) -> value;
      case Read.Rejected<T>(List<Diagnostic> problems) -> throw new BadInput(problems);
    };
  }

  private static SourceDocument source(Path file, Bytes content) {
    return new SourceDocument(file.toAbsolutePath().normalize(), Sha256.of(content));
  }

  private static Path folder(Path file) {
    Path parent = file.toAbsolutePath().getParent();
    return parent == null ? file.toAbsolutePath() : parent;
  }

  /** A host and the document that names it. */
  record NamedHost(Optional<SourceDocument> source, HostSpec spec) {}
}
