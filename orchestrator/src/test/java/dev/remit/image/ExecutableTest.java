package dev.remit.image;

import static dev.remit.image.Hostile.assertMalformed;
import static dev.remit.image.Hostile.contents;
import static dev.remit.image.Hostile.only;
import static org.assertj.core.api.Assertions.assertThat;

import dev.remit.bytes.Bytes;
import dev.remit.bytes.Sample;
import dev.remit.diagnostic.HostText;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class ExecutableTest {
  @Test
  void readsAUnifiedKernelImage() throws IOException {
    var uki = only(PeSample.small().bytes(), Content.Uki.class);
    assertThat(uki.title()).isEqualTo("a unified kernel image");
    assertThat(uki.sections())
        .extracting(HostText::raw)
        .containsExactly(
            ".text", ".osrel", ".cmdline", ".linux", ".initrd", ".ucode", ".profile", ".cmdline");
    assertThat(uki.cmdlines())
        .containsExactly(new HostText("console=ttyS0 ro"), new HostText("rd.break"));
    assertThat(uki.initrds())
        .hasSize(2)
        .allSatisfy(region ->
            assertThat(region.contents()).hasExactlyElementsOfTypes(Content.Initrd.class));
    assertThat(uki.initrds().getFirst().size()).isEqualTo(CpioSample.small().size());
  }

  @Test
  void tellsAnAddonFromAKernel() throws IOException {
    var addon = new PeSample().section(".cmdline", Block.ascii("quiet")).bytes();
    assertThat(only(addon, Content.Uki.class).title())
        .isEqualTo("an addon of a unified kernel image");
  }

  @Test
  void tellsAnyOtherProgram() throws IOException {
    var loader =
        new PeSample()
            .section(".text", Block.ascii("code"))
            .section(".sbat", Block.ascii("sbat,1"))
            .bytes();
    assertThat(only(loader, Content.EfiProgram.class).title()).isEqualTo("an EFI program");
  }

  @Test
  void refusesSectionsThatOverlapInTheFile() throws IOException {
    var uki = PeSample.small().section(".dtb", 4, 0x100000, 512, 1024, Block.ascii("fake")).bytes();
    assertMalformed(uki, "in the file");
  }

  @Test
  void refusesSectionsThatOverlapInMemory() throws IOException {
    var uki =
        new PeSample()
            .section(".linux", 4, 0x1000, 512, 1024, Block.ascii("fake"))
            .section(".dtb", 4, 0x1003, 512, 1536, Block.ascii("fake"))
            .bytes();
    assertMalformed(uki, "in memory");
  }

  @Test
  void refusesSectionsOutsideTheFile() throws IOException {
    var beyond = PeSample.small().bytes();
    assertMalformed(beyond.slice(0, beyond.size() - 1), "outside the file");
    var inHeaders =
        new PeSample().section(".cmdline", 4, 0x1000, 4, 0x40, Block.ascii("fake")).bytes();
    assertMalformed(inHeaders, "in the headers");
  }

  @Test
  void refusesASectionThatIsLargerInMemory() throws IOException {
    var uki = new PeSample().section(".cmdline", 600, 0x1000, 512, 1024, Block.ascii("ro")).bytes();
    assertMalformed(uki, "larger than what the file has");
  }

  @Test
  void refusesACommandLineThatGoesOnBehindItsEnd() throws IOException {
    var uki = new PeSample().section(".cmdline", Block.ascii("ro\0rd.break")).bytes();
    assertMalformed(uki, "after its end");
  }

  @Test
  void refusesACommandLineOfAMebibyte() throws IOException {
    var uki = new PeSample().section(".cmdline", Bytes.zeros((1 << 20) + 1)).bytes();
    assertMalformed(uki, "too long");
  }

  @Test
  void takesASectionOfNothingFromAnywhere() throws IOException {
    var uki = new PeSample().section(".initrd", 0, 0x1000, 0, 1 << 21, Bytes.EMPTY).bytes();
    assertThat(only(uki, Content.Uki.class).initrds())
        .singleElement()
        .satisfies(initrd -> assertThat(initrd.size()).isZero());
  }

  /** As a disk could begin. */
  @Test
  void looksBehindAProgramThatIsMoreThanThat() throws IOException {
    var disk = "a page of a disk that nobody encrypted\n".repeat(5_000);
    for (var program : List.of(PeSample.small().bytes(), KernelSample.bzImage())) {
      int end = program.size() + (64 << 10);
      assertThat(contents(program.paddedTo(2 * end))).hasSize(1);
      assertThat(contents(Bytes.concat(program.paddedTo(end), Block.ascii(disk))))
          .hasSize(2)
          .last()
          .isEqualTo(new Content.Opaque(false));
    }
  }

  @Test
  void readsTheVersionOfAKernel() throws IOException {
    var kernel = only(kernel(), Content.Kernel.class);
    assertThat(kernel.release()).isEqualTo(Optional.of(new HostText("6.12.1 (build)")));
  }

  @Test
  void refusesAKernelLargerThanItsFile() throws IOException {
    assertMalformed(kernel().slice(0, kernel().size() - 1), "larger than its file");
  }

  @Test
  void refusesAVersionOutsideTheSetup() throws IOException {
    assertMalformed(Sample.overwritten(kernel(), 0x20e, Bytes.of(0xff, 0xff)), "outside its setup");
  }

  @Test
  void survivesEveryTurnedBitAndEveryCut() throws IOException {
    var whole = PeSample.small().bytes();
    assertThat(Hostile.turnBits(whole, at -> at < 1024 + 1024)).isGreaterThan(500);
    Hostile.cut(whole, 13, 0x80 + 24);
    for (var content : List.of(kernel())) {
      assertThat(Hostile.turnBits(content, at -> at < 0x268)).isGreaterThan(10);
      Hostile.cut(content, 13, 0x268);
    }
  }

  /** The head of a bzImage with one sector of setup code (Linux, boot.rst). */
  private static Bytes kernel() {
    var file = Bytes.zeros(3 * 512);
    file = Sample.overwritten(file, 0x1f1, Bytes.of(1));
    file = Sample.overwritten(file, 0x1f4, Bytes.le32(32));
    file = Sample.overwritten(file, 0x1fe, Bytes.of(0x55, 0xaa));
    file = Sample.overwritten(file, 0x202, Block.ascii("HdrS"));
    file = Sample.overwritten(file, 0x206, Bytes.of(0x0f, 0x02));
    file = Sample.overwritten(file, 0x20e, Bytes.of(0x80, 0x00));
    return Sample.overwritten(file, 0x280, Block.ascii("6.12.1 (build)"));
  }
}
