package dev.remit.image;

/** The type of a file in its mode, the same in all formats (POSIX, <tar.h>; Linux, stat.h). */
final class PosixMode {
  static final int REGULAR = 0100000;
  private static final int TYPE = 0170000;
  private static final int FOLDER = 0040000;
  private static final int LINK = 0120000;

  private PosixMode() {}

  static FileTree.Kind kind(int mode) {
    return switch (mode & TYPE) {
      case REGULAR -> FileTree.Kind.FILE;
      case FOLDER -> FileTree.Kind.FOLDER;
      case LINK -> FileTree.Kind.LINK;
      default -> FileTree.Kind.OTHER;
    };
  }
}
