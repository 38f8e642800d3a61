package dev.remit.cli;

import dev.remit.bytes.Bytes;
import dev.remit.bytes.MalformedException;
import dev.remit.diagnostic.Diagnostic;
import dev.remit.exposure.Checks;
import dev.remit.exposure.CommandLineRules;
import dev.remit.exposure.DomainRules;
import dev.remit.exposure.DomainXml;
import dev.remit.exposure.EmulatorArguments;
import dev.remit.exposure.Findings;
import dev.remit.exposure.KernelCommandLine;
import dev.remit.exposure.KernelCommandLineRules;
import dev.remit.exposure.SubjectKind;
import dev.remit.exposure.Technology;
import dev.remit.exposure.TextPlace;
import dev.remit.exposure.WrappedDomains;
import dev.remit.spec.HostReader;
import dev.remit.spec.Read;
import dev.remit.spec.SpecReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/** All rules over files, joined. */
final class CheckRules {
  private static final Pattern HOST = Pattern.compile("(?m)^[\"']?kind[\"']?:\\s*[\"']?Host\\b");

  private CheckRules() {}

  /**
   * Every rule that there is.
   *
   * @param given names of the files that are given in one run, without folders
   */
  static Checks all(Set<String> given, InstantSource clock) {
    var today = LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC);
    return new Checks(
        Map.of(
            SubjectKind.DOMAIN,
            (file, text, findings, unreadable) -> domains(file, text, findings),
            SubjectKind.COMMAND_LINE,
            (file, text, findings, unreadable) -> {
              var line = EmulatorArguments.parse(file, text);
              CommandLineRules.check(line, findings);
              return CommandLineRules.technologies(line);
            },
            SubjectKind.SPEC,
            (file, text, findings, unreadable) -> spec(file, text, unreadable, today)),
        CheckRules::kernelWords,
        given);
  }

  private static Set<Technology> domains(String file, String text, Findings findings)
      throws MalformedException {
    var used = EnumSet.noneOf(Technology.class);
    for (String domain : WrappedDomains.in(text)) {
      var document = DomainXml.parse(file, domain);
      DomainRules.check(document, findings);
      used.addAll(DomainRules.technologies(document));
    }
    return used;
  }

  private static void kernelWords(String words, TextPlace place, Findings findings) {
    KernelCommandLineRules.check(KernelCommandLine.parse(words, place), findings);
  }

  /** The readers of Remit's own documents know every rule about them. */
  private static Set<Technology> spec(
      String file, String text, Consumer<Diagnostic> unreadable, LocalDate today) {
    var content = Bytes.copyOf(text.getBytes(StandardCharsets.UTF_8));
    Path folder = Path.of("").toAbsolutePath();
    Read<?> read =
        HOST.matcher(text).find()
            ? HostReader.read(file, folder, content)
            : SpecReader.read(file, folder, content, today);
    if (read instanceof Read.Rejected<?> rejected) {
      rejected.problems().forEach(unreadable);
    }
    return EnumSet.allOf(Technology.class);
  }
}
