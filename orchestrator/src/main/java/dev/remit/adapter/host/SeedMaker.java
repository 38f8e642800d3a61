package dev.remit.adapter.host;

import dev.remit.bytes.Bytes;
import dev.remit.diagnostic.Code;
import dev.remit.diagnostic.Diagnostic;
import dev.remit.diagnostic.Failure;
import dev.remit.diagnostic.HostText;
import dev.remit.provisioning.SealedVolume;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Makes the volume with the user data: mke2fs fills a file system from a folder, and cryptsetup
 * encrypts it in place, so that neither root's rights nor a device is needed. What lies in clear is
 * in a {@link ClearFolder}.
 */
public final class SeedMaker implements AutoCloseable {
  /** As the NoCloud data source of cloud-init has it. */
  private static final String USER_DATA = "user-data";

  private static final String META_DATA = "meta-data";

  /** Text and image in clear, header and log, several times over. */
  private static final long ROOM = 8L * SealedVolume.SIZE;

  private static final Duration LIMIT = Duration.ofMinutes(2);

  /** Where distributions keep the tools of an administrator, on no ordinary user's path. */
  private static final List<String> ADMINISTRATOR = List.of("/usr/sbin", "/sbin");

  private static final int LONGEST_COMPLAINT = 400;

  private final ClearFolder clear;
  private boolean closed;
  private volatile @Nullable Process running;

  private SeedMaker(ClearFolder clear) {
    this.clear = clear;
  }

  /**
   * Makes its folder.
   *
   * @param beside where to work if no place in memory can be had
   */
  public static SeedMaker create(Path beside) throws Failure {
    return create(ClearFolder.placesInMemory(), beside);
  }

  static SeedMaker create(List<Path> placesInMemory, Path beside) throws Failure {
    Path target = beside.toAbsolutePath().normalize();
    try {
      return new SeedMaker(
          ClearFolder.create(placesInMemory, ROOM, AtomicFile.requireFolder(target)));
    } catch (IOException cause) {
      throw AtomicFile.cannotWrite(target, cause);
    }
  }

  /** Whether what is in clear was never given to a disk. */
  public boolean inMemory() {
    return clear.inMemory();
  }

  /** The encrypted image, once it is made. */
  public Path image() {
    return clear.path().resolve("seed.luks");
  }

  /** Its detached header. */
  public Path header() {
    return clear.path().resolve("seed.header");
  }

  /**
   * Makes image and header.
   *
   * @param keyFile that nobody else can read: all its bytes are the key
   */
  public synchronized void make(Bytes userData, Bytes metaData, Path keyFile) throws Failure {
    Path files = clear.path().resolve("files");
    try {
      requireOpen();
      Files.createDirectory(files);
      Files.write(files.resolve(USER_DATA), userData.toArray());
      Files.write(files.resolve(META_DATA), metaData.toArray());
      fill(files);
      encrypt(keyFile);
    } catch (IOException cause) {
      throw cannotSeal("the volume was not made", HostFiles.reason(cause), "see its reason");
    }
  }

  private void fill(Path files) throws Failure, IOException {
    // Nothing that a small volume has no use for: no journal, no room to grow, no spare inodes.
    run(
        "mke2fs",
        "e2fsprogs",
        List.of(
            List.of("-q", "-t", "ext4", "-b", "4096", "-m", "0", "-N", "16"),
            List.of("-O", "^has_journal,^resize_inode", "-E", "root_owner=0:0"),
            List.of("-d", files.toString(), image().toString(), SealedVolume.SIZE / 1024 + "k")));
  }

  private void encrypt(Path keyFile) throws Failure, IOException {
    // The key has 256 random bits, so that stretching it would only cost the guest time. Nobody
    // else reaches the folder, and only root has the folder of the locks.
    run(
        "cryptsetup",
        "cryptsetup-bin",
        List.of(
            List.of("reencrypt", "--encrypt", "--batch-mode", "--disable-locks", "--type", "luks2"),
            List.of("--header", header().toString(), "--key-file", keyFile.toString()),
            List.of("--pbkdf", "pbkdf2", "--pbkdf-force-iterations", "1000"),
            List.of("--cipher", "aes-xts-plain64", "--key-size", "512", "--sector-size", "4096"),
            List.of("--luks2-metadata-size", "16k", "--luks2-keyslots-size", "512k"),
            List.of(image().toString())));
  }

  private void run(String program, String debianPackage, List<List<String>> arguments)
      throws Failure, IOException {
    requireOpen();
    Path found =
        find(program)
            .orElseThrow(() ->
                cannotSeal(
                    "there is no " + program,
                    "the volume is made with it, and no folder of PATH has it",
                    "install it: Debian's package is " + debianPackage));
    var line = new ArrayList<>(List.of(found.toString()));
    arguments.forEach(line::addAll);
    Path log = clear.path().resolve("log");
    var builder = new ProcessBuilder(line);
    builder.environment().clear();
    builder.environment().put("LC_ALL", "C");
    builder.redirectInput(Path.of("/dev/null").toFile());
    builder.redirectErrorStream(true).redirectOutput(log.toFile());
    var process = builder.start();
    running = process;
    try {
      if (!process.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS)) {
        throw cannotSeal(
            program + " does not end",
            "it has worked for " + LIMIT.toSeconds() + " s",
            "see what else the machine is doing, and try again");
      }
      if (process.exitValue() != 0) {
        throw cannotSeal(
            program + " failed with status " + process.exitValue(),
            complaint(log),
            "see its manual; this needs cryptsetup 2.4 and e2fsprogs 1.43 or later");
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw cannotSeal(program + " was interrupted", "this program ends", "run it again");
    } finally {
      process.destroyForcibly();
      running = null;
    }
  }

  private static Optional<Path> find(String program) {
    String path = System.getenv().getOrDefault("PATH", "");
    return Stream.concat(Stream.of(path.split(":")), ADMINISTRATOR.stream())
        .filter(folder -> folder.startsWith("/"))
        .map(folder -> Path.of(folder, program))
        .filter(Files::isExecutable)
        .findFirst();
  }

  /** These programs name files and never what is in them. */
  private static String complaint(Path log) throws IOException {
    String said = Files.readString(log, StandardCharsets.ISO_8859_1).strip();
    String last = said.substring(Math.max(0, said.length() - LONGEST_COMPLAINT));
    return last.isEmpty() ? "it did not say why" : HostText.line(last).toString();
  }

  private static Failure cannotSeal(String what, String why, String fix) {
    return new Failure(Diagnostic.of(Code.CANNOT_SEAL, what, why, fix));
  }

  private void requireOpen() throws IOException {
    if (closed) {
      throw new IOException("interrupted");
    }
  }

  /**
   * Takes away what lies in clear, and the rest; also from another thread, while a program runs.
   */
  @Override
  public void close() throws Failure {
    var process = running;
    if (process != null) {
      process.destroyForcibly();
    }
    synchronized (this) {
      closed = true;
      try {
        clear.close();
      } catch (IOException cause) {
        throw cannotSeal(
            "what lay in clear was not removed",
            HostFiles.reason(cause),
            "remove the folder " + clear.path() + " by hand");
      }
    }
  }
}
