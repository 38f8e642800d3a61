package dev.remit.image;

import dev.remit.bytes.Bytes;
import dev.remit.bytes.MalformedException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Archives in cpio's "newc" and "crc" formats (Linux,
 * Documentation/driver-api/early-userspace/buffer-format.rst).
 */
final class Cpio {
  static final Bytes NEW = Block.ascii("070701");
  static final Bytes SUMMED = Block.ascii("070702");

  /** The mark, and 13 numbers of eight hex digits each. */
  private static final int HEADER = 6 + 13 * 8;

  private static final int ALIGNMENT = 4;
  private static final Pattern NUMBERS = Pattern.compile("[0-9A-Fa-f]{104}");
  private static final String END = "TRAILER!!!";

  private final Flow in;
  private final Listing listing;
  private final Budget budget;

  /** Where the flow starts in what the kernel counts to align archives. */
  private final long start;

  /** Names of one file, which stands with one of them (buffer-format.rst, "hard links"). */
  private final Map<FileId, Links> links = new HashMap<>();

  private record FileId(long inode, long major, long minor) {}

  private static final class Links {
    private final List<Integer> names = new ArrayList<>();
    private Optional<Bytes> content = Optional.empty();
    private long size;
    private long offset;
  }

  private record Header(
      boolean summed,
      long inode,
      int mode,
      long links,
      long size,
      long major,
      long minor,
      int nameSize,
      int sum) {}

  Cpio(Flow in, Listing listing, Budget budget, long start) {
    this.in = in;
    this.listing = listing;
    this.budget = budget;
    this.start = start;
  }

  static boolean isMark(Bytes mark) {
    return mark.equals(NEW) || mark.equals(SUMMED);
  }

  /** Reads one archive, to the end of its trailer. */
  void read() throws MalformedException, IOException {
    while (true) {
      long at = in.position();
      var header = header(at);
      String name = name(header, at);
      pass(HEADER + header.nameSize());
      if (name.equals(END)) {
        Rule.require(header.size() == 0, at, "the trailer has a content");
        resolve();
        return;
      }
      add(path(name, at), header, at);
      pass(header.size());
    }
  }

  private Header header(long at) throws MalformedException, IOException {
    Rule.require(
        (start + at) % ALIGNMENT == 0, at, "an archive does not start at a multiple of four");
    var raw = in.take(HEADER);
    var mark = raw.slice(0, NEW.size());
    Rule.require(isMark(mark), at, "an entry has no mark");
    String digits = new String(raw.slice(6, HEADER - 6).toArray(), StandardCharsets.ISO_8859_1);
    Rule.require(NUMBERS.matcher(digits).matches(), at, "a number is not in hex");
    long[] fields = new long[13];
    for (int i = 0; i < fields.length; i++) {
      fields[i] = Long.parseLong(digits, i * 8, i * 8 + 8, 16);
    }
    boolean summed = mark.equals(SUMMED);
    Rule.require(
        fields[11] >= 1 && fields[11] <= Listing.LONGEST_PATH,
        at,
        "a name is empty or longer than " + Listing.LONGEST_PATH + " bytes");
    Rule.require(summed || fields[12] == 0, at, "an entry without a sum has one");
    return new Header(
        summed,
        fields[0],
        (int) fields[1],
        fields[4],
        fields[6],
        fields[7],
        fields[8],
        (int) fields[11],
        (int) fields[12]);
  }

  private String name(Header header, long at) throws MalformedException, IOException {
    var raw = in.take(header.nameSize());
    String name = new String(raw.slice(0, raw.size() - 1).toArray(), StandardCharsets.UTF_8);
    Rule.require(
        raw.at(raw.size() - 1) == 0 && name.indexOf('\0') < 0, at, "a name does not end in a zero");
    return name;
  }

  /** Passes what fills up a part of this size. */
  private void pass(long size) throws MalformedException, IOException {
    int padding = (int) (-size & (ALIGNMENT - 1));
    long at = in.position();
    Rule.require(in.take(padding).isZero(), at, "what fills up an entry is not zero");
  }

  /** As the kernel opens it: from the root, without the dots that lead nowhere. */
  private static String path(String name, long at) throws MalformedException {
    String path =
        Stream.of(name.split("/"))
            .filter(part -> !part.isEmpty() && !part.equals("."))
            .collect(Collectors.joining("/"));
    Rule.require(!("/" + path + "/").contains("/../"), at, "a name leads to the folder above");
    return path;
  }

  private void add(String path, Header header, long at) throws MalformedException, IOException {
    var kind = PosixMode.kind(header.mode());
    long offset = start + in.position();
    Optional<Bytes> content =
        switch (kind) {
          case FILE -> file(path, header, at);
          case LINK -> {
            Rule.require(
                header.size() >= 1 && header.size() <= Listing.LONGEST_PATH,
                at,
                "a link is empty or longer than " + Listing.LONGEST_PATH + " bytes");
            yield Optional.of(body(header, at));
          }
          case FOLDER, OTHER -> {
            Rule.require(header.size() == 0, at, "what is not a file has a content");
            yield Optional.empty();
          }
        };
    // The root itself has no name.
    if (path.isEmpty()) {
      Rule.require(kind == FileTree.Kind.FOLDER, at, "the root is not a folder");
      budget.step(at);
      return;
    }
    listing.add(path, kind, header.size(), offset, content, at);
    if (kind == FileTree.Kind.FILE && header.links() > 1) {
      var group =
          links.computeIfAbsent(
              new FileId(header.inode(), header.major(), header.minor()), _ -> new Links());
      group.names.add(listing.size() - 1);
      if (header.size() > 0) {
        group.size = header.size();
        group.offset = offset;
        group.content = content;
      }
    }
  }

  private Optional<Bytes> file(String path, Header header, long at)
      throws MalformedException, IOException {
    boolean keeps = Interest.in(path).keeps(header.size(), at);
    // The name that somebody looks into may come later, or have come.
    boolean mayBeKept = header.links() > 1 && header.size() <= Interest.LARGEST;
    if (keeps || mayBeKept) {
      return Optional.of(body(header, at));
    }
    if (header.summed()) {
      Rule.require(in.sum(header.size()) == header.sum(), at, "the sum of a file is wrong");
    } else {
      in.skip(header.size());
    }
    return Optional.empty();
  }

  private Bytes body(Header header, long at) throws MalformedException, IOException {
    budget.keep(header.size(), at);
    var body = in.take((int) header.size());
    if (header.summed() && PosixMode.kind(header.mode()) == FileTree.Kind.FILE) {
      int sum = 0;
      for (int i = 0; i < body.size(); i++) {
        sum += body.at(i);
      }
      Rule.require(sum == header.sum(), at, "the sum of a file is wrong");
    }
    return body;
  }

  /** Gives all names of a file the content that one of them came with. */
  private void resolve() throws MalformedException {
    for (var group : links.values()) {
      for (int name : group.names) {
        var entry = listing.get(name);
        boolean keeps = Interest.in(entry.path().raw()).keeps(group.size, entry.offset());
        listing.replace(
            name,
            new FileTree.Entry(
                entry.path(),
                entry.kind(),
                group.size,
                group.offset,
                keeps ? group.content.or(() -> Optional.of(Bytes.EMPTY)) : Optional.empty()));
      }
    }
    links.clear();
  }
}
