package dev.remit.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.remit.junit.Programs;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files by somebody who does not want {@code remit check} to see what is in them. */
@Simulated
final class EvasionTest {
  /** Of the descriptors of ISO 9660, which begin at 32 KiB: where the volume's label is. */
  private static final int LABEL = 40;

  private static final int PRIMARY = 0x8000;
  private static final int JOLIET = 0x8800;
  private static final int LABEL_SIZE = 32;

  @TempDir private Path folder;
  private CheckedFiles files;

  @BeforeEach
  void makeASeed() throws Exception {
    files = new CheckedFiles(folder);
    files.write("tree/user-data", "#cloud-config\npassword: hunter2\n");
    files.write("tree/meta-data", "instance-id: one\n");
    files.write("bare/readme", "nothing\n");
    files.write("key", "0123456789abcdef0123456789abcdef");
    files.shell("genisoimage -quiet -J -R -V cidata -o seed.iso tree");
    files.shell("genisoimage -quiet -J -R -V cidata -o bare.iso bare");
  }

  @Test
  void findsALabelHoweverItIsWritten() throws IOException {
    labelled("spaces", "cidata    ", "");
    labelled("leading", "   cidata", "");
    labelled("zeros", "cidata\0\0\0", "");
    labelled("behind-zero", "cidata\0other", "");
    labelled("mixed", "cIdAtA\0 \0 ", "");
    labelled("second-only", "OTHER", "CiData");
    labelled("second-zeros", "OTHER", "cidata\0\0");

    var names =
        List.of(
            "spaces", "leading", "zeros", "behind-zero", "mixed", "second-only", "second-zeros");
    assertThat(files.check(names).all())
        .allSatisfy(said -> assertThat(said.refused()).contains("PROV-01"));
  }

  private void labelled(String name, String primary, String joliet) throws IOException {
    Files.copy(files.path("bare.iso"), files.path(name));
    put(name, PRIMARY + LABEL, field(primary, StandardCharsets.US_ASCII, ' '));
    put(name, JOLIET + LABEL, field(joliet, StandardCharsets.UTF_16BE, '\0'));
  }

  private static byte[] field(String text, Charset charset, char filler) {
    byte[] label = text.getBytes(charset);
    byte[] field = Arrays.copyOf(label, LABEL_SIZE);
    Arrays.fill(field, label.length, LABEL_SIZE, (byte) filler);
    return field;
  }

  private void put(String name, long at, byte[] octets) throws IOException {
    try (var file = new RandomAccessFile(files.path(name).toFile(), "rw")) {
      file.seek(at);
      file.write(octets);
    }
  }

  @Test
  void findsASeedInWhateverItLies() throws Exception {
    files.shell("mkfs.vfat -C -n CIDATA seed.fat 4096");
    partitioned("iso-in-gpt", "gpt", "seed.iso");
    partitioned("fat-in-dos", "dos", "seed.fat");
    files.shell("qemu-img convert -f raw -O qcow2 iso-in-gpt gpt.qcow2");
    files.shell("qemu-img convert -f raw -O qcow2 seed.fat fat.qcow2");
    partitioned("qcow2-in-gpt", "gpt", "fat.qcow2");
    files.shell("qemu-img convert -c -f raw -O qcow2 qcow2-in-gpt twice.qcow2");
    logicalVolume("lvm", "seed.fat");
    partitioned("lvm-in-gpt", "gpt", "lvm");

    var names =
        List.of(
            "iso-in-gpt",
            "fat-in-dos",
            "gpt.qcow2",
            "qcow2-in-gpt",
            "twice.qcow2",
            "lvm",
            "lvm-in-gpt");
    assertThat(files.check(names).all())
        .allSatisfy(said -> {
          assertThat(said.refused()).contains("PROV-01");
          assertThat(said.verdict()).isNotEqualTo("encrypted-unauthenticated");
        });
  }

  private void partitioned(String disk, String label, String part) throws Exception {
    files.shell("truncate -s 96M " + disk);
    files.shell(
        "printf 'label: %s\\nstart=2048,size=131072,type=linux\\n' | sfdisk -q %s"
            .formatted(label, disk));
    files.shell("dd if=" + part + " of=" + disk + " bs=1M seek=1 conv=notrunc");
  }

  /** Of 64 MiB, in which the first extent is that of a volume; made by the tools of LVM. */
  private void logicalVolume(String disk, String content) throws Exception {
    Path sample =
        Programs.find()
            .checkout()
            .resolve("orchestrator/src/test/resources/image/disk/lvm.head.gz");
    try (var packed = new GZIPInputStream(Files.newInputStream(sample))) {
      Files.write(files.path(disk), packed.readAllBytes());
    }
    files.shell("truncate -s 64M " + disk);
    files.shell("dd if=" + content + " of=" + disk + " bs=1M seek=1 conv=notrunc");
  }

  @Test
  void takesAFileForEverythingThatItCanBe() throws Exception {
    luks("luks");
    byte[] seed = Files.readAllBytes(files.path("seed.iso"));
    Files.copy(files.path("luks"), files.path("both"));
    put("both", PRIMARY, Arrays.copyOfRange(seed, PRIMARY, seed.length));
    Files.copy(files.path("seed.iso"), files.path("marked"));
    put("marked", 0, Arrays.copyOf(Files.readAllBytes(files.path("luks")), 8));

    var said = files.check(List.of("both", "marked"));
    assertThat(said.of("both").refused()).contains("PROV-01");
    assertThat(said.of("both").verdict()).isEqualTo("unknown");
    assertThat(said.of("marked").refused()).contains("PROV-01");
    assertThat(said.of("marked").unreadable()).isNotEmpty();
  }

  private void luks(String name) throws Exception {
    files.shell("truncate -s 32M " + name);
    files.shell(
        "cryptsetup -q --batch-mode --key-file key --pbkdf pbkdf2 --pbkdf-force-iterations 1000"
            + " luksFormat --type luks2 "
            + name);
  }

  @Test
  void trustsNoneOfTwoHeadersThatDisagree() throws Exception {
    luks("disagree");
    // Of the second copy: its label.
    put("disagree", 0x4000 + 24, new byte[] {'x'});
    luks("first-gone");
    put("first-gone", 0, new byte[512]);
    partitioned("gpt", "gpt", "disagree");
    luks("good");
    partitioned("tables", "gpt", "good");
    // Of the first header of the table: the GUID of the disk.
    put("tables", 512 + 56, new byte[] {1, 2, 3});

    assertThat(files.check(List.of("disagree", "first-gone", "gpt", "tables")).all())
        .allSatisfy(said -> {
          assertThat(said.unreadable()).contains("IMG-003");
          assertThat(said.verdict()).isEqualTo("unknown");
        });
  }

  @Test
  void findsSomethingWrongWithAnyFileThatIsNotWhole() throws Exception {
    luks("luks");
    files.shell("dd if=/dev/urandom of=luks bs=1M seek=16 count=2 conv=notrunc");
    files.shell("qemu-img convert -f raw -O qcow2 luks luks.qcow2");
    files.shell("mkfs.vfat -C -n CIDATA seed.fat 4096");
    partitioned("gpt", "gpt", "luks");
    var names = new ArrayList<String>();
    for (String whole : List.of("seed.iso", "luks", "luks.qcow2", "seed.fat", "gpt")) {
      for (int size : new int[] {1, 100, 511, 600, 4096, 20_000, 33_000, 40_000, 100_000}) {
        String name = whole + "." + size;
        files.shell("head -c " + size + " " + whole + " >" + name);
        names.add(name);
      }
    }

    assertThat(files.check(names).all()).allSatisfy(said -> assertThat(said.stops()).isTrue());
  }

  @Test
  void expandsNoEntityAndNoAliasWithoutEnd() throws Exception {
    String tables =
        "<sysinfo type='smbios'><system><entry name='serial'>%s</entry></system></sysinfo>";
    String domain = "<domain type='kvm'><name>a</name>" + tables + "</domain>";
    var entities = new StringBuilder("<!DOCTYPE domain [<!ENTITY a0 'aaaaaaaaaa'>");
    var aliases = new StringBuilder("a0: &a0 [x,x,x,x,x,x,x,x,x,x]\n");
    for (int i = 1; i < 12; i++) {
      entities.append("<!ENTITY a%d '%s'>".formatted(i, ("&a" + (i - 1) + ";").repeat(10)));
      aliases.append(
          "a%d: &a%d [%s*a%d]\n".formatted(i, i, ("*a" + (i - 1) + ",").repeat(9), i - 1));
    }
    files.write("bomb.xml", entities + "]>" + domain.formatted("&a11;"));
    files.write(
        "entity.xml",
        "<!DOCTYPE domain [<!ENTITY a SYSTEM 'file:///etc/passwd'>]>" + domain.formatted("&a;"));
    files.write("outside.xml", "<!DOCTYPE domain SYSTEM 'x.dtd'>" + domain.formatted("a"));
    files.write("deep.xml", "<domain>" + "<a>".repeat(100_000) + "</a>".repeat(100_000));
    Files.write(files.path("wide.xml"), domain.formatted("a").getBytes(StandardCharsets.UTF_16));
    files.write("bomb.yaml", "#cloud-config\n" + aliases);
    files.write("bomb-vm.yaml", "apiVersion: kubevirt.io/v1\nkind: VirtualMachine\n" + aliases);
    files.write("bomb-plan.yaml", "vm1:\n cmds: [a]\n" + aliases);
    files.write("circle.yaml", "#cloud-config\na: &a [*a]\n");
    files.write("deep.yaml", "#cloud-config\na: " + "[".repeat(100_000));

    var unreadable =
        List.of(
            "bomb.xml",
            "entity.xml",
            "outside.xml",
            "deep.xml",
            "wide.xml",
            "bomb.yaml",
            "bomb-vm.yaml",
            "bomb-plan.yaml",
            "circle.yaml",
            "deep.yaml");
    assertThat(files.check(unreadable).all())
        .allSatisfy(said -> assertThat(said.unreadable()).isNotEmpty());
  }

  @Test
  void seesThroughCharacterReferencesAndAliases() throws Exception {
    files.write(
        "references.xml",
        "<domain type='kvm'><name>a</name><os><smbios mode='sysinfo'/></os><sysinfo type='smbios'>"
            + "<system><entry name='serial'>&#100;s=nocl&#x6f;ud;s=a</entry></system></sysinfo>"
            + "</domain>");
    files.write("alias.yaml", "#cloud-config\nx: &it true\nssh_pwauth: *it\n");
    files.write("merge.yaml", "#cloud-config\nx: &it {ssh_pwauth: true}\n<<: *it\n");

    var said = files.check(List.of("references.xml", "alias.yaml", "merge.yaml"));
    assertThat(said.of("references.xml").refused()).contains("PROV-13");
    assertThat(said.of("alias.yaml").unacknowledged()).contains("PROV-31");
    assertThat(said.of("merge.yaml").unacknowledged()).contains("PROV-31");
  }
}
