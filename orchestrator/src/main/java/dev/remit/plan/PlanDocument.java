package dev.remit.plan;

import dev.remit.bytes.Bytes;
import dev.remit.bytes.MalformedException;
import dev.remit.domain.DomainDocuments;
import dev.remit.endorsement.CekEndorsement;
import dev.remit.measurement.KernelHashes;
import dev.remit.measurement.SevExpectation;
import dev.remit.measurement.Sha256;
import dev.remit.measurement.VmsaFlavour;
import dev.remit.provisioning.SealedVolume;
import dev.remit.root.Anchor;
import dev.remit.spec.Spec;
import dev.remit.trust.Policy;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * A plan as JSON, in REMIT order. It is read only to be compared: a launch derives its plan again
 * from the documents and files that are named here, and refuses any difference.
 */
public final class PlanDocument {
  public static final String SCHEMA = "remit.plan/1";

  /** Bytes; a plan takes a few thousand. */
  public static final int LARGEST = 1 << 20;

  /** Made when it is needed: it loads some hundred classes. */
  private static final class Mapper {
    static final JsonMapper JSON =
        JsonMapper.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();
  }

  private PlanDocument() {}

  /** All members but the digest; their order never changes. */
  public static ObjectNode of(Plan plan) {
    var json = JsonNodeFactory.instance.objectNode();
    json.put("schema", SCHEMA);
    json.put("name", plan.spec().name());
    json.put("profile", plan.spec().profile().id());
    json.put("protection", plan.spec().tee().protection().id());
    json.put("simulated", plan.simulated());
    json.set("documents", documents(plan));
    json.set("anchors", anchors(plan));
    json.set("endorsement", endorsement(plan));
    json.set("measurement", measurement(plan.inputs()));
    json.set(
        "identity", JsonNodeFactory.instance.objectNode().put("guestPolicy", policyText(plan)));
    json.set("trust", trust(plan.policy()));
    json.set("secrets", secrets(plan));
    plan.inputs().seed().ifPresent(seed -> json.set("provisioning", provisioning(seed)));
    json.set("host", host(plan.facts()));
    json.put("domain", DomainDocuments.preview(plan.domain()).text());
    return json;
  }

  static Bytes digest(Plan plan) {
    return digest(of(plan));
  }

  private static Bytes digest(ObjectNode withoutDigest) {
    return Sha256.of(
        Bytes.copyOf(
            Mapper.JSON.writeValueAsString(withoutDigest).getBytes(StandardCharsets.UTF_8)));
  }

  /** Whether a stored plan is the one that its digest names. */
  public static boolean isWhole(ObjectNode stored) {
    var rest = stored.deepCopy();
    var claimed = rest.remove("digest");
    return claimed != null && claimed.asString("").equals("sha256:" + digest(rest).hex());
  }

  /** The whole document, its own digest last. */
  public static ObjectNode withDigest(Plan plan) {
    var json = of(plan);
    json.put("digest", "sha256:" + plan.digest().hex());
    return json;
  }

  /**
   * The documents that a stored plan was made from, by their paths.
   *
   * @param host empty where the host was named by its URI only
   */
  public record Origin(Path spec, Optional<Path> host, String uri) {}

  /** Where a stored plan came from; its other members count only when they are compared. */
  public static Origin origin(ObjectNode stored) throws MalformedException {
    try {
      var documents = stored.required("documents");
      var host = documents.path("host");
      return new Origin(
          Path.of(text(documents.required("spec").required("file"))),
          host.isMissingNode()
              ? Optional.empty()
              : Optional.of(Path.of(text(host.required("file")))),
          text(documents.required("uri")));
    } catch (JacksonException | IllegalArgumentException cause) {
      throw new MalformedException(0, "a plan names the documents that it was made from");
    }
  }

  /**
   * What a member says that must be text; null is none.
   *
   * <p>Throws {@link IllegalArgumentException} for anything else.
   */
  public static String text(JsonNode node) {
    if (node.isString()) {
      return node.stringValue();
    }
    throw new IllegalArgumentException("this is text");
  }

  public static ObjectNode parse(Bytes content) throws MalformedException {
    try {
      if (Mapper.JSON.readTree(content.toArray()) instanceof ObjectNode object
          && object.path("schema").asString("").equals(SCHEMA)) {
        return object;
      }
    } catch (JacksonException cause) {
      throw new MalformedException(0, "a plan is a JSON object");
    }
    throw new MalformedException(0, "a plan's first member is its schema, " + SCHEMA);
  }

  /** The top members in which a stored plan and one made just now differ, in their order. */
  public static List<String> differences(ObjectNode stored, Plan now) {
    var current = withDigest(now);
    var names = new ArrayList<String>();
    for (String name : current.propertyNames()) {
      // As text: a number that was read is of another node type than the same one just written.
      if (!current.required(name).toString().equals(stored.path(name).toString())) {
        names.add(name);
      }
    }
    for (String name : stored.propertyNames()) {
      if (!current.has(name)) {
        names.add(name);
      }
    }
    return List.copyOf(names);
  }

  private static ObjectNode documents(Plan plan) {
    var json = JsonNodeFactory.instance.objectNode();
    json.set("spec", document(plan.documents().specSource()));
    plan.documents().hostSource().ifPresent(source -> json.set("host", document(source)));
    json.put("uri", plan.host().uri());
    return json;
  }

  private static ObjectNode document(SourceDocument source) {
    var json = JsonNodeFactory.instance.objectNode();
    json.put("file", source.path().toString());
    json.put("sha256", source.digest().hex());
    return json;
  }

  private static ArrayNode anchors(Plan plan) {
    var json = JsonNodeFactory.instance.arrayNode();
    for (Anchor anchor : plan.anchors().all()) {
      var entry = json.addObject();
      entry.put("generation", anchor.generation().id());
      entry.put("origin", anchor.origin());
      entry.put("arkSha256", Sha256.of(anchor.ark()).hex());
    }
    return json;
  }

  private static ObjectNode endorsement(Plan plan) {
    var json = JsonNodeFactory.instance.objectNode();
    json.put("chain", plan.chain().raw().base64());
    var links = json.putArray("links");
    for (var link : plan.endorsements().links()) {
      var entry = links.addObject();
      entry.put("subject", link.subject());
      entry.put("signer", link.signer());
      entry.put("state", link.state().name());
      entry.put("reason", link.reason());
    }
    plan.endorsements().chip().endorsement().ifPresent(found -> json.set("cek", cek(found)));
    return json;
  }

  /** The word is the same whether a server was asked or what it said was kept. */
  private static ObjectNode cek(CekEndorsement found) {
    var json = JsonNodeFactory.instance.objectNode();
    json.put("chip", found.chip().toString());
    json.put("certificate", found.cek().raw().base64());
    json.put("by", found.voucher().kind().id());
    json.put("name", found.voucher().name());
    return json;
  }

  private static ObjectNode measurement(Inputs inputs) {
    var json = JsonNodeFactory.instance.objectNode();
    var files = json.putArray("inputs");
    for (var input : inputs.measured()) {
      var entry = files.addObject();
      entry.put("role", input.role());
      entry.put("file", input.path().toString());
      entry.put("size", input.size());
      entry.put("sha256", input.digest().hex());
    }
    json.setAll(expectation(inputs.expectation()));
    return json;
  }

  /** Every hash on the way to the launch digest, and each digest that would be right. */
  public static ObjectNode expectation(SevExpectation expectation) {
    var json = JsonNodeFactory.instance.objectNode();
    json.put("firmware", expectation.firmware().hex());
    expectation.kernelHashes().ifPresent(hashes -> json.set("kernelHashes", hashes(hashes)));
    var digests = json.putArray("launchDigests");
    for (var candidate : expectation.candidates()) {
      var entry = digests.addObject();
      candidate
          .vcpus()
          .ifPresent(vcpus -> {
            entry.put("vmsa", vcpus.flavour().map(VmsaFlavour::id).orElse("given"));
            entry.put("vcpus", vcpus.count());
            entry.put("bootPage", vcpus.boot().hex());
            vcpus.application().ifPresent(page -> entry.put("applicationPage", page.hex()));
          });
      entry.put("sha256", candidate.launchDigest().hex());
    }
    return json;
  }

  private static ObjectNode hashes(KernelHashes hashes) {
    var json = JsonNodeFactory.instance.objectNode();
    json.put("kernel", hashes.kernel().hex());
    json.put("initrd", hashes.initrd().hex());
    json.put("cmdline", hashes.cmdline().hex());
    json.put("table", hashes.table().hex());
    return json;
  }

  private static String policyText(Plan plan) {
    return plan.policy().guestPolicy().value().toString();
  }

  /** What the owner demands, as a plan and an evidence bundle write it. */
  public static ObjectNode trust(Policy policy) {
    var json = JsonNodeFactory.instance.objectNode();
    switch (policy.machine()) {
      case Policy.Machine.OfGeneration demanded -> {
        var names = json.putArray("generations");
        demanded.generation().values().stream().sorted().forEach(each -> names.add(each.id()));
      }
      case Policy.Machine.OfChip demanded -> {
        var names = json.putArray("chips");
        demanded.chip().values().stream()
            .map(Object::toString)
            .sorted()
            .forEach(chip -> names.add(chip));
      }
    }
    json.put("minApi", policy.api().lowest().toString());
    var digests = json.putObject("launchDigests");
    new TreeMap<>(policy.launchDigests())
        .forEach((name, digest) -> digests.put(name, digest.hex()));
    var waivers = json.putArray("acknowledged");
    for (var waiver : policy.waivers()) {
      var entry = waivers.addObject();
      entry.put("risk", waiver.risk());
      entry.put("reason", waiver.reason());
      entry.put("until", waiver.until().toString());
    }
    return json;
  }

  private static ArrayNode secrets(Plan plan) {
    var json = JsonNodeFactory.instance.arrayNode();
    for (var secret : plan.spec().secrets()) {
      var entry = json.addObject();
      entry.put("name", secret.name());
      entry.put("guid", secret.guid().toString());
    }
    return json;
  }

  /** What travels, and not what is in it: short texts can be guessed from a digest. */
  private static ObjectNode provisioning(SealedSeed seed) {
    var json = JsonNodeFactory.instance.objectNode();
    json.put("mode", Spec.Provisioning.Mode.SEALED.id());
    json.put("volume", seed.volume().image().toString());
    json.put("header", seed.volume().header().toString());
    json.put("volumeSha256", seed.imageDigest().hex());
    json.put("secret", SealedVolume.SECRET.toString());
    return json;
  }

  private static JsonNode host(HostFacts facts) {
    var json = JsonNodeFactory.instance.objectNode();
    json.put("uri", facts.uri());
    json.put("libvirt", facts.libvirt());
    json.put("qemu", facts.qemu());
    json.put("kvm", facts.kvm());
    json.put("machine", facts.machine());
    facts
        .sev()
        .ifPresent(sev -> {
          json.put("sevEs", sev.es());
          json.put("cbitpos", sev.cbitpos());
          json.put("reducedPhysBits", sev.reducedPhysBits());
          sev.chip().ifPresent(chip -> json.put("chip", chip.toString()));
        });
    return json;
  }
}
