package dev.remit.cli;

import dev.remit.diagnostic.BadInput;
import dev.remit.diagnostic.Diagnostic;
import dev.remit.diagnostic.Failure;
import dev.remit.exposure.Checked;
import dev.remit.exposure.Checks;
import dev.remit.exposure.SubjectKind;
import dev.remit.exposure.Technology;
import dev.remit.report.Answer;
import dev.remit.report.CheckReport;
import dev.remit.report.JunitReport;
import dev.remit.report.SarifReport;
import java.io.IOException;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "check",
    description =
        "Look through files of anybody for what a host could read or change: domains of libvirt,"
            + " command lines, user data, manifests of KubeVirt, plans of kcli, disks, media,"
            + " initrds and firmware.")
final class CheckCommand extends AnyCommand {
  @Parameters(
      index = "0..*",
      arity = "1..*",
      paramLabel = "FILE",
      description = "What to look through; - is the standard input.")
  List<String> files = List.of();

  @Option(
      names = "--as",
      paramLabel = "KIND",
      description =
          "What the files are, where they do not say it: domain, kubevirt, kcli, qemu, cmdline,"
              + " user-data, spec, firmware or image.")
  @Nullable SubjectKind as;

  @Option(
      names = "--tee",
      paramLabel = "KIND",
      description =
          "Judge for this technology: sev, sev-es, sev-snp, tdx or s390-pv; default: what a file"
              + " asks for, else all.")
  @Nullable Technology tee;

  @Mixin CheckOutput output = new CheckOutput();

  /** Files may hold secrets, which are seen and never kept. */
  @Override
  boolean holdsSecrets() {
    return true;
  }

  @Override
  Answer answer() throws Failure, BadInput {
    var checked = new ArrayList<Checked>();
    try (var given = new GivenFiles(files, program.remit().files())) {
      var checks =
          new Checks(LocalDate.ofInstant(program.remit().clock().instant(), ZoneOffset.UTC), given);
      for (String file : files) {
        checked.add(check(file, checks));
      }
    }
    Set<Technology> technologies = tee == null ? Set.of() : EnumSet.of(tee);
    return switch (output.form) {
      case text, json -> CheckReport.of(checked, technologies, output.verbose);
      case sarif -> SarifReport.of(checked, technologies, Version.number());
      case junit -> JunitReport.of(checked, technologies);
    };
  }

  private Checked check(String file, Checks checks) {
    String shown = GivenFile.shown(file);
    try (var open = GivenFile.open(file, program.remit().files())) {
      return checks.check(shown, open, Optional.ofNullable(as));
    } catch (BadInput bad) {
      return unreadable(shown, bad.problems());
    } catch (Failure failure) {
      return unreadable(shown, failure.diagnostics());
    } catch (IOException cause) {
      return unreadable(shown, List.of(Diagnostic.brokenFile(shown, cause)));
    }
  }

  private static Checked unreadable(String file, List<Diagnostic> problems) {
    return new Checked(
        file,
        Optional.empty(),
        EnumSet.allOf(Technology.class),
        Optional.empty(),
        List.of(),
        problems);
  }

  @Override
  void show(Answer answer) {
    program
        .terminal()
        .answer(
            answer,
            switch (output.form) {
              case text, junit -> Terminal.Form.text;
              case json, sarif -> Terminal.Form.json;
            });
  }

  @Override
  boolean quiet() {
    return output.quiet;
  }

  @Override
  boolean verbose() {
    return output.verbose;
  }

  @Override
  Terminal.Form newsForm() {
    return output.form == CheckOutput.Form.json ? Terminal.Form.json : Terminal.Form.text;
  }
}
