package dev.remit.cli;

import dev.remit.bytes.Bytes;
import dev.remit.bytes.SeekableBytes;
import dev.remit.diagnostic.BadInput;
import dev.remit.diagnostic.Code;
import dev.remit.diagnostic.Diagnostic;
import dev.remit.diagnostic.Failure;
import dev.remit.diagnostic.Location;
import dev.remit.plan.InputFiles;
import dev.remit.plan.InputFiles.OpenFile;
import java.io.IOException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;

/** A file that an argument names, or what comes in on the standard input. */
final class GivenFile {
  static final String STDIN = "-";

  /** Bytes that fit in memory. */
  private static final int LARGEST_STDIN = 64 << 20;

  private GivenFile() {}

  /** As its owner should see it in messages. */
  static String shown(String argument) {
    return argument.equals(STDIN) ? "stdin" : argument;
  }

  static OpenFile open(String argument, InputFiles files) throws Failure, BadInput {
    if (argument.equals(STDIN)) {
      return stdin();
    }
    try {
      return files.open(Path.of(argument));
    } catch (InvalidPathException noPath) {
      throw new BadInput(
          Diagnostic.of(
              Code.FILE_MISSING,
              "the argument is no path of a file",
              "a path cannot have this character",
              "give the path of a file, or - for the standard input"));
    }
  }

  private static OpenFile stdin() throws Failure, BadInput {
    try {
      byte[] octets = System.in.readNBytes(LARGEST_STDIN + 1);
      if (octets.length > LARGEST_STDIN) {
        throw new BadInput(
            Diagnostic.at(
                new Location.InFile(shown(STDIN)),
                Code.UNKNOWN_FILE,
                "what comes in is too large",
                "of the standard input Remit takes at most " + LARGEST_STDIN + " bytes",
                "give the file by its path"));
      }
      return new Held(SeekableBytes.of(Bytes.copyOf(octets)));
    } catch (IOException cause) {
      throw new Failure(
          Diagnostic.of(
              Code.FILE_MISSING,
              "the standard input cannot be read",
              String.valueOf(cause.getMessage()),
              "give the file by its path"),
          cause);
    }
  }

  private record Held(SeekableBytes octets) implements OpenFile {
    @Override
    public long size() {
      return octets.size();
    }

    @Override
    public Bytes read(long offset, int length) throws IOException {
      return octets.read(offset, length);
    }

    @Override
    public void close() {}
  }
}
