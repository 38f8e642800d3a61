package dev.remit.exposure;

import dev.remit.platform.Protection;
import java.util.ArrayList;
import java.util.List;

/**
 * What a host can still make of a launch that nothing refuses.
 *
 * @param taken what the owner acknowledged, in the order in which it was found
 * @param warnings what he should know
 * @param residual what no guest of this protection can avoid, in the order of the catalogue
 */
public record Exposure(List<Taken> taken, List<Finding> warnings, List<Entry> residual) {
  public Exposure {
    taken = List.copyOf(taken);
    warnings = List.copyOf(warnings);
    residual = List.copyOf(residual);
  }

  /**
   * A finding whose risk is acknowledged.
   *
   * @param risk its name in the spec
   */
  public record Taken(Finding finding, String risk) {}

  /** Of a guest of which nothing was looked at yet. */
  public static Exposure of(Protection protection) {
    var technology = Technology.of(protection);
    return new Exposure(
        List.of(),
        List.of(),
        Catalogue.builtIn().entries().stream()
            .filter(entry -> entry.byDefault() == Default.RESIDUAL || entry.unseenWarning())
            .filter(entry -> entry.technologies().contains(technology))
            .toList());
  }

  /** Both, of one guest. */
  public Exposure with(Exposure more) {
    var allTaken = new ArrayList<>(taken);
    allTaken.addAll(more.taken);
    var allWarnings = new ArrayList<>(warnings);
    allWarnings.addAll(more.warnings);
    return new Exposure(
        allTaken.stream().distinct().toList(), allWarnings.stream().distinct().toList(), residual);
  }
}
