package dev.remit.image;

import dev.remit.bytes.Bytes;
import dev.remit.bytes.MalformedException;
import dev.remit.diagnostic.HostText;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Collects the entries of a tree, and pays for each. */
final class Listing {
  /** Of a path, in characters (Linux, include/uapi/linux/limits.h: PATH_MAX). */
  static final int LONGEST_PATH = 4_096;

  /** What an entry takes in memory beside its path and its content, about. */
  private static final int ENTRY_SIZE = 64;

  private final List<FileTree.Entry> entries = new ArrayList<>();
  private final Budget budget;

  Listing(Budget budget) {
    this.budget = budget;
  }

  /**
   * @param at where the entry is spoken of, for messages
   */
  void add(
      String path, FileTree.Kind kind, long size, long offset, Optional<Bytes> content, long at)
      throws MalformedException {
    budget.step(at);
    budget.keep(ENTRY_SIZE + path.length(), at);
    entries.add(new FileTree.Entry(new HostText(path), kind, size, offset, content));
  }

  /** The path of a name in a folder, whose own path may be empty. */
  static String path(String folder, String name, long at) throws MalformedException {
    Rule.require(
        !name.isEmpty() && !name.equals(".") && !name.equals(".."), at, "a name is empty or dots");
    Rule.require(
        name.indexOf('/') < 0 && name.indexOf('\0') < 0, at, "a name has a slash or a zero in it");
    Rule.require(
        folder.length() + name.length() < LONGEST_PATH,
        at,
        "a path is longer than " + LONGEST_PATH + " characters");
    return folder.isEmpty() ? name : folder + "/" + name;
  }

  int size() {
    return entries.size();
  }

  FileTree.Entry get(int index) {
    return entries.get(index);
  }

  void replace(int index, FileTree.Entry entry) {
    entries.set(index, entry);
  }

  FileTree tree() {
    return new FileTree(entries);
  }
}
