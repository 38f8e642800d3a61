package dev.remit.report;

import dev.remit.endorsement.CaCertificate;
import dev.remit.endorsement.KeyUsage;
import dev.remit.endorsement.Link;
import dev.remit.endorsement.SevCertificate;
import dev.remit.endorsement.SevChain;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import tools.jackson.databind.node.ArrayNode;

/**
 * Keys as a tree, from the PDH down to the root: each line's key signed the one that it hangs on,
 * as {@code sevctl verify} prints it.
 */
final class ChainTree {
  private static final String SIGNS = "\u2b11";
  private static final String SIGNS_ITSELF = "\u2022";

  static final String LEGEND =
      SIGNS + " signs the line that it hangs on, " + SIGNS_ITSELF + " also itself";

  private final List<Node> nodes;

  private ChainTree(List<Node> nodes) {
    this.nodes = nodes;
  }

  /**
   * One certificate.
   *
   * @param place where it stands, which need not be what it is
   * @param kind usage of its key, as it says itself
   * @param key its algorithm and size
   * @param signers whose signatures it says that it carries
   */
  private record Node(
      String place, String kind, String key, String fingerprint, List<String> signers) {
    private boolean selfSigned() {
      return signers.contains(kind);
    }

    /** What it hangs on. */
    private Optional<String> over() {
      return switch (place) {
        case "PEK" -> Optional.of("PDH");
        case "OCA", "CEK" -> Optional.of("PEK");
        case "ASK" -> Optional.of("CEK");
        case "ARK" -> Optional.of("ASK");
        default -> Optional.empty();
      };
    }

    private int depth() {
      return switch (place) {
        case "PEK" -> 1;
        case "OCA", "CEK" -> 2;
        case "ASK" -> 3;
        case "ARK" -> 4;
        default -> 0;
      };
    }
  }

  static ChainTree of(SevChain chain) {
    var nodes = new ArrayList<Node>();
    nodes.add(node("PDH", chain.pdh()));
    nodes.add(node("PEK", chain.pek()));
    nodes.add(node("OCA", chain.oca()));
    nodes.add(node("CEK", chain.cek()));
    chain.ask().ifPresent(ask -> nodes.add(node("ASK", ask)));
    chain.ark().ifPresent(ark -> nodes.add(node("ARK", ark)));
    return new ChainTree(nodes);
  }

  /** PEK, OCA and CEK, as libvirt has them in {@code cert-chain}. */
  static ChainTree of(SevCertificate pek, SevCertificate oca, SevCertificate cek) {
    return new ChainTree(List.of(node("PEK", pek), node("OCA", oca), node("CEK", cek)));
  }

  static ChainTree of(SevCertificate certificate) {
    return new ChainTree(List.of(node(certificate.usage().name(), certificate)));
  }

  /** One of AMD's certificates, or ASK and ARK. */
  static ChainTree of(List<CaCertificate> certificates) {
    return new ChainTree(
        certificates.stream()
            .sorted((one, other) -> other.usage().compareTo(one.usage()))
            .map(each -> node(each.usage().name(), each))
            .toList());
  }

  private static Node node(String place, SevCertificate certificate) {
    return new Node(
        place,
        certificate.usage().name(),
        "%s on %s"
            .formatted(certificate.algorithm().title(), certificate.publicKey().curve().title()),
        certificate.fingerprint().hex(),
        certificate.signers().stream().map(KeyUsage::name).toList());
  }

  private static Node node(String place, CaCertificate certificate) {
    boolean bySelf = certificate.certifyingId().equals(certificate.keyId());
    return new Node(
        place,
        certificate.usage().name(),
        "%s, %d bits, key id %s"
            .formatted(
                certificate.algorithm().title(), certificate.keyBits(), certificate.keyId().hex()),
        certificate.fingerprint().hex(),
        List.of(bySelf ? certificate.usage().name() : KeyUsage.ARK.name()));
  }

  /** As the certificates say it themselves. */
  String text() {
    return nodes.stream().map(node -> line(node, claims(node))).collect(Collectors.joining("\n"));
  }

  /** With what became of each signature. */
  String text(List<Link> links) {
    return nodes.stream()
        .map(node -> line(node, states(node, links)))
        .collect(Collectors.joining("\n"));
  }

  private String line(Node node, String said) {
    int shallowest = nodes.stream().mapToInt(Node::depth).min().orElse(0);
    int depth = node.depth() - shallowest;
    String marks = (node.selfSigned() ? SIGNS_ITSELF : "") + (depth == 0 ? "" : SIGNS);
    return "%s%s%s%s  %s, %s%s"
        .formatted(
            "  ".repeat(depth),
            marks.isEmpty() ? "" : marks + " ",
            node.place(),
            node.place().equals(node.kind()) ? "" : " (a key " + node.kind() + ")",
            node.key(),
            node.fingerprint(),
            said);
  }

  private static String claims(Node node) {
    return node.signers().isEmpty() ? ", carries no signature" : "";
  }

  private static String states(Node node, List<Link> links) {
    var said = new StringBuilder();
    for (var link : links) {
      if (link.signer().equals(node.place())
          && (link.subject().equals(node.place())
              || node.over().filter(link.subject()::equals).isPresent())) {
        said.append("; over %s: %s".formatted(link.subject(), link.state()));
      }
    }
    return said.toString();
  }

  ArrayNode json() {
    return Json.array(
        nodes,
        node -> {
          var json = Json.object();
          json.put("place", node.place());
          json.put("usage", node.kind());
          json.put("key", node.key());
          json.put("fingerprint", node.fingerprint());
          var signers = json.putArray("saysSignedBy");
          node.signers().forEach(signers::add);
          return json;
        });
  }
}
