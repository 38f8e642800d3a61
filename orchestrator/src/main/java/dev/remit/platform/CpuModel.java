package dev.remit.platform;

import java.util.List;
import java.util.Optional;

/**
 * A processor model by QEMU's name, with the signature that QEMU gives its guest (QEMU,
 * target/i386/cpu.c).
 */
public record CpuModel(String name, CpuSignature signature) {
  private static final CpuSignature NAPLES = new CpuSignature(23, 1, 2);
  private static final CpuSignature ROME = new CpuSignature(23, 49, 0);
  private static final CpuSignature MILAN = new CpuSignature(25, 1, 1);
  private static final CpuSignature GENOA = new CpuSignature(25, 17, 0);
  private static final CpuSignature TURIN = new CpuSignature(26, 0, 0);

  private static final List<CpuModel> KNOWN =
      List.of(
          new CpuModel("EPYC", NAPLES),
          new CpuModel("EPYC-v1", NAPLES),
          new CpuModel("EPYC-v2", NAPLES),
          new CpuModel("EPYC-v3", NAPLES),
          new CpuModel("EPYC-v4", NAPLES),
          new CpuModel("EPYC-IBPB", NAPLES),
          new CpuModel("EPYC-Rome", ROME),
          new CpuModel("EPYC-Rome-v1", ROME),
          new CpuModel("EPYC-Rome-v2", ROME),
          new CpuModel("EPYC-Rome-v3", ROME),
          new CpuModel("EPYC-Milan", MILAN),
          new CpuModel("EPYC-Milan-v1", MILAN),
          new CpuModel("EPYC-Milan-v2", MILAN),
          new CpuModel("EPYC-Genoa", GENOA),
          new CpuModel("EPYC-Genoa-v1", GENOA),
          new CpuModel("EPYC-Turin", TURIN),
          new CpuModel("EPYC-Turin-v1", TURIN));

  public static List<CpuModel> known() {
    return KNOWN;
  }

  public static Optional<CpuModel> named(String name) {
    return KNOWN.stream().filter(model -> model.name().equals(name)).findFirst();
  }
}
