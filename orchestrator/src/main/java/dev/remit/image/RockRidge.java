package dev.remit.image;

import dev.remit.bytes.Bytes;
import dev.remit.bytes.MalformedException;
import dev.remit.bytes.SeekableBytes;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What POSIX wants to know of a file, from the fields behind its record (System Use Sharing
 * Protocol, IEEE P1281; Rock Ridge Interchange Protocol, IEEE P1282).
 *
 * @param mode with the type of the file
 * @param link where a symbolic link leads
 * @param movedTo where a folder is that was too deep for its place, in bytes
 * @param moved whether this record is only there for such a folder
 * @param packed whether the content is not stored as it is read
 */
record RockRidge(
    Optional<String> name,
    Optional<Integer> mode,
    Optional<String> link,
    Optional<Long> movedTo,
    boolean moved,
    boolean packed) {
  /** Signature, length and version (SUSP, 4). */
  private static final int HEAD = 4;

  private static final int MOST_CONTINUATIONS = 64;

  /** What reads the fields of a tree. */
  record Reader(SeekableBytes image, Budget budget, int skip) {
    /** Empty where the tree has no such fields: its root would say so first (SUSP, 5.3). */
    static Optional<Reader> of(IsoRecord rootSelf, SeekableBytes image, Budget budget) {
      var use = new Block(rootSelf.systemUse());
      // After the 14 bytes of CD-ROM XA, where there are such (Linux, fs/isofs/rock.c).
      for (int start : new int[] {0, 14}) {
        if (use.raw().size() >= start + 7
            && use.has(start, Block.ascii("SP"))
            && use.u8(start + 4) == 0xbe
            && use.u8(start + 5) == 0xef) {
          return Optional.of(new Reader(image, budget, use.u8(start + 6)));
        }
      }
      return Optional.empty();
    }

    RockRidge read(IsoRecord record) throws MalformedException, IOException {
      var fields = new Fields(record.at());
      var area = record.systemUse();
      int from = record.isSelf() ? 0 : skip;
      var next =
          fields.read(area.slice(Math.min(from, area.size()), Math.max(area.size() - from, 0)));
      for (int i = 0; next.isPresent(); i++) {
        Rule.require(i < MOST_CONTINUATIONS, record.at(), "the fields of a record have no end");
        budget.step(record.at());
        next = fields.read(continuation(next.get(), record.at()));
      }
      return fields.done();
    }

    private Bytes continuation(Block field, long at) throws MalformedException, IOException {
      long start =
          IsoRecord.both32(field, 4, at) * IsoVolume.SECTOR + IsoRecord.both32(field, 12, at);
      long size = IsoRecord.both32(field, 20, at);
      Rule.require(
          size <= IsoVolume.SECTOR && start <= image.size() - size,
          at,
          "the fields of a record go on outside the image");
      return image.read(start, (int) size);
    }
  }

  private static final class Fields {
    private final long at;
    private final StringBuilder name = new StringBuilder();
    private boolean named;
    private final List<String> link = new ArrayList<>();
    private boolean linked;
    private boolean partGoesOn;
    private Optional<Integer> mode = Optional.empty();
    private Optional<Long> movedTo = Optional.empty();
    private boolean moved;
    private boolean packed;

    Fields(long at) {
      this.at = at;
    }

    /** Where the fields go on after these ones. */
    Optional<Block> read(Bytes area) throws MalformedException {
      Optional<Block> next = Optional.empty();
      int position = 0;
      while (area.size() - position >= HEAD && area.at(position) != 0) {
        int length = area.at(position + 2);
        Rule.require(
            length >= HEAD && length <= area.size() - position,
            at,
            "a field of a record does not fit in it");
        var field = new Block(area.slice(position, length));
        position += length;
        switch (signature(field)) {
          case "NM" -> addName(field);
          case "PX" -> mode = Optional.of((int) number(field));
          case "SL" -> addLink(field);
          case "CL" -> movedTo = Optional.of(number(field) * IsoVolume.SECTOR);
          case "RE" -> moved = true;
          // Compressed (zisofs) and sparse files.
          case "ZF", "SF" -> packed = true;
          case "CE" -> {
            Rule.require(length == 28, at, "a field of a record has the wrong size");
            next = Optional.of(field);
          }
          case "ST" -> {
            return next;
          }
          default -> {}
        }
      }
      return next;
    }

    private static String signature(Block field) {
      return new String(field.raw().slice(0, 2).toArray(), StandardCharsets.ISO_8859_1);
    }

    private long number(Block field) throws MalformedException {
      Rule.require(field.raw().size() >= HEAD + 8, at, "a field of a record has the wrong size");
      return IsoRecord.both32(field, HEAD, at);
    }

    private void addName(Block field) throws MalformedException {
      Rule.require(field.raw().size() > HEAD, at, "a field of a record has the wrong size");
      // The names of the folder itself and of the one above are not told here.
      if ((field.u8(HEAD) & 0b110) == 0) {
        named = true;
        name.append(text(field.raw(), HEAD + 1, field.raw().size() - HEAD - 1));
        Rule.require(name.length() <= Listing.LONGEST_PATH, at, "a name is too long");
      }
    }

    /** Each part has flags, a length and a text (RRIP, 4.1.3.1). */
    private void addLink(Block field) throws MalformedException {
      linked = true;
      int position = HEAD + 1;
      while (position < field.raw().size()) {
        Rule.require(
            field.raw().size() - position >= 2
                && field.u8(position + 1) <= field.raw().size() - position - 2,
            at,
            "a part of a link does not fit in its field");
        int flags = field.u8(position);
        int length = field.u8(position + 1);
        String part =
            switch (flags & 0b1110) {
              case 0b0010 -> ".";
              case 0b0100 -> "..";
              case 0b1000 -> "";
              default -> text(field.raw(), position + 2, length);
            };
        if (partGoesOn) {
          link.set(link.size() - 1, link.getLast() + part);
        } else {
          link.add(part);
        }
        partGoesOn = (flags & 1) != 0;
        position += 2 + length;
        Rule.require(link.size() <= Listing.LONGEST_PATH, at, "a link is too long");
      }
    }

    private static String text(Bytes raw, int from, int length) {
      return new String(raw.slice(from, length).toArray(), StandardCharsets.UTF_8);
    }

    RockRidge done() {
      return new RockRidge(
          named ? Optional.of(name.toString()) : Optional.empty(),
          mode,
          linked ? Optional.of(String.join("/", link)) : Optional.empty(),
          movedTo,
          moved,
          packed);
    }
  }
}
