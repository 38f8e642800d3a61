package dev.remit.exposure;

import static dev.remit.exposure.ImageCases.ESP;
import static dev.remit.exposure.ImageCases.LINUX;
import static dev.remit.exposure.ImageCases.disk;
import static dev.remit.exposure.ImageCases.fileSystem;
import static dev.remit.exposure.ImageCases.luks;
import static dev.remit.exposure.ImageCases.part;
import static dev.remit.exposure.ImageCases.qcow2;
import static dev.remit.exposure.ImageCases.table;
import static dev.remit.exposure.ImageCases.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import dev.remit.bytes.Bytes;
import dev.remit.bytes.SeekableBytes;
import dev.remit.diagnostic.Code;
import dev.remit.diagnostic.Diagnostic;
import dev.remit.diagnostic.HostText;
import dev.remit.diagnostic.Location;
import dev.remit.image.Content;
import dev.remit.image.FileTree;
import dev.remit.image.Region;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ImageRulesTest {
  static final List<ImageCase> CASES = ImageCases.ALL;

  private record Seen(
      Optional<ImageVerdict> verdict, List<Finding> findings, List<Diagnostic> unreadable) {
    long count(String id) {
      return findings.stream().filter(each -> each.id().equals(id)).count();
    }

    List<Code> codes() {
      return unreadable.stream().map(Diagnostic::code).toList();
    }
  }

  @ParameterizedTest
  @FieldSource("CASES")
  void findsEachSignAndNothingInItsTwin(ImageCase each) {
    assertThat(seen(each.tripping()).count(each.id())).isPositive();
    assertThat(seen(each.passing()).count(each.id())).isZero();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "cryptsetup%s|\r",
        "cryptsetup%s|echo ",
        "cryptsetup%s|\u0085",
        "secrets/coco%s|\r",
        "%s|\n",
        "%s|datasource_list: [\n",
        "%s|-----BEGIN A ",
        "%s|x://y:",
        "%s|eyJaaaaaaaa.",
      })
  void readsAFileInTimeOfItsLength(String repeated) {
    int bar = repeated.indexOf('|');
    String part = repeated.substring(bar + 1);
    String content = repeated.substring(0, bar).formatted(part.repeat(500_000 / part.length()));
    for (String path : List.of("init", "etc/cloud/cloud.cfg", "etc/ssh/sshd_config")) {
      var initrd = disk(new Content.Initrd(new FileTree(List.of(text(path, content)))));
      assertTimeoutPreemptively(Duration.ofSeconds(20), () -> assertThat(seen(initrd)).isNotNull());
    }
  }

  /** Apart from those over firmware, which have tests of their own. */
  @Test
  void hasACaseForEveryEntryThatShowsInAnImage() {
    var shown =
        Catalogue.builtIn().entries().stream()
            .filter(entry -> entry.signs().contains(Sign.IMAGE))
            .map(Entry::id)
            .filter(id -> !Set.of("FW-02", "POL-24", "POL-36").contains(id));
    assertThat(ImageCases.covered()).containsAll(shown.toList());
  }

  @Test
  void callsEachImageByItsWord() {
    assertThat(word(disk(fileSystem()))).isEqualTo("plain");
    assertThat(word(disk(luks(false)))).isEqualTo("encrypted-unauthenticated");
    assertThat(word(disk(luks(true)))).isEqualTo("encrypted-authenticated");
    assertThat(word(disk(new Content.Opaque(true)))).isEqualTo("unknown");
    assertThat(word(disk(new Content.OtherContainer("a VMDK image")))).isEqualTo("unknown");
    assertThat(word(disk(new Content.OtherProtection("a BitLocker volume")))).isEqualTo("unknown");
    assertThat(word(qcow2(Content.HostEncryption.LUKS, false, false, 0)))
        .isEqualTo("host-side-encrypted");
    assertThat(word(qcow2(Content.HostEncryption.NONE, false, false, 0)))
        .isEqualTo("encrypted-authenticated");
    assertThat(word(qcow2(Content.HostEncryption.NONE, true, false, 0))).isEqualTo("unknown");
    assertThat(word(table(part(ESP, fileSystem()), part(LINUX, luks(true)))))
        .isEqualTo("partly-plain");
    assertThat(word(table(part(LINUX, luks(false)), part(LINUX, luks(true)))))
        .isEqualTo("encrypted-unauthenticated");
    assertThat(word(table(part(LINUX, new Content.Opaque(true)), part(LINUX, luks(true)))))
        .isEqualTo("unknown");
    assertThat(word(disk(luks(2, "cipher_null-ecb", true, List.of())))).isEqualTo("plain");
    var header = new Content.LuksHeaderAlone(luks(false));
    assertThat(word(disk(header))).isEqualTo("header-alone");
    assertThat(word(table(part(LINUX, header), part(LINUX, luks(true)))))
        .isEqualTo("encrypted-authenticated");
  }

  @Test
  void believesNoImageThatCanBeTwoThings() {
    assertThat(word(disk(luks(true), fileSystem()))).isEqualTo("partly-plain");
  }

  @Test
  void takesAFileSystemUnderATreeOfHashesForVerity() {
    var root = fileSystem(text("etc/a", ""), text("usr/b", ""));
    var image = table(part(LINUX, root, new Content.UnderVerity()), part(LINUX, tree()));
    assertThat(word(image)).isEqualTo("verity");
    assertThat(seen(image).count("FW-18")).isZero();
    assertThat(word(table(part(LINUX, root), part(LINUX, tree())))).isEqualTo("partly-plain");
  }

  @Test
  void doesNotBelieveATreeOfHashesThatDoesNotHold() {
    var broken =
        seen(
            disk(
                new Content.Verity(
                    new HostText("sha256"), 4096, 16, Optional.of("its hashes are blank"))));
    assertThat(broken.codes()).containsExactly(Code.IMAGE_UNREADABLE);
    assertThat(broken.verdict()).contains(ImageVerdict.UNKNOWN);
  }

  @Test
  void takesNoProgramOnADiskForNothing() {
    var kernel = new Content.Kernel(Optional.empty());
    assertThat(seen(disk(kernel)).verdict()).isEmpty();
    assertThat(word(table(part(LINUX, kernel), part(LINUX, luks(true))))).isEqualTo("partly-plain");
    assertThat(word(disk(kernel, new Content.Opaque(false)))).isEqualTo("unknown");
  }

  @Test
  void believesNoVolumeThatIsWeak() {
    var weak =
        new Content.Luks(
            2,
            List.of(new HostText("aes-xts-plain64")),
            true,
            List.of(),
            List.of("weak"),
            List.of());
    assertThat(word(disk(weak))).isEqualTo("unknown");
  }

  @Test
  void listsOnlyTheFirstOfManyPartsThatCannotBeRead() {
    var parts =
        Collections.nCopies(
            5_000, part(LINUX, new Content.Malformed("a thing", 0, "it is broken")));
    var found = seen(table(parts.toArray(ImageCases.Part[]::new)));
    assertThat(found.unreadable()).hasSize(101);
    assertThat(found.unreadable().getLast().what()).startsWith("4900 more parts");
  }

  private static Content tree() {
    return new Content.Verity(new HostText("sha256"), 4096, 16, Optional.empty());
  }

  @Test
  void neverCallsWhatItCannotReadClean() {
    var broken =
        seen(disk(new Content.Malformed("a GPT partition table", 512, "a checksum differs")));
    assertThat(broken.codes()).containsExactly(Code.IMAGE_UNREADABLE);
    assertThat(broken.verdict()).contains(ImageVerdict.UNKNOWN);
    assertThat(broken.unreadable().getFirst().at()).contains(new Location.InBytes("it", 512));
    var random = seen(disk(new Content.Opaque(true)));
    assertThat(random.codes()).containsExactly(Code.IMAGE_UNKNOWN);
    var flawed =
        seen(
            disk(
                new Content.PartitionTable(
                    "a GPT partition table", List.of(), List.of(), List.of("the copies differ"))));
    assertThat(flawed.codes()).containsExactly(Code.IMAGE_UNREADABLE);
    assertThat(flawed.verdict()).contains(ImageVerdict.UNKNOWN);
  }

  /** A guest may write plain text on it. */
  @Test
  void neverCallsABlankImageClean() {
    for (var image :
        List.of(
            disk(new Content.Blank()),
            table(part(LINUX, new Content.Blank())),
            disk(
                new Content.Qcow2(
                    3,
                    Content.HostEncryption.NONE,
                    0,
                    Optional.empty(),
                    Optional.empty(),
                    Optional.of(disk(new Content.Blank())),
                    OptionalLong.empty())))) {
      assertThat(seen(image).codes()).containsExactly(Code.IMAGE_UNKNOWN);
      assertThat(word(image)).isEqualTo("unknown");
    }
    assertThat(seen(table(part(LINUX, luks(true)), part(LINUX, new Content.Blank()))).codes())
        .isEmpty();
  }

  @Test
  void acknowledgesOnlyDumpsOfAnImageForSecureExecution() {
    assertThat(seen(disk(new Content.SecureExecution(true, false))).findings())
        .extracting(Finding::form)
        .containsExactly(Finding.Form.LESSER);
    assertThat(seen(disk(new Content.SecureExecution(false, true))).findings())
        .extracting(Finding::form)
        .containsExactly(Finding.Form.FULL);
  }

  @Test
  void showsNoSecretOfInitdata() {
    var found =
        seen(
            disk(
                new Content.Initdata(
                    text("a", "password = \"hunter2\"\n").content().orElseThrow())));
    assertThat(found.count("PROV-39")).isPositive();
    assertThat(found.findings().toString()).doesNotContain("hunter2");
  }

  @Test
  void takesAnImageEncryptedInsideForClean() {
    var seen = seen(disk(luks(true)));
    assertThat(seen.findings()).isEmpty();
    assertThat(seen.unreadable()).isEmpty();
  }

  @Test
  void pointsToTheByteWhereAPartStarts() {
    var found =
        seen(table(part(LINUX, luks(true)), part(LINUX, new Content.Swap(false)))).findings();
    assertThat(found).hasSize(1);
    assertThat(found.getFirst().at())
        .isEqualTo(new Location.InBytes("it", 16 * ImageCases.MEBIBYTE));
    assertThat(found.getFirst().found()).isEqualTo("partition 2: a swap area");
  }

  @Test
  void acknowledgesOnlyADiskThatIsNoRoot() {
    assertThat(seen(disk(fileSystem(text("data", "a")))).findings())
        .extracting(Finding::form)
        .containsExactly(Finding.Form.LESSER);
    assertThat(seen(disk(fileSystem(text("etc/a", ""), text("usr/b", "")))).findings())
        .filteredOn(each -> each.id().equals("DISK-01"))
        .extracting(Finding::form)
        .containsExactly(Finding.Form.FULL);
  }

  @Test
  void namesAFileOfTheChainThatWasGiven() {
    assertThat(
            seen(qcow2(Content.HostEncryption.NONE, true, false, 0)).findings().getFirst().found())
        .contains("which was given");
  }

  @Test
  void givesEveryCommandLineToTheRulesAboutThem() {
    var words = List.of(new HostText("init=/bin/sh"), new HostText("ds=nocloud"));
    var uki = seen(disk(new Content.Uki(List.of(), words, List.of())));
    assertThat(uki.count("PROV-24")).isEqualTo(1);
    assertThat(uki.count("PROV-19")).isEqualTo(1);
    assertThat(uki.verdict()).isEmpty();
    var file = seen(disk(fileSystem(text("etc/kernel/cmdline", "rdinit=/bin/sh\n"))));
    assertThat(file.count("PROV-24")).isEqualTo(1);
  }

  private static String word(Region image) {
    return seen(image).verdict().orElseThrow().word();
  }

  private static Seen seen(Region image) {
    var findings = new Findings();
    var unreadable = new ArrayList<Diagnostic>();
    var verdict =
        ImageRules.check(
            image,
            "it",
            findings,
            unreadable::add,
            name ->
                name.raw().endsWith("/base.qcow2")
                    ? Optional.of(SeekableBytes.of(Bytes.EMPTY))
                    : Optional.empty());
    return new Seen(verdict, findings.all(), unreadable);
  }
}
