package dev.remit.endorsement;

import static java.util.Comparator.comparing;

import dev.remit.bytes.Bytes;
import dev.remit.bytes.MalformedException;
import dev.remit.platform.ChipId;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Signed CEKs of several chips in one file (docs/endorsements.md). It says of each whose it is, and
 * not who said so: whoever imports it takes that on himself.
 *
 * @param endorsements by chip id in ascending order, each chip once; at least one
 */
public record EndorsementBundle(List<CekEndorsement> endorsements) implements EndorsementSource {
  public static final String SCHEMA = "remit.endorsements/1";

  /** Bytes of a file; more than a thousand chips fit. */
  public static final int LARGEST = 4 << 20;

  private static final JsonMapper JSON =
      JsonMapper.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(SerializationFeature.INDENT_OUTPUT)
          .build();

  /** Sorts; throws {@link IllegalArgumentException} for none, or for two of one chip. */
  public EndorsementBundle {
    endorsements = endorsements.stream().sorted(comparing(each -> each.chip().toString())).toList();
    if (endorsements.isEmpty()) {
      throw new IllegalArgumentException("a bundle holds at least one endorsement");
    }
    if (endorsements.stream().map(CekEndorsement::chip).distinct().count() < endorsements.size()) {
      throw new IllegalArgumentException("a bundle holds one endorsement of a chip");
    }
  }

  @Override
  public CekAnswer signedCek(ChipId chip) {
    return endorsements.stream()
        .filter(each -> each.chip().equals(chip))
        .findFirst()
        .<CekAnswer>map(CekAnswer.Had::new)
        .orElseGet(() ->
            new CekAnswer.NotHad(
                "it is not in " + endorsements.getFirst().voucher(), "take another file"));
  }

  /** The one form of it, in UTF-8, ending with a line feed. */
  public Bytes toBytes() {
    var json = JSON.createObjectNode();
    json.put("schema", SCHEMA);
    var array = json.putArray("endorsements");
    for (var endorsement : endorsements) {
      var entry = array.addObject();
      entry.put("chip", endorsement.chip().toString());
      entry.put("cek", endorsement.cek().raw().base64());
    }
    String text = JSON.writeValueAsString(json) + "\n";
    return Bytes.copyOf(text.getBytes(StandardCharsets.UTF_8));
  }

  /**
   * Reads what {@link #toBytes} writes, and nothing else: no other order, spelling or member.
   *
   * @param voucher on whose word the endorsements stand from now on
   */
  public static EndorsementBundle parse(Bytes content, Voucher voucher) throws MalformedException {
    if (content.size() > LARGEST) {
      throw new MalformedException(0, "a bundle has at most " + LARGEST + " bytes");
    }
    try {
      if (!(JSON.readTree(content.toArray()) instanceof ObjectNode json)
          || !json.path("schema").asString("").equals(SCHEMA)) {
        throw new MalformedException(0, "a bundle's first member is its schema, " + SCHEMA);
      }
      var found = new ArrayList<CekEndorsement>();
      for (var entry : json.required("endorsements").values()) {
        found.add(
            CekEndorsement.parse(
                new ChipId(Bytes.ofHex(text(entry.required("chip")))),
                Bytes.ofBase64(text(entry.required("cek"))),
                voucher));
      }
      var bundle = new EndorsementBundle(found);
      if (!bundle.toBytes().equals(content)) {
        throw new MalformedException(0, "the bundle is not in the form that Remit writes");
      }
      return bundle;
    } catch (JacksonException notJson) {
      throw new MalformedException(0, "a bundle is a JSON object with schema and endorsements");
    } catch (IllegalArgumentException wrongMember) {
      throw new MalformedException(
          0,
          "an endorsement has a chip of 128 hex digits, once, and a cek of 2084 bytes in base64");
    }
  }

  private static String text(JsonNode node) {
    if (node.isString()) {
      return node.stringValue();
    }
    throw new IllegalArgumentException("this is text");
  }
}
