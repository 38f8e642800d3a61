package dev.remit.cli;

import dev.remit.diagnostic.BadInput;
import dev.remit.platform.CpuModel;
import dev.remit.platform.CpuSignature;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Option;

/** A processor by QEMU's name of it, or by numbers. */
final class CpuOptions {
  @Option(
      names = "--cpu",
      paramLabel = "NAME",
      description = "QEMU's name, for example EPYC-Milan.")
  @Nullable CpuModel model;

  @ArgGroup(exclusive = false)
  @Nullable CpuNumbers numbers;

  CpuSignature signature() throws BadInput {
    if (model != null) {
      return model.signature();
    }
    if (numbers == null) {
      throw new IllegalStateException("the parser asks for one of the two");
    }
    return numbers.signature();
  }
}
