package dev.remit.fuzz;

import dev.remit.bytes.Bytes;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The targets by their names, with the inputs that they begin with. */
final class Targets {
  private Targets() {}

  /** Writes the seeds of a target into a folder, each as a file. */
  public static void main(String[] arguments) throws IOException {
    Path folder = Path.of(arguments[1]);
    for (Bytes seed : seeds(arguments[0])) {
      Files.write(folder.resolve("seed-" + Integer.toHexString(seed.hashCode())), seed.toArray());
    }
  }

  /** All that lie beside this class. */
  static List<String> all() {
    try (var files = Files.list(folder())) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.endsWith("Fuzz.class"))
          .map(name -> name.substring(0, name.length() - ".class".length()))
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Path folder() {
    return Path.of(Targets.class.getProtectionDomain().getCodeSource().getLocation().getPath())
        .resolve(Targets.class.getPackageName().replace('.', '/'));
  }

  /** Small inputs that are made in code. */
  static List<Bytes> seeds(String target) {
    try {
      return ((List<?>) method(target, "seeds").invoke(null))
          .stream().map(Bytes.class::cast).toList();
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(target + " has no seeds", e);
    }
  }

  /** Lets a target have an input; what it throws comes out. */
  static void run(String target, byte[] input) throws Throwable {
    try {
      method(target, "fuzzerTestOneInput", byte[].class).invoke(null, (Object) input);
    } catch (InvocationTargetException e) {
      throw e.getCause();
    }
  }

  private static Method method(String target, String name, Class<?>... parameters)
      throws ReflectiveOperationException {
    return Class.forName(Targets.class.getPackageName() + "." + target)
        .getDeclaredMethod(name, parameters);
  }
}
