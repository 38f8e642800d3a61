package dev.remit.cli;

import dev.remit.diagnostic.BadInput;
import dev.remit.diagnostic.Failure;
import dev.remit.plan.Checkup;
import dev.remit.plan.Checkup.Finding;
import dev.remit.report.Answer;
import dev.remit.report.CheckupReport;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(
    name = "doctor",
    description = "Say what this machine and a host can do, each failure with its fix.")
final class DoctorCommand extends RemitCommand {
  @Mixin HostOptions hostOptions = new HostOptions();

  @Override
  Answer answer() throws Failure, BadInput {
    var remit = program.remit();
    var named = new SpecFiles(remit.files(), remit.clock()).host(hostOptions).spec();
    boolean simulated = named.insecureRoot().isPresent();
    var findings = new ArrayList<Finding>();
    findings.add(
        Finding.pass("Java", Runtime.version() + ", " + System.getProperty("java.vm.name", "?")));
    try (var host = remit.connect(named, hostOptions.timeout)) {
      findings.add(Finding.pass("connection", named.uri()));
      for (var finding :
          Checkup.of(
              host.probe(), remit.planner().anchors(named), remit.endorser(Optional.empty()))) {
        findings.add(simulated && finding.point().equals("KVM") ? withoutKvm(finding) : finding);
      }
    } catch (Failure failure) {
      var diagnostic = failure.diagnostic();
      findings.add(
          Finding.fail(
              "connection", diagnostic.what() + ": " + diagnostic.why(), diagnostic.fix()));
      findings.add(Finding.skip("SEV", "the host does not answer"));
    }
    return CheckupReport.of(named.name(), simulated, List.copyOf(findings));
  }

  private static Finding withoutKvm(Finding kvm) {
    return kvm.outcome() == Checkup.Outcome.PASS
        ? kvm
        : Finding.skip("KVM", "a simulated host does without");
  }
}
