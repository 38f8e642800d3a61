package dev.remit.cli;

import dev.remit.diagnostic.BadInput;
import dev.remit.platform.CpuSignature;
import picocli.CommandLine.Option;

/** A processor by its numbers. */
final class CpuNumbers {
  @Option(names = "--cpu-family", required = true, paramLabel = "N", description = "As CPUID.")
  int family;

  @Option(names = "--cpu-model", required = true, paramLabel = "N", description = "As CPUID.")
  int model;

  @Option(names = "--cpu-stepping", required = true, paramLabel = "N", description = "As CPUID.")
  int stepping;

  CpuSignature signature() throws BadInput {
    try {
      return new CpuSignature(family, model, stepping);
    } catch (IllegalArgumentException outside) {
      throw WrongUsage.of(
          String.valueOf(outside.getMessage()),
          "larger numbers do not fit into CPUID",
          "write the numbers as CPUID has them, or QEMU's name as --cpu");
    }
  }
}
