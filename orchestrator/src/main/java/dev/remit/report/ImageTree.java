package dev.remit.report;

import dev.remit.diagnostic.HostText;
import dev.remit.image.Content;
import dev.remit.image.FileTree;
import dev.remit.image.Region;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Everything that an image can be taken for, layer by layer. */
final class ImageTree {
  private static final int MOST_FILES = 1_000;

  private final StringBuilder text = new StringBuilder();
  private final ObjectNode json;

  private ImageTree(Region region) {
    json = node(region, 0);
  }

  static ImageTree of(Region region) {
    return new ImageTree(region);
  }

  /** Lines that are indented by their depth, each after a line end. */
  String text() {
    return text.toString();
  }

  ObjectNode json() {
    return json;
  }

  private ObjectNode node(Region region, int depth) {
    var node = Json.object();
    node.put("offset", region.offset());
    node.put("size", region.size());
    var contents = node.putArray("contents");
    for (var content : region.contents()) {
      line(depth, content.title() + details(content));
      var one = contents.addObject();
      one.put("title", content.title());
      describe(content, one, depth + 1);
    }
    return node;
  }

  /** What fits on the line of its title. */
  private static String details(Content content) {
    return switch (content) {
      case Content.Qcow2 qcow2 ->
          " of version %d%s%s%s%s%s"
              .formatted(
                  qcow2.version(),
                  qcow2.encryption() == Content.HostEncryption.NONE
                      ? ""
                      : ", encrypted on the host: "
                          + qcow2.encryption().name().toLowerCase(Locale.ROOT),
                  qcow2.snapshots() == 0 ? "" : ", snapshots: " + qcow2.snapshots(),
                  qcow2.stray().isPresent()
                      ? ", something else at byte " + qcow2.stray().getAsLong()
                      : "",
                  qcow2.backingFile().map(name -> ", backing file " + quoted(name)).orElse(""),
                  qcow2.dataFile().map(name -> ", data file " + quoted(name)).orElse(""));
      case Content.Luks luks -> told(luks);
      case Content.LuksHeaderAlone header -> told(header.volume());
      case Content.Verity verity ->
          " by %s, over %d blocks of %d bytes%s"
              .formatted(
                  verity.algorithm(),
                  verity.dataBlocks(),
                  verity.dataBlockSize(),
                  verity.flaw().map(flaw -> ", which vouches for nothing: " + flaw).orElse(""));
      case Content.FileSystem fileSystem ->
          fileSystem.labels().isEmpty() ? "" : ", label " + joined(fileSystem.labels());
      case Content.Malformed malformed ->
          ": %s (at byte %d)".formatted(malformed.what(), malformed.offset());
      case Content.Uki uki -> ", sections " + joined(uki.sections());
      case Content.SecureExecution image ->
          (image.plain() ? ", not encrypted" : ", encrypted")
              + (image.dumps() ? ", dumps are allowed" : "");
      case Content.Initdata initdata -> ", %d bytes".formatted(initdata.document().size());
      case Content.Kernel kernel ->
          kernel.release().map(release -> ", " + quoted(release)).orElse("");
      case Content.OtherContainer _,
          Content.PartitionTable _,
          Content.EfiProgram _,
          Content.UnderVerity _,
          Content.Igvm _,
          Content.BootCatalogue _,
          Content.Lvm _,
          Content.Swap _,
          Content.Initrd _,
          Content.OtherProtection _,
          Content.Blank _,
          Content.Opaque _ ->
          "";
    };
  }

  private void describe(Content content, ObjectNode json, int depth) {
    switch (content) {
      case Content.Qcow2 qcow2 -> {
        json.put("version", qcow2.version());
        json.put("hostEncryption", qcow2.encryption().name().toLowerCase(Locale.ROOT));
        json.put("snapshots", qcow2.snapshots());
        qcow2.backingFile().ifPresent(name -> json.put("backingFile", name.raw()));
        qcow2.dataFile().ifPresent(name -> json.put("dataFile", name.raw()));
        if (qcow2.disk().isEmpty()) {
          line(depth, "the disk cannot be read without a key or another file");
        }
        qcow2.disk().ifPresent(disk -> json.set("disk", region("the guest's disk", disk, depth)));
      }
      case Content.PartitionTable table -> {
        phrases("flaw", "flaws", table.flaws(), json, depth);
        var partitions = json.putArray("partitions");
        for (var partition : table.partitions()) {
          var name = partition.name().raw().isEmpty() ? "" : " " + quoted(partition.name());
          var node =
              region(
                  "partition %d%s, type %s".formatted(partition.number(), name, partition.type()),
                  partition.region(),
                  depth);
          node.put("number", partition.number());
          node.put("type", partition.type());
          node.put("name", partition.name().raw());
          partitions.add(node);
        }
        regions("beside all partitions", table.between(), json.putArray("between"), depth);
      }
      case Content.Luks luks -> describeVolume(luks, json, depth);
      case Content.LuksHeaderAlone header -> describeVolume(header.volume(), json, depth);
      case Content.Verity verity -> {
        json.put("algorithm", verity.algorithm().raw());
        json.put("dataBlockSize", verity.dataBlockSize());
        json.put("dataBlocks", verity.dataBlocks());
        verity.flaw().ifPresent(flaw -> json.put("flaw", flaw));
      }
      case Content.Lvm lvm -> regions("a volume", lvm.volumes(), json.putArray("volumes"), depth);
      case Content.Swap swap -> json.put("hibernated", swap.hibernated());
      case Content.FileSystem fileSystem -> {
        texts(fileSystem.labels(), json.putArray("labels"));
        fileSystem.files().ifPresent(files -> files(files, json, depth));
        var programs = json.putArray("programs");
        for (var program : fileSystem.programs()) {
          var node = region("program " + quoted(program.path()), program.region(), depth);
          node.put("path", program.path().raw());
          programs.add(node);
        }
      }
      case Content.Initrd initrd -> files(initrd.files(), json, depth);
      case Content.Uki uki -> {
        texts(uki.sections(), json.putArray("sections"));
        uki.cmdlines().forEach(cmdline -> line(depth, "command line " + quoted(cmdline)));
        texts(uki.cmdlines(), json.putArray("cmdlines"));
        regions("an initrd", uki.initrds(), json.putArray("initrds"), depth);
      }
      case Content.Kernel kernel ->
          kernel.release().ifPresent(release -> json.put("release", release.raw()));
      case Content.BootCatalogue catalogue ->
          regions("a boot image", catalogue.images(), json.putArray("images"), depth);
      // The document may hold secrets.
      case Content.Initdata initdata -> json.put("documentSize", initdata.document().size());
      case Content.SecureExecution image -> {
        json.put("dumps", image.dumps());
        json.put("encrypted", !image.plain());
      }
      case Content.Opaque opaque -> json.put("looksRandom", opaque.looksRandom());
      case Content.Malformed malformed -> {
        json.put("format", malformed.format());
        json.put("at", malformed.offset());
        json.put("what", malformed.what());
      }
      case Content.OtherContainer _,
          Content.OtherProtection _,
          Content.EfiProgram _,
          Content.UnderVerity _,
          Content.Igvm _,
          Content.Blank _ -> {}
    }
  }

  private static String told(Content.Luks luks) {
    return ", %s, %s%s"
        .formatted(
            luks.ciphers().isEmpty() ? "no cipher" : joined(luks.ciphers()),
            luks.authenticated() ? "authenticated" : "not authenticated",
            luks.tokens().isEmpty() ? "" : ", tokens " + joined(luks.tokens()));
  }

  private void describeVolume(Content.Luks luks, ObjectNode json, int depth) {
    json.put("version", luks.version());
    texts(luks.ciphers(), json.putArray("ciphers"));
    json.put("authenticated", luks.authenticated());
    texts(luks.tokens(), json.putArray("tokens"));
    phrases("weakness", "weaknesses", luks.weaknesses(), json, depth);
    phrases("hint", "hints", luks.hints().stream().map(Content.Hint::what).toList(), json, depth);
  }

  private ObjectNode region(String title, Region region, int depth) {
    line(depth, "%s, %d bytes from byte %d".formatted(title, region.size(), region.offset()));
    return node(region, depth + 1);
  }

  private void regions(String title, List<Region> regions, ArrayNode json, int depth) {
    for (var region : regions) {
      json.add(region(title, region, depth));
    }
  }

  private void phrases(
      String title, String field, List<String> phrases, ObjectNode json, int depth) {
    var list = json.putArray(field);
    for (var phrase : phrases) {
      line(depth, title + ": " + phrase);
      list.add(phrase);
    }
  }

  private void files(FileTree files, ObjectNode json, int depth) {
    json.put("entries", files.entries().size());
    var list = json.putArray("files");
    files.entries().stream()
        .limit(MOST_FILES)
        .forEach(entry -> {
          line(
              depth,
              "%s %s, %d bytes"
                  .formatted(
                      entry.kind().name().toLowerCase(Locale.ROOT),
                      quoted(entry.path()),
                      entry.size()));
          var node = list.addObject();
          node.put("kind", entry.kind().name().toLowerCase(Locale.ROOT));
          node.put("path", entry.path().raw());
          node.put("size", entry.size());
        });
    if (files.entries().size() > MOST_FILES) {
      line(depth, "and %d more".formatted(files.entries().size() - MOST_FILES));
    }
  }

  private static void texts(List<HostText> texts, ArrayNode json) {
    texts.forEach(text -> json.add(text.raw()));
  }

  private static String joined(List<HostText> texts) {
    return texts.stream().map(ImageTree::quoted).collect(Collectors.joining(", "));
  }

  private static String quoted(HostText text) {
    return "\"" + text + "\"";
  }

  private void line(int depth, String line) {
    text.append('\n').append("  ".repeat(depth)).append(HostText.line(line));
  }
}
