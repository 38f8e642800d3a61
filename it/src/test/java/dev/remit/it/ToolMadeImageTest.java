package dev.remit.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.remit.bytes.Bytes;
import dev.remit.bytes.SeekableBytes;
import dev.remit.diagnostic.HostText;
import dev.remit.image.Content;
import dev.remit.image.Examination;
import dev.remit.image.FileTree;
import dev.remit.image.Region;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Images as people make them, by the tools that they use, and what Remit finds in them. */
@Simulated
final class ToolMadeImageTest {
  private static final String USER_DATA = "#cloud-config\npassword: hunter2\n";
  private static final String LONG_NAME = "a name with ümlaut, spaces and no end to it.key";
  private static final String DEEP = "a/b/c/d/e/f/g/h/i/context.sh";
  private static final Path STUB = Path.of("/usr/lib/systemd/boot/efi/linuxx64.efi.stub");

  @TempDir private Path folder;
  private Path tree;

  @BeforeEach
  void plantATree() throws IOException {
    tree = Files.createDirectory(folder.resolve("tree"));
    plant("user-data", USER_DATA);
    plant("meta-data", "instance-id: one\n");
    plant("openstack/latest/user_data", USER_DATA);
    plant(DEEP, "USERNAME=root\n");
    plant(LONG_NAME, "secret\n");
    plant("large", "0123456789".repeat(300_000));
    Files.createSymbolicLink(tree.resolve("link"), Path.of("../etc/shadow"));
  }

  private void plant(String path, String content) throws IOException {
    Path file = tree.resolve(path);
    Files.createDirectories(file.getParent());
    Files.writeString(file, content);
  }

  @ParameterizedTest
  @ValueSource(strings = {"iso", "vfat"})
  void cloudLocaldsMakesASeed(String format) throws Exception {
    run("cloud-localds", "-f", format, "seed", "tree/user-data", "tree/meta-data");

    var seed = fileSystem(examine("seed"));
    assertThat(seed.labels()).containsExactly(new HostText("cidata"));
    assertThat(texts(seed)).contains(USER_DATA, "instance-id: one\n");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "genisoimage -quiet -o x.iso -V CiData -J -R tree",
        "genisoimage -quiet -o x.iso -V CiData -R tree",
        "genisoimage -quiet -o x.iso -V CiData -iso-level 4 tree",
        "xorriso -as mkisofs -quiet -o x.iso -V CiData -J -R tree",
        "xorriso -as mkisofs -quiet -o x.iso -V CiData -R tree"
      })
  void cdToolsKeepEveryFile(String command) throws Exception {
    // Without Rock Ridge there are no links.
    if (!command.contains("-R")) {
      Files.delete(tree.resolve("link"));
    }
    run(command.split(" "));

    var cd = fileSystem(examine("x.iso"));
    assertThat(cd.labels()).containsExactly(new HostText("CiData"));
    assertThat(text(cd, "user-data")).contains(USER_DATA);
    assertThat(text(cd, "openstack/latest/user_data")).contains(USER_DATA);
    assertThat(text(cd, DEEP)).contains("USERNAME=root\n");
    assertThat(texts(cd)).contains("secret\n");
    assertThat(entry(cd, "large").size()).isEqualTo(3_000_000);
    if (command.contains("-R")) {
      assertThat(text(cd, LONG_NAME)).contains("secret\n");
      assertThat(entry(cd, "link").kind()).isEqualTo(FileTree.Kind.LINK);
      assertThat(text(cd, "link")).contains("../etc/shadow");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"-hide", "-hide-joliet"})
  void aFileThatOneTreeHidesIsFoundInTheOther(String hide) throws Exception {
    run("genisoimage", "-quiet", "-o", "x.iso", "-V", "X", "-J", "-R", hide, "user-data", "tree");

    assertThat(text(fileSystem(examine("x.iso")), "user-data")).contains(USER_DATA);
  }

  @Test
  void aHybridIsACdAndBootsAVolumeOfItsOwn() throws Exception {
    run("mkfs.vfat", "-C", "-F", "12", "-n", "COMBUSTION", "efi", "1440");
    run("mcopy", "-i", "efi", "tree/user-data", "::");
    run(
        "xorriso -as mkisofs -quiet -o x.iso -V HYBRID -J -R -append_partition 2 0xef efi"
            .concat(" -appended_part_as_gpt -e --interval:appended_partition_2:all::")
            .concat(" -no-emul-boot tree")
            .split(" "));

    var hybrid = examine("x.iso");
    assertThat(fileSystem(hybrid).labels()).contains(new HostText("HYBRID"));
    var images =
        hybrid.contents().stream()
            .filter(Content.BootCatalogue.class::isInstance)
            .map(Content.BootCatalogue.class::cast)
            .findFirst()
            .orElseThrow()
            .images();
    var volume = fileSystem(images.getFirst());
    assertThat(volume.labels()).containsExactly(new HostText("COMBUSTION"));
    assertThat(text(volume, "user-data")).contains(USER_DATA);
  }

  @ParameterizedTest
  @CsvSource({"12, 1440", "16, 20000", "32, 40000"})
  void mtoolsFillAVolume(String bits, String blocks) throws Exception {
    run("mkfs.vfat", "-C", "-F", bits, "-n", "OEMDRV", "disk", blocks);
    run("mcopy", "-i", "disk", "-s", "tree/user-data", "tree/a", "tree/" + LONG_NAME, "::");
    run("mmd", "-i", "disk", "::many");
    for (int i = 0; i < 40; i++) {
      run("mcopy", "-i", "disk", "tree/meta-data", "::many/a rather long name " + i + ".txt");
    }
    run("mdel", "-i", "disk", "::many/a rather long name 7.txt");

    var disk = fileSystem(examine("disk"));
    assertThat(disk.title()).isEqualTo("a FAT" + bits + " file system");
    assertThat(disk.labels()).containsExactly(new HostText("OEMDRV"));
    assertThat(text(disk, "user-data")).contains(USER_DATA);
    assertThat(text(disk, DEEP)).contains("USERNAME=root\n");
    assertThat(text(disk, LONG_NAME)).contains("secret\n");
    assertThat(entries(disk))
        .filteredOn(entry -> entry.path().raw().startsWith("many/"))
        .hasSize(39);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "cat",
        "gzip -9",
        "xz --check=crc32",
        "xz -9 --check=crc32",
        "zstd -q",
        "zstd -q -19",
        "zstd -q -T0"
      })
  void packersPackAnInitrd(String packer) throws Exception {
    plant("etc/shadow", "root:x:1::::::\n");
    Files.createLink(tree.resolve("etc/passwd"), tree.resolve("etc/shadow"));
    shell("cd tree && find . | LC_ALL=C sort | cpio --quiet -o -H newc | " + packer + " >../main");
    shell("cd tree && echo meta-data | cpio --quiet -o -H crc >../early");
    shell("cat early main >both");

    var initrd = initrd(examine("both"));
    assertThat(texts(initrd))
        .contains("instance-id: one\n", USER_DATA, "USERNAME=root\n", "secret\n");
    assertThat(
            initrd.entries().stream()
                .filter(entry -> entry.path().raw().startsWith("etc/"))
                .map(ToolMadeImageTest::text))
        .containsExactly("root:x:1::::::\n", "root:x:1::::::\n");
  }

  @ParameterizedTest
  @CsvSource({
    "lz4 -lq, lz4",
    "bzip2, bzip2",
    "xz --format=lzma, lzma",
    "zstd -q --ultra -22, more memory",
    "zstd -q --long=27, more memory",
    "xz --lzma2=dict=256MiB --check=crc32, more memory"
  })
  void anInitrdThatAnotherPackerMadeIsNotPassed(String packer, String why) throws Exception {
    shell("cd tree && find . | cpio --quiet -o -H newc | " + packer + " >../main");

    assertThat(examine("main").contents())
        .singleElement()
        .isInstanceOfSatisfying(
            Content.Malformed.class, content -> assertThat(content.what()).contains(why));
  }

  @Test
  void objcopyJoinsAStubToAUnifiedKernelImage() throws Exception {
    Files.writeString(folder.resolve("cmdline"), "console=ttyS0 rd.break");
    shell("cd tree && find . | cpio --quiet -o -H newc | gzip >../initrd");
    shell("head -c 4096 /dev/urandom >kernel");
    run(
        "objcopy",
        "--add-section",
        ".cmdline=cmdline",
        "--change-section-vma",
        ".cmdline=0x30000",
        "--add-section",
        ".linux=kernel",
        "--change-section-vma",
        ".linux=0x2000000",
        "--add-section",
        ".initrd=initrd",
        "--change-section-vma",
        ".initrd=0x4000000",
        STUB.toString(),
        "uki.efi");

    assertThat(examine("uki.efi").contents())
        .singleElement()
        .isInstanceOfSatisfying(
            Content.Uki.class,
            uki -> {
              assertThat(uki.title()).isEqualTo("a unified kernel image");
              assertThat(uki.cmdlines()).containsExactly(new HostText("console=ttyS0 rd.break"));
              assertThat(texts(initrd(uki.initrds().getFirst()))).contains(USER_DATA);
            });
    assertThat(Examination.of(bytes(STUB)).contents())
        .hasExactlyElementsOfTypes(Content.EfiProgram.class);
  }

  private Region examine(String file) throws IOException {
    return Examination.of(bytes(folder.resolve(file)));
  }

  private static SeekableBytes bytes(Path file) throws IOException {
    return SeekableBytes.of(Bytes.copyOf(Files.readAllBytes(file)));
  }

  private static Content.FileSystem fileSystem(Region region) {
    return region.contents().stream()
        .filter(Content.FileSystem.class::isInstance)
        .map(Content.FileSystem.class::cast)
        .findFirst()
        .orElseThrow(() -> new AssertionError(region.toString()));
  }

  private static FileTree initrd(Region region) {
    assertThat(region.contents()).hasExactlyElementsOfTypes(Content.Initrd.class);
    return ((Content.Initrd) region.contents().getFirst()).files();
  }

  private static List<FileTree.Entry> entries(Content.FileSystem found) {
    return found.files().orElseThrow().entries();
  }

  /** The first entry of this path. */
  private static FileTree.Entry entry(Content.FileSystem found, String path) {
    return entries(found).stream()
        .filter(entry -> entry.path().raw().equals(path))
        .findFirst()
        .orElseThrow(() -> new AssertionError(path + " in " + found));
  }

  private static Optional<String> text(Content.FileSystem found, String path) {
    return entry(found, path).content().map(ToolMadeImageTest::utf8);
  }

  private static String text(FileTree.Entry entry) {
    return entry.content().map(ToolMadeImageTest::utf8).orElse("");
  }

  private static List<String> texts(Content.FileSystem found) {
    return texts(found.files().orElseThrow());
  }

  private static List<String> texts(FileTree files) {
    return files.entries().stream().map(ToolMadeImageTest::text).toList();
  }

  private static String utf8(Bytes content) {
    return new String(content.toArray(), StandardCharsets.UTF_8);
  }

  private void shell(String line) throws Exception {
    run("sh", "-c", line);
  }

  private void run(String... command) throws Exception {
    Path said = folder.resolve("said");
    var builder =
        new ProcessBuilder(new ArrayList<>(Arrays.asList(command)))
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(said.toFile());
    // Where Debian has mkfs, too, which the PATH of an ordinary user leaves out.
    builder.environment().put("PATH", "/usr/bin:/bin:/usr/sbin:/sbin");
    builder.environment().put("LC_ALL", "C.UTF-8");
    var process = builder.start();
    assertThat(process.waitFor(2, TimeUnit.MINUTES)).isTrue();
    assertThat(process.exitValue())
        .as("%s: %s", String.join(" ", command), Files.readString(said))
        .isZero();
  }
}
