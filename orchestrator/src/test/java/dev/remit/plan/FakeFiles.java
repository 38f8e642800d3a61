package dev.remit.plan;

import dev.remit.bytes.ByteSource;
import dev.remit.bytes.Bytes;
import dev.remit.bytes.SecretBytes;
import dev.remit.diagnostic.Code;
import dev.remit.diagnostic.Diagnostic;
import dev.remit.diagnostic.Failure;
import dev.remit.diagnostic.Location;
import dev.remit.secret.SecretSource;
import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Files in memory, all of them readable by their owner only. */
public final class FakeFiles implements InputFiles, SecretSource {
  private final Map<Path, Bytes> files = new HashMap<>();
  private final List<SecretBytes> handedOut = new ArrayList<>();

  public FakeFiles put(Path file, Bytes content) {
    files.put(file, content);
    return this;
  }

  public FakeFiles remove(Path file) {
    files.remove(file);
    return this;
  }

  /** Every secret that was read here: a test looks whether it was wiped. */
  public List<SecretBytes> handedOut() {
    return List.copyOf(handedOut);
  }

  @Override
  public ByteSource stream(Path file) throws Failure {
    byte[] content = content(file).toArray();
    return () -> new ByteArrayInputStream(content);
  }

  @Override
  public OpenFile open(Path file) throws Failure {
    var content = content(file);
    return new OpenFile() {
      @Override
      public long size() {
        return content.size();
      }

      @Override
      public Bytes read(long offset, int length) throws EOFException {
        if (offset < 0 || length < 0 || length > content.size() - offset) {
          throw new EOFException();
        }
        return content.slice((int) offset, length);
      }

      @Override
      public void close() {}
    };
  }

  @Override
  public Bytes read(Path file, int limit) throws Failure {
    if (content(file).size() > limit) {
      throw failure(file, Code.UNKNOWN_FILE);
    }
    return content(file);
  }

  @Override
  public long secretSize(Path file) throws Failure {
    return content(file).size();
  }

  @Override
  public SecretBytes read(Path file) throws Failure {
    var secret = SecretBytes.takeFrom(content(file).toArray());
    handedOut.add(secret);
    return secret;
  }

  private Bytes content(Path file) throws Failure {
    var content = files.get(file);
    if (content == null) {
      throw failure(file, Code.FILE_MISSING);
    }
    return content;
  }

  private static Failure failure(Path file, Code code) {
    return new Failure(
        Diagnostic.at(
            new Location.InFile(file.toString()), code, "no such file", "a test says so", "none"));
  }
}
