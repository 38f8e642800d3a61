package dev.remit.exposure;

import java.util.List;
import java.util.stream.Stream;

/** Texts of each kind, as their tests have them. */
public final class Samples {
  private Samples() {}

  public static List<String> domains() {
    return List.of(
        DomainCases.BASE, DomainCases.SEV_ES_BASE, DomainCases.TDX_BASE, DomainCases.PV_BASE);
  }

  public static List<String> commandLines() {
    return List.of(
        CommandLineCases.BASE,
        CommandLineCases.SEV_ES_BASE,
        CommandLineCases.TDX_BASE,
        CommandLineCases.PV_BASE);
  }

  public static List<String> kernelCommandLines() {
    return both(
        KernelCommandLineCases.ALL.stream()
            .flatMap(each -> Stream.of(each.trips(), each.passes())));
  }

  public static List<String> userData() {
    return texts(UserDataCases.ALL);
  }

  public static List<String> manifests() {
    return texts(ManifestCases.KUBEVIRT);
  }

  public static List<String> plans() {
    return texts(ManifestCases.KCLI);
  }

  private static List<String> texts(List<TextCase> cases) {
    return both(cases.stream().flatMap(each -> Stream.of(each.tripping(), each.passing())));
  }

  private static List<String> both(Stream<String> texts) {
    return texts.distinct().toList();
  }
}
