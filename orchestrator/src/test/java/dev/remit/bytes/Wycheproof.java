package dev.remit.bytes;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiFunction;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Test vectors of Project Wycheproof: what was made of all of those in one file. */
public final class Wycheproof {
  /** What came of one vector. */
  public enum Outcome {
    /** Our wrapper accepted it. */
    ACCEPTED,
    /** Our wrapper refused it. */
    REFUSED,
    /** It is about an encoding that our wrapper never sees. */
    LEFT_OUT
  }

  private Wycheproof() {}

  /**
   * Runs every vector of a file, and says how many of each expected result had each outcome, as in
   * "invalid REFUSED". The file says itself how many there are.
   */
  public static Map<String, Integer> run(
      String file, BiFunction<JsonNode, JsonNode, Outcome> wrapper) {
    var json = new JsonMapper().readTree(Sample.of("wycheproof/" + file + ".json").toArray());
    var outcomes = new TreeMap<String, Integer>();
    int total = 0;
    for (var group : json.path("testGroups")) {
      for (var test : group.path("tests")) {
        var outcome = wrapper.apply(group, test);
        outcomes.merge(test.path("result").stringValue() + " " + outcome, 1, Integer::sum);
        total++;
      }
    }
    if (total != json.path("numberOfTests").intValue()) {
      throw new AssertionError(file + " has not the vectors that it says");
    }
    return outcomes;
  }

  public static Bytes octets(JsonNode node, String name) {
    return Bytes.ofHex(node.path(name).stringValue());
  }

  public static Outcome outcome(boolean accepted) {
    return accepted ? Outcome.ACCEPTED : Outcome.REFUSED;
  }

  /**
   * The two numbers of a signature in DER (X.690, 8.1 and 10.1), big-endian and signed as they
   * stand there; empty where the encoding is not the one that DER has for them.
   */
  public static List<Bytes> derIntegers(Bytes signature) {
    try {
      var outer = signature.reader();
      var sequence = value(outer, 0x30);
      outer.end();
      var inner = sequence.reader();
      var numbers = new ArrayList<Bytes>();
      for (int i = 0; i < 2; i++) {
        var number = value(inner, 0x02);
        if (number.size() == 0 || hasPadding(number)) {
          return List.of();
        }
        numbers.add(number);
      }
      inner.end();
      return numbers;
    } catch (MalformedException e) {
      return List.of();
    }
  }

  private static boolean hasPadding(Bytes number) {
    if (number.size() < 2) {
      return false;
    }
    boolean sign = number.at(1) >= 0x80;
    return number.at(0) == (sign ? 0xff : 0);
  }

  private static Bytes value(ByteReader reader, int tag) throws MalformedException {
    if (reader.u8() != tag) {
      throw new MalformedException(reader.position(), "another tag");
    }
    int length = reader.u8();
    if (length == 0x81) {
      length = reader.u8();
      if (length < 0x80) {
        throw new MalformedException(reader.position(), "a length in long form for no reason");
      }
    } else if (length >= 0x80) {
      throw new MalformedException(reader.position(), "a length that no signature has");
    }
    return reader.bytes(length);
  }
}
