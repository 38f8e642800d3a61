package dev.remit.report;

import dev.remit.exposure.Entry;
import dev.remit.exposure.Exposure;
import dev.remit.exposure.Finding;
import java.util.stream.Collectors;

/** What a host can still make of a launch, in one line each. */
final class ExposureReport {
  private ExposureReport() {}

  /** By id, so that each can be explained. */
  static String residual(Exposure exposure) {
    return "remains in every such guest: "
        + exposure.residual().stream().map(Entry::id).collect(Collectors.joining(", "));
  }

  /** Empty where nothing warns. */
  static String warnings(Exposure exposure) {
    return exposure.warnings().stream()
        .map(Finding::id)
        .distinct()
        .sorted()
        .collect(Collectors.joining(", "));
  }
}
