package dev.remit.report;

import dev.remit.bytes.Bytes;
import dev.remit.diagnostic.ExitStatus;
import dev.remit.diagnostic.HostText;
import dev.remit.endorsement.CaCertificate;
import dev.remit.endorsement.SevCertificate;
import dev.remit.endorsement.SevChain;
import dev.remit.firmware.Area;
import dev.remit.firmware.FirmwareImage;
import dev.remit.image.LuksHeader;
import dev.remit.image.Region;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/**
 * What a file says, decoded field by field. Nothing of it is verified, and the first line says so.
 */
public final class InspectReport {
  private static final String FIRST_LINE = "decoded, not verified";

  private final StringBuilder text = new StringBuilder(FIRST_LINE);
  private final ObjectNode json;

  private InspectReport(String kind) {
    json = Json.of("remit.inspect/1");
    json.put("note", FIRST_LINE);
    json.put("kind", kind);
    text.append("\nkind: ").append(kind);
  }

  public static Answer of(SevChain chain) {
    return tree("SEV certificate chain", ChainTree.of(chain));
  }

  /** The {@code cert-chain} of libvirt. */
  public static Answer of(SevCertificate pek, SevCertificate oca, SevCertificate cek) {
    return tree("SEV certificates above a PDH", ChainTree.of(pek, oca, cek));
  }

  public static Answer of(SevCertificate certificate) {
    return tree("SEV certificate", ChainTree.of(certificate));
  }

  /** One of AMD's, or two. */
  public static Answer of(List<CaCertificate> certificates) {
    return tree(
        certificates.size() == 1 ? "AMD CA certificate" : "AMD CA certificates",
        ChainTree.of(certificates));
  }

  private static Answer tree(String kind, ChainTree tree) {
    var report = new InspectReport(kind);
    report
        .text
        .append("\n\n")
        .append(tree.text())
        .append("\n\n")
        .append(ChainTree.LEGEND)
        .append(": so the certificates say");
    report.json.set("certificates", tree.json());
    return report.answer();
  }

  public static Answer of(FirmwareImage image) {
    var report = new InspectReport("OVMF firmware");
    report.field("flavour", image.flavour().title());
    report.field("size", image.size() + " bytes");
    report.field("hash table", area(image.hashTable()));
    report.field("secret area", area(image.secretArea()));
    report.field(
        "SEV-ES reset address", image.sevEsResetAddress().map("0x%08x"::formatted).orElse("none"));
    for (var section : image.sections()) {
      report.field(
          "section " + section.name(),
          "0x%08x, %d bytes".formatted(section.address(), section.size()));
    }
    return report.answer();
  }

  /** An image, layer by layer; a LUKS2 header, which says more of itself, is among its layers. */
  public static Answer of(Region image, Optional<LuksHeader> luks) {
    var report = new InspectReport(luks.isPresent() ? "LUKS2 header" : "disk image");
    var tree = ImageTree.of(image);
    report.text.append('\n').append(tree.text());
    report.json.set("image", tree.json());
    luks.ifPresent(report::fields);
    return report.answer();
  }

  private void fields(LuksHeader header) {
    header
        .segments()
        .forEach((id, segment) -> field("segment " + new HostText(id), segment.toString()));
    header
        .keyslots()
        .forEach((id, keyslot) -> field("keyslot " + new HostText(id), keyslot.toString()));
  }

  /** A plan or a bundle: JSON already. */
  public static Answer of(String kind, ObjectNode stored) {
    var report = new InspectReport(kind);
    report.json.set("content", stored);
    report.text.append('\n').append(Json.print(stored));
    return report.answer();
  }

  /** A launch measurement: 48 bytes. */
  public static Answer ofMeasurement(Bytes blob) {
    var report = new InspectReport("SEV launch measurement");
    report.field("measure", blob.slice(0, 32).hex());
    report.field("nonce", blob.slice(32, 16).hex());
    return report.answer();
  }

  private static String area(Optional<Area> area) {
    return area.map(found -> "0x%08x, %d bytes".formatted(found.base(), found.size()))
        .orElse("none");
  }

  private void field(String name, String value) {
    text.append('\n').append(HostText.line(name + ": " + value));
    json.put(name, value);
  }

  private Answer answer() {
    return new Answer(ExitStatus.DONE, text.toString(), json);
  }
}
