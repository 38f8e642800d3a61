package dev.remit.cli;

import dev.remit.diagnostic.BadInput;
import dev.remit.diagnostic.Code;
import dev.remit.diagnostic.Diagnostic;
import dev.remit.platform.CpuSignature;

/** The processor that options name. */
final class Signatures {
  private Signatures() {}

  static CpuSignature of(MeasureCommand.Cpu cpu) throws BadInput {
    if (cpu.model != null) {
      return cpu.model.signature();
    }
    if (cpu.numbers == null) {
      throw new IllegalStateException("the parser asks for one of the two");
    }
    try {
      return new CpuSignature(cpu.numbers.family, cpu.numbers.model, cpu.numbers.stepping);
    } catch (IllegalArgumentException outside) {
      throw new BadInput(
          Diagnostic.of(
              Code.WRONG_USAGE,
              String.valueOf(outside.getMessage()),
              "larger numbers do not fit into CPUID",
              "write the numbers as CPUID has them, or QEMU's name as --cpu"));
    }
  }
}
