package dev.remit.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.remit.junit.Programs;
import dev.remit.junit.Run;
import dev.remit.junit.SimulatedHost;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A distribution as guest: Debian's own initrd, systemd and cloud-init, as {@code
 * scripts/build-debian} makes it. Under emulation it boots in minutes, so that this is a tier of
 * its own.
 */
@Tag("debian")
final class DebianGuestTest {
  private static final Duration LIMIT = Duration.ofMinutes(30);
  private static final String NAME = "debian-sev";
  private static final String SAYS = "debian-test: ";
  private static final SecureRandom RANDOM = new SecureRandom();

  /** What the tenant wants, and what the guest tells of the host's attempts. */
  private static final String USER_DATA =
      """
      #cloud-config
      hostname: sealed-host
      write_files:
        - path: /root/marker
          permissions: '0600'
          content: 'MARKER'
      runcmd:
        - |
          say() { echo "debian-test: $*" >/dev/console; }
          say "marker $(sha256sum </root/marker | cut -c-64) on $(hostname)"
          say "key $(ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub)"
          say "source $(cat /run/cloud-init/cloud-id)"
          say "modes $(stat -c %a /run/remit/seed.cfg /root/marker | xargs)"
          say "runtime $(head -n 2 /run/cloud-init/cloud.cfg | xargs)"
          say "medium $(blkid -t LABEL=cidata -o device)"
          say "host's user $(test -e /root/host-was-here && echo obeyed || echo ignored)"
          modprobe qemu_fw_cfg
          say "offered $(cat /sys/firmware/qemu_fw_cfg/by_name/opt/io.systemd.credentials/*/raw)"
          say "offered $(tr -d '\\0' </sys/firmware/dmi/entries/11-0/raw | grep -ao 'io.systemd.*')"
          say "credentials $(ls /run/credentials/@system 2>/dev/null | wc -l)"
          say "prompts $(pgrep -c -x 'agetty|login|sulogin')"
          echo said-by-a-program
          say "end"
      """;

  /** What the host wants. */
  private static final String HOSTILE_USER_DATA =
      """
      #cloud-config
      hostname: host-was-here
      write_files:
        - {path: /root/host-was-here, content: x}
      """;

  /** The text in clear, which no host has. */
  @TempDir private Path owner;

  private SimulatedHost host;
  private Path debian;
  private Path userData;

  @BeforeEach
  void makeHost() {
    host = SimulatedHost.create(Programs.find());
    debian = host.programs().checkout().resolve("build/debian");
    userData = owner.resolve("debian-user-data.yaml");
    assertThat(debian.resolve("disk.key")).as("made by scripts/build-debian").isRegularFile();
  }

  @AfterEach
  void closeHost() {
    host.close();
  }

  @Test
  void cloudInitObeysTheSealedUserDataAndNothingOfTheHost() throws Exception {
    host.settings("--qemu", qemuThatGivesMore().toString());
    String marker = HexFormat.of().formatHex(random(16));
    Path spec = spec(USER_DATA.replace("MARKER", marker));
    seal(spec);
    assertThat(filesWith(owner, marker)).as("the search finds it").containsExactly(userData);

    var launched = host.remitHere("launch", spec.toString());
    requireDone(launched);
    assertThat(launched.stdout()).startsWith(NAME + ": TRUSTED");
    Console.waitFor(host.console(NAME), SAYS + "end", LIMIT);

    var said = said();
    assertThat(said)
        .contains(
            "marker " + sha256(marker) + " on sealed-host",
            "source none",
            "modes 600 600",
            "runtime datasource_list: [None] network: {config: disabled}",
            "host's user ignored",
            "credentials 0",
            "prompts 0");
    assertThat(said).anyMatch(line -> line.matches("key 256 SHA256:\\S+ .*\\(ED25519\\)"));
    assertThat(said)
        .as("what the host gave had come")
        .contains(
            "medium /dev/sr0",
            "offered host-word",
            "offered io.systemd.credential:smbios=host-word");
    assertThat(console()).doesNotContain("login:", "(initramfs)", "said-by-a-program");

    requireDone(host.remitHere("destroy", NAME));
    assertThat(filesWith(host.folder(), marker)).isEmpty();
  }

  /** Where Debian's initrd would start a shell by default. */
  @Test
  void aGuestWhoseDiskTheHostSpoiltEndsWithoutAShell() throws Exception {
    Path spec = spec(HOSTILE_USER_DATA);
    seal(spec);
    try (var disk = FileChannel.open(disk(), StandardOpenOption.WRITE)) {
      disk.write(ByteBuffer.wrap(random(1 << 20)), 0);
    }
    endsByItself(spec);
    assertThat(console())
        .contains("remit-guest: disk unlocked", "panic= boot argument")
        .doesNotContain("(initramfs)");
  }

  /** Where ext4 would take a folder that the host spoilt for one that is not there. */
  @Test
  void aGuestThatWouldPassOverASpoiltDiskDoesNotOpenIt() throws Exception {
    Path spec = spec(HOSTILE_USER_DATA);
    Files.writeString(spec, Files.readString(spec).replace("errors=panic", "errors=continue"));
    seal(spec);
    endsByItself(spec);
    assertThat(console())
        .contains("remit-guest: refused: the command line does not say rootflags=errors=panic")
        .doesNotContain("disk unlocked");
  }

  private void endsByItself(Path spec) throws IOException {
    requireDone(host.remitHere("launch", spec.toString()));
    var arguments = new ArrayList<>(List.of("--state", host.state().toString()));
    arguments.addAll(List.of("wait", NAME, "--host", host.document().toString()));
    var waited = Programs.run(LIMIT, host.programs().remit(), arguments);
    requireDone(waited);
    assertThat(waited.stdout()).contains("shut down or reset by the guest");
    assertThat(console()).doesNotContain("Welcome to");
  }

  private Path disk() {
    return host.folder().resolve("disk.luks");
  }

  /** The example with a disk of its own, and user data of this test. */
  private Path spec(String text) throws IOException {
    Files.copy(debian.resolve("disk.luks"), disk());
    Files.writeString(userData, text);
    Files.setPosixFilePermissions(userData, PosixFilePermissions.fromString("rw-------"));
    Path source = host.programs().checkout().resolve("examples/debian-sev.yaml");
    String example =
        Files.readString(source)
            .replace("../build/debian/disk.luks", disk().toString())
            .replace("../build/debian-seed", host.folder().resolve("seed").toString())
            .replace("../build/debian", debian.toString())
            .replace("debian-user-data.yaml ", userData + " ")
            // On a busy machine a guest may wait in vain for its timer.
            .replace("noresume", "noresume no_timer_check");
    return Files.writeString(host.folder().resolve("debian-sev.yaml"), example);
  }

  private void seal(Path spec) {
    requireDone(host.remit("seal", spec.toString()));
  }

  /** A host may give a guest what nobody asked for: no device is measured. */
  private Path qemuThatGivesMore() throws IOException {
    Path files = Files.createDirectory(host.folder().resolve("hostile"));
    Files.writeString(files.resolve("user-data"), HOSTILE_USER_DATA);
    Files.writeString(files.resolve("meta-data"), "instance-id: host-was-here\n");
    Path medium = host.folder().resolve("hostile.iso");
    var made =
        Programs.run(
            LIMIT,
            Path.of("/usr/bin/genisoimage"),
            List.of("-quiet", "-V", "cidata", "-r", "-o", medium.toString(), files.toString()));
    requireDone(made);
    Path program =
        Files.writeString(
            host.folder().resolve("qemu-that-gives-more"),
            """
            #!/bin/sh
            case " $* " in
              *' -kernel '*)
                set -- "$@" -drive if=none,id=hostile,format=raw,readonly=on,file=%s \\
                  -device ide-cd,drive=hostile \\
                  -smbios type=11,value=io.systemd.credential:smbios=host-word \\
                  -fw_cfg name=opt/io.systemd.credentials/fwcfg,string=host-word
                ;;
            esac
            exec /usr/bin/qemu-system-x86_64 "$@"
            """
                .formatted(medium));
    Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwx------"));
    return program;
  }

  private String console() throws IOException {
    return Files.readString(host.console(NAME), StandardCharsets.ISO_8859_1);
  }

  private List<String> said() throws IOException {
    return console()
        .lines()
        .filter(line -> line.contains(SAYS))
        .map(line -> line.substring(line.indexOf(SAYS) + SAYS.length()).strip())
        .toList();
  }

  /** In which the text stands; at a host, the guest's disks are among them. */
  private static List<Path> filesWith(Path folder, String text) throws IOException {
    var found = new ArrayList<Path>();
    try (var files = Files.walk(folder)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        if (contains(file, text)) {
          found.add(file);
        }
      }
    }
    return found;
  }

  private static boolean contains(Path file, String text) throws IOException {
    int overlap = text.length() - 1;
    byte[] window = new byte[1 << 20];
    int kept = 0;
    try (var stream = Files.newInputStream(file)) {
      int read;
      while ((read = stream.readNBytes(window, kept, window.length - kept)) > 0) {
        int size = kept + read;
        if (new String(window, 0, size, StandardCharsets.ISO_8859_1).contains(text)) {
          return true;
        }
        kept = Math.min(overlap, size);
        System.arraycopy(window, size - kept, window, 0, kept);
      }
    }
    return false;
  }

  private static byte[] random(int size) {
    byte[] octets = new byte[size];
    RANDOM.nextBytes(octets);
    return octets;
  }

  private static String sha256(String text) throws Exception {
    var digest = MessageDigest.getInstance("SHA-256");
    return HexFormat.of().formatHex(digest.digest(text.getBytes(StandardCharsets.US_ASCII)));
  }

  private static void requireDone(Run run) {
    assertThat(run.status()).as(run.toString()).isZero();
  }
}
