package dev.remit.diagnostic;

/** Where in an input something is wrong. */
public sealed interface Location {
  /** The file as the user named it, for display: harmless to show. */
  String file();

  /** A whole file. */
  record InFile(String file) implements Location {
    public InFile {
      file = HostText.line(file);
    }
  }

  /**
   * A place in a text.
   *
   * @param line from 1
   * @param column from 1
   * @param length of the marked part, in columns, at least 1
   * @param text the line itself, for display
   */
  record InText(String file, int line, int column, int length, HostText text) implements Location {
    public InText {
      file = HostText.line(file);
      if (line < 1 || column < 1 || length < 1) {
        throw new IllegalArgumentException("line, column and length start at 1");
      }
    }
  }

  /** A place in a binary file, in bytes from its start. */
  record InBytes(String file, long offset) implements Location {
    public InBytes {
      file = HostText.line(file);
    }
  }
}
