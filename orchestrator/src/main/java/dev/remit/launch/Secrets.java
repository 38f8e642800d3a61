package dev.remit.launch;

import dev.remit.diagnostic.Failure;
import dev.remit.plan.Inputs;
import dev.remit.secret.SecretEntry;
import dev.remit.secret.SecretSource;
import dev.remit.spec.Spec;
import java.util.ArrayList;
import java.util.List;

/** The secrets of one launch, wiped together. */
record Secrets(List<SecretEntry> entries) implements AutoCloseable {
  Secrets {
    entries = List.copyOf(entries);
  }

  /** Looks at their sizes again: a file may have grown since it was planned with. */
  static Secrets read(List<Spec.SecretReference> references, Inputs inputs, SecretSource source)
      throws Failure {
    var entries = new ArrayList<SecretEntry>();
    try {
      for (var reference : references) {
        entries.add(new SecretEntry(reference.guid(), source.read(reference.file())));
      }
      var overflow = inputs.overflow(entries.stream().map(entry -> entry.value().size()).toList());
      if (overflow.isPresent()) {
        throw new Failure(overflow.get());
      }
      return new Secrets(entries);
    } catch (Failure | RuntimeException cause) {
      entries.forEach(entry -> entry.value().close());
      throw cause;
    }
  }

  @Override
  public void close() {
    entries.forEach(entry -> entry.value().close());
  }
}
