package dev.remit.image;

import dev.remit.bytes.MalformedException;
import dev.remit.bytes.SeekableBytes;
import dev.remit.diagnostic.HostText;
import java.io.IOException;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * The header of a LUKS2 volume, both copies of which are whole and agree (LUKS2 On-Disk Format
 * Specification 1.1). What it says is not judged here.
 *
 * @param size of one copy, in bytes
 * @param sequence counts the changes of the header
 * @param keyslotsSize of the area behind both copies that holds the wrapped keys, in bytes
 * @param keyslots by name, as are segments and digests
 * @param tokens ways to a passphrase, by name
 * @param flags how the volume is to be opened
 * @param requirements what a program must know to open the volume
 */
public record LuksHeader(
    HostText uuid,
    int size,
    long sequence,
    long keyslotsSize,
    Map<String, Keyslot> keyslots,
    Map<String, Segment> segments,
    Map<String, Digest> digests,
    Map<String, Token> tokens,
    List<HostText> flags,
    List<HostText> requirements) {
  // As many as cryptsetup takes of each kind (lib/luks2/luks2.h).
  private static final int PARTS_AT_MOST = 32;

  /**
   * A wrapped volume key.
   *
   * @param encryption by which the key is wrapped, where the type has one
   * @param offset of its area, in bytes from the start of the header
   * @param size of its area, in bytes
   * @param derivation of the key that wraps, where the type has one
   */
  public record Keyslot(
      HostText type,
      Optional<HostText> encryption,
      long offset,
      long size,
      Optional<Derivation> derivation) {}

  /**
   * How a passphrase becomes a key.
   *
   * @param iterations of PBKDF2; others have none
   */
  public record Derivation(HostText type, Optional<Long> iterations) {}

  /** A way to a passphrase, for example by a TPM. */
  public record Token(HostText type) {}

  /**
   * A range of the data.
   *
   * @param encryption in the kernel's notation, where the type has one
   * @param offset in bytes from the start of the data file
   * @param size in bytes; empty where it reaches to the end of the data file
   * @param flags for example of a copy kept while the encryption is changed
   * @param integrity by which changed blocks are noticed, in the kernel's notation
   */
  public record Segment(
      HostText type,
      Optional<HostText> encryption,
      long offset,
      Optional<Long> size,
      List<HostText> flags,
      Optional<HostText> integrity) {
    public Segment {
      flags = List.copyOf(flags);
    }
  }

  /** By which a volume key is recognised: the names of keyslots and segments that share it. */
  public record Digest(Set<String> keyslots, Set<String> segments) {
    public Digest {
      keyslots = Set.copyOf(keyslots);
      segments = Set.copyOf(segments);
    }
  }

  public LuksHeader {
    keyslots = byName(keyslots);
    segments = byName(segments);
    digests = byName(digests);
    tokens = byName(tokens);
    flags = List.copyOf(flags);
    requirements = List.copyOf(requirements);
  }

  // In one order for everybody who prints them.
  private static <T> Map<String, T> byName(Map<String, T> parts) {
    return Collections.unmodifiableSortedMap(new TreeMap<>(parts));
  }

  /** Where the keyslots begin, behind both copies, in bytes. */
  public long keyslotsStart() {
    return 2L * size;
  }

  /** Where the keyslots end and data of the same file may begin, in bytes. */
  public long keyslotsEnd() {
    return keyslotsStart() + keyslotsSize;
  }

  /** Reads at most 8 MiB. */
  public static LuksHeader parse(SeekableBytes file) throws MalformedException, IOException {
    var primary = LuksCopy.primary(file);
    if (!primary.equals(LuksCopy.secondary(file, primary))) {
      throw new MalformedException(primary.size(), "the two copies of the header disagree");
    }
    return of(primary);
  }

  /** Section 3, "JSON Area". */
  private static LuksHeader of(LuksCopy copy) throws MalformedException {
    var json = JsonObject.parse(copy.jsonText(), LuksCopy.BINARY_SIZE);
    var config = json.object("config");
    if (config.number("json_size") != copy.json().size()) {
      throw new MalformedException(
          LuksCopy.BINARY_SIZE, "'json_size' is not the size of the JSON area");
    }
    return new LuksHeader(
        copy.uuidText(),
        copy.size(),
        copy.sequence(),
        config.number("keyslots_size"),
        each(json.object("keyslots"), LuksHeader::keyslot),
        each(json.object("segments"), LuksHeader::segment),
        each(json.object("digests"), LuksHeader::digest),
        each(json.object("tokens"), token -> new Token(new HostText(token.text("type")))),
        hostTexts(config.texts("flags")),
        hostTexts(
            config.names().contains("requirements")
                ? config.object("requirements").texts("mandatory")
                : List.of()));
  }

  private static Keyslot keyslot(JsonObject json) throws MalformedException {
    var area = json.object("area");
    return new Keyslot(
        new HostText(json.text("type")),
        area.optionalText("encryption").map(HostText::new),
        area.number("offset"),
        area.number("size"),
        json.names().contains("kdf")
            ? Optional.of(derivation(json.object("kdf")))
            : Optional.empty());
  }

  private static Derivation derivation(JsonObject json) throws MalformedException {
    return new Derivation(new HostText(json.text("type")), json.optionalInteger("iterations"));
  }

  private static Segment segment(JsonObject json) throws MalformedException {
    return new Segment(
        new HostText(json.text("type")),
        json.optionalText("encryption").map(HostText::new),
        json.number("offset"),
        json.text("size").equals("dynamic") ? Optional.empty() : Optional.of(json.number("size")),
        hostTexts(json.texts("flags")),
        json.names().contains("integrity")
            ? Optional.of(new HostText(json.object("integrity").text("type")))
            : Optional.empty());
  }

  private static Digest digest(JsonObject json) throws MalformedException {
    return new Digest(Set.copyOf(json.texts("keyslots")), Set.copyOf(json.texts("segments")));
  }

  private interface Part<T> {
    T of(JsonObject json) throws MalformedException;
  }

  private static <T> Map<String, T> each(JsonObject section, Part<T> part)
      throws MalformedException {
    if (section.names().size() > PARTS_AT_MOST) {
      throw new MalformedException(
          LuksCopy.BINARY_SIZE, "the header lists more than " + PARTS_AT_MOST + " of a kind");
    }
    var parts = new HashMap<String, T>();
    for (String name : section.names()) {
      parts.put(name, part.of(section.object(name)));
    }
    return parts;
  }

  private static List<HostText> hostTexts(List<String> texts) {
    return texts.stream().map(HostText::new).toList();
  }
}
