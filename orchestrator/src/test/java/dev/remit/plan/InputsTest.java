package dev.remit.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.remit.bytes.ByteSource;
import dev.remit.bytes.Bytes;
import dev.remit.bytes.Sample;
import dev.remit.diagnostic.Code;
import dev.remit.diagnostic.Diagnostic;
import dev.remit.diagnostic.Failure;
import dev.remit.image.CpioSample;
import dev.remit.image.KernelSample;
import dev.remit.measurement.KernelHashes;
import dev.remit.measurement.Sha256;
import dev.remit.platform.Protection;
import dev.remit.provisioning.SealedVolume;
import dev.remit.provisioning.SeedArchive;
import dev.remit.spec.Spec;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

final class InputsTest {
  private static final Bytes AMD_SEV = Sample.of("measurement/OVMF.amdsev.trimmed.fd");
  private static final Bytes OVMF_X64 = Sample.of("firmware/ovmf_OvmfX64_suffix.bin");
  private static final Bytes KERNEL = KernelSample.bzImage();
  private static final Bytes INITRD = CpioSample.plain();

  /** SHA-256 of the file, as its README gives it. */
  private static final Bytes FIRMWARE_DIGEST =
      Bytes.ofHex("2f6fc6065f4abc131eb4fb2b5090a542636eae84a94c0db0fdd5f405cb372ff5");

  private static final Bytes KERNEL_DIGEST = Sha256.of(KERNEL);
  private static final Bytes INITRD_DIGEST = Sha256.of(INITRD);

  private static final Bytes WRONG = Bytes.ofHex("0e".repeat(32));

  /** Bytes of that firmware's secret area, less the headers of a table with one secret. */
  private static final int LARGEST_SECRET = 3072 - 40;

  private final FakeFiles files =
      new FakeFiles()
          .put(PlanFixtures.FIRMWARE, AMD_SEV)
          .put(PlanFixtures.KERNEL, KERNEL)
          .put(PlanFixtures.INITRD, INITRD)
          .put(PlanFixtures.KEY, PlanFixtures.DISK_KEY)
          .put(PlanFixtures.DISK, Bytes.zeros(1 << 20))
          .put(PlanFixtures.HEADER, Sample.of("image/luks/detached.bin").paddedTo(1 << 24));

  private final Spec spec = PlanFixtures.spec(Protection.SEV);

  @ParameterizedTest
  @EnumSource
  void tellWhatTheFilesAreAndWhatMustBeMeasured(Protection protection) {
    var inputs = ready(PlanFixtures.spec(protection));
    assertThat(inputs.firmware())
        .isEqualTo(new MeasuredInput("firmware", PlanFixtures.FIRMWARE, 4096, FIRMWARE_DIGEST));
    assertThat(inputs.kernel())
        .isEqualTo(new MeasuredInput("kernel", PlanFixtures.KERNEL, KERNEL.size(), KERNEL_DIGEST));
    assertThat(inputs.initrd())
        .isEqualTo(new MeasuredInput("initrd", PlanFixtures.INITRD, INITRD.size(), INITRD_DIGEST));
    assertThat(inputs.expectation().firmware()).isEqualTo(FIRMWARE_DIGEST);
    assertThat(inputs.expectation().kernelHashes())
        .contains(
            new KernelHashes(
                KERNEL_DIGEST, INITRD_DIGEST, KernelHashes.ofCmdline(spec.boot().cmdline())));
    assertThat(inputs.launchDigests())
        .hasSize(
            switch (protection) {
              case SEV -> 1;
              case SEV_ES -> 2;
            });
  }

  @Test
  void takeFilesWithTheDigestsOfTheSpec() {
    var pinned =
        boot(
            new Spec.Boot(
                pinned(PlanFixtures.FIRMWARE, FIRMWARE_DIGEST),
                pinned(PlanFixtures.KERNEL, KERNEL_DIGEST),
                pinned(PlanFixtures.INITRD, INITRD_DIGEST),
                "x"));
    assertThat(problems(pinned)).isEmpty();
  }

  @Test
  void findEachDigestThatDiffers() {
    var boot = spec.boot();
    for (var wrong :
        List.of(
            new Spec.Boot(pinned(PlanFixtures.FIRMWARE, WRONG), boot.kernel(), boot.initrd(), "x"),
            new Spec.Boot(boot.firmware(), pinned(PlanFixtures.KERNEL, WRONG), boot.initrd(), "x"),
            new Spec.Boot(
                boot.firmware(), boot.kernel(), pinned(PlanFixtures.INITRD, WRONG), "x"))) {
      assertThat(problems(boot(wrong))).containsExactly(Code.DIGEST_DIFFERS);
    }
  }

  @Test
  void findAHeaderWhoseDigestDiffers() {
    var disk =
        new Spec.Disk(
            "root",
            PlanFixtures.input(PlanFixtures.DISK),
            pinned(PlanFixtures.HEADER, WRONG),
            PlanFixtures.at());
    assertThat(problems(PlanFixtures.withDisks(spec, List.of(disk))))
        .containsExactly(Code.DIGEST_DIFFERS);
  }

  @Test
  void findEveryFileThatIsMissing() {
    for (var missing :
        List.of(
            PlanFixtures.FIRMWARE,
            PlanFixtures.KERNEL,
            PlanFixtures.INITRD,
            PlanFixtures.KEY,
            PlanFixtures.DISK,
            PlanFixtures.HEADER)) {
      var all = new InputsTest();
      all.files.remove(missing);
      assertThat(all.problems(spec)).as("%s", missing).containsExactly(Code.FILE_MISSING);
    }
  }

  /** The kernel skips the zeros and unpacks what follows. */
  @Test
  void findAnInitrdIntoWhichNobodyLooks() {
    for (var initrd :
        List.of(
            Bytes.concat(Bytes.zeros(4), CpioSample.small()),
            Bytes.of(0x5d, 0x00, 0x10, 0x00, 0x00),
            Bytes.zeros(8),
            Bytes.EMPTY)) {
      files.put(PlanFixtures.INITRD, initrd);
      assertThat(problems(spec)).containsExactly(Code.IMAGE_UNKNOWN);
    }
  }

  @Test
  void findAKernelThatIsNone() {
    files.put(PlanFixtures.KERNEL, Bytes.of(0x7f, 'E', 'L', 'F'));
    assertThat(problems(spec)).containsExactly(Code.IMAGE_UNKNOWN);
  }

  @Test
  void findADiskThatNobodyEncrypted() {
    var text = "password=hunter2, plain text line\n".repeat(10_000);
    files.put(PlanFixtures.DISK, Bytes.copyOf(text.getBytes(StandardCharsets.US_ASCII)));
    assertThat(problems(spec)).containsExactly(Code.WEAK_LUKS);
  }

  @Test
  void findEverythingAtOnce() {
    files
        .remove(PlanFixtures.KERNEL)
        .put(PlanFixtures.FIRMWARE, KERNEL)
        .put(PlanFixtures.KEY, Bytes.EMPTY)
        .put(PlanFixtures.HEADER, Bytes.zeros(4096));
    assertThat(problems(spec))
        .containsExactlyInAnyOrder(
            Code.NOT_FIRMWARE, Code.FILE_MISSING, Code.SECRET_EMPTY, Code.NOT_LUKS);
  }

  @Nested
  class Firmware {
    @Test
    void isRefusedWithoutHashTableAndSecretArea() {
      files.put(PlanFixtures.FIRMWARE, OVMF_X64);
      assertThat(problems(spec)).containsExactly(Code.NO_HASH_TABLE, Code.NO_SECRET_AREA);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 31, 4095, 4096})
    void isRefusedWhereItIsNone(int size) {
      files.put(PlanFixtures.FIRMWARE, Bytes.zeros(size));
      assertThat(problems(spec)).containsExactly(Code.NOT_FIRMWARE);
    }

    @Test
    void isRefusedWhereItBecomesLongerWhileItIsRead() {
      var longer = new ChangedFiles(files, PlanFixtures.FIRMWARE, Bytes.concat(AMD_SEV, AMD_SEV));
      assertThat(codes(Inputs.examine(spec, longer))).containsExactly(Code.FILE_MISSING);
    }

    /** What is listed is what was hashed for the launch digest: the file is read once. */
    @Test
    void isListedAndMeasuredFromTheSameOctets() {
      var other = Bytes.concat(Bytes.of(1), AMD_SEV.slice(1, AMD_SEV.size() - 1));
      var changed = new ChangedFiles(files, PlanFixtures.FIRMWARE, other);
      var inputs = ((Planned.Ready<Inputs>) Inputs.examine(spec, changed)).value();
      assertThat(inputs.firmware().digest()).isEqualTo(Sha256.of(other));
      assertThat(inputs.expectation().firmware()).isEqualTo(Sha256.of(other));
    }
  }

  @Nested
  class Secrets {
    @Test
    void mayFillTheFirmwaresArea() {
      files.put(PlanFixtures.KEY, Bytes.zeros(LARGEST_SECRET));
      assertThat(problems(spec)).isEmpty();
    }

    @Test
    void mayNotGoOneBytePastIt() {
      files.put(PlanFixtures.KEY, Bytes.zeros(LARGEST_SECRET + 1));
      assertThat(problems(spec)).containsExactly(Code.SECRET_TOO_LARGE);
    }

    @Test
    void countTogether() {
      var second = Path.of("/vm/second.key");
      files.put(second, Bytes.zeros(LARGEST_SECRET - 20)).put(PlanFixtures.KEY, Bytes.of(1));
      var two =
          PlanFixtures.with(
              spec,
              List.of(
                  spec.secrets().getFirst(),
                  new Spec.SecretReference("second", second, new UUID(1, 2), PlanFixtures.at())));
      assertThat(problems(two)).containsExactly(Code.SECRET_TOO_LARGE);
    }

    @Test
    void areNotEmpty() {
      files.put(PlanFixtures.KEY, Bytes.EMPTY);
      assertThat(problems(spec)).containsExactly(Code.SECRET_EMPTY);
    }
  }

  @Nested
  class SealedUserData {
    private static final Path TEXT = Path.of("/vm/user-data.yaml");
    private static final SealedVolume VOLUME = new SealedVolume(Path.of("/vm/sealed"));

    private final Bytes header = Sample.of("image/luks/detached.bin").paddedTo(1 << 24);
    private final Bytes image = Bytes.ofHex("c3").paddedTo(SealedVolume.SIZE);
    private final Spec sealed = PlanFixtures.sealed(spec, TEXT, VOLUME.folder());

    @BeforeEach
    void seal() {
      files
          .put(TEXT, text("#cloud-config\n"))
          .put(VOLUME.image(), image)
          .put(VOLUME.header(), header)
          .put(VOLUME.key(), Bytes.zeros(32))
          .put(VOLUME.initrd(), initrd(INITRD, header, image));
    }

    private Bytes text(String text) {
      return Bytes.copyOf(text.getBytes(StandardCharsets.US_ASCII));
    }

    private Bytes initrd(Bytes base, Bytes itsHeader, Bytes itsImage) {
      return Bytes.concat(base, SeedArchive.of(itsHeader, Sha256.of(itsImage)));
    }

    @Test
    void isVouchedForByTheInitrdThatIsMeasured() {
      var inputs = ready(sealed);
      assertThat(inputs.seed()).contains(new SealedSeed(VOLUME, Sha256.of(image)));
      assertThat(inputs.initrd().path()).isEqualTo(VOLUME.initrd());
      assertThat(inputs.initrd().digest()).isEqualTo(Sha256.of(initrd(INITRD, header, image)));
      assertThat(inputs.expectation().kernelHashes().orElseThrow().initrd())
          .isEqualTo(inputs.initrd().digest());
    }

    @Test
    void isNotInOtherGuests() {
      assertThat(ready(spec).seed()).isEmpty();
    }

    @Test
    void mustBeSealedFirst() {
      files
          .remove(VOLUME.image())
          .remove(VOLUME.header())
          .remove(VOLUME.key())
          .remove(VOLUME.initrd());
      assertThat(problems(sealed)).containsExactly(Code.NOT_SEALED);
    }

    @Test
    void needsEachOfItsFiles() {
      for (var missing : List.of(VOLUME.header(), VOLUME.key(), VOLUME.initrd(), TEXT)) {
        seal();
        files.remove(missing);
        assertThat(problems(sealed)).as("%s", missing).containsExactly(Code.FILE_MISSING);
      }
    }

    @Test
    void mayNotHaveAnotherHeader() {
      // The salt of a keyslot, past what the rules about LUKS look at.
      files.put(VOLUME.header(), changed(header, header.size() - 1));
      assertThat(problems(sealed)).containsExactly(Code.NOT_SEALED);
    }

    @Test
    void mayNotHaveAnotherImage() {
      for (int at : List.of(0, 1, SealedVolume.SIZE - 1)) {
        files.put(VOLUME.image(), changed(image, at));
        assertThat(problems(sealed)).as("octet %d", at).containsExactly(Code.NOT_SEALED);
      }
    }

    @Test
    void hasTheSizeOfEverySuchVolume() {
      for (var other : List.of(image.slice(0, SealedVolume.SIZE - 1), Bytes.concat(image, image))) {
        files.put(VOLUME.image(), other).put(VOLUME.initrd(), initrd(INITRD, header, other));
        assertThat(problems(sealed)).containsExactly(Code.NOT_SEALED);
      }
    }

    @Test
    void mayNotHaveAnInitrdOfAnotherSealing() {
      files.put(VOLUME.initrd(), initrd(INITRD, header, Bytes.zeros(SealedVolume.SIZE)));
      assertThat(problems(sealed)).containsExactly(Code.NOT_SEALED);
    }

    @Test
    void mayNotHaveAnInitrdThatWasBuiltAgain() {
      files.put(PlanFixtures.INITRD, Bytes.concat(INITRD, Bytes.zeros(4)));
      assertThat(problems(sealed)).containsExactly(Code.NOT_SEALED);
    }

    @Test
    void mayNotBootTheInitrdWithoutIt() {
      files.put(VOLUME.initrd(), INITRD);
      assertThat(problems(sealed)).containsExactly(Code.NOT_SEALED);
    }

    @Test
    void holdsTheInitrdToTheDigestOfTheSpec() {
      var boot = spec.boot();
      var pinned =
          PlanFixtures.with(
              sealed,
              new Spec.Boot(
                  boot.firmware(),
                  boot.kernel(),
                  pinned(PlanFixtures.INITRD, WRONG),
                  boot.cmdline()));
      assertThat(problems(pinned)).containsExactly(Code.DIGEST_DIFFERS);
    }

    @Test
    void mayNotBeEncryptedByNothing() {
      files.put(VOLUME.header(), Bytes.zeros(4096));
      assertThat(problems(sealed)).containsExactly(Code.NOT_LUKS, Code.NOT_SEALED);
    }

    @Test
    void isUserData() {
      files.put(TEXT, text("users: []\n"));
      assertThat(problems(sealed)).containsExactly(Code.NOT_USER_DATA);
    }

    private Bytes changed(Bytes content, int at) {
      byte[] octets = content.toArray();
      octets[at] ^= 1;
      return Bytes.copyOf(octets);
    }
  }

  private Inputs ready(Spec of) {
    return switch (Inputs.examine(of, files)) {
      case Planned.Ready<Inputs>(Inputs inputs) -> inputs;
      case Planned.Impossible<Inputs> impossible ->
          throw new AssertionError(impossible.problems().toString());
    };
  }

  private List<Code> problems(Spec of) {
    return codes(Inputs.examine(of, files));
  }

  private static List<Code> codes(Planned<Inputs> planned) {
    return switch (planned) {
      case Planned.Ready<Inputs> ready -> List.of();
      case Planned.Impossible<Inputs> impossible ->
          impossible.problems().stream().map(Diagnostic::code).toList();
    };
  }

  private Spec boot(Spec.Boot boot) {
    return PlanFixtures.with(spec, boot);
  }

  private static Spec.InputFile pinned(Path path, Bytes digest) {
    return new Spec.InputFile(path, Optional.of(digest), PlanFixtures.at());
  }

  /** Files of which one has another content by the time that it is read to its end. */
  private static final class ChangedFiles implements InputFiles {
    private final FakeFiles files;
    private final Path changed;
    private final Bytes other;

    ChangedFiles(FakeFiles files, Path changed, Bytes other) {
      this.files = files;
      this.changed = changed;
      this.other = other;
    }

    @Override
    public ByteSource stream(Path file) throws Failure {
      return file.equals(changed)
          ? new FakeFiles().put(file, other).stream(file)
          : files.stream(file);
    }

    @Override
    public OpenFile open(Path file) throws Failure {
      return files.open(file);
    }

    @Override
    public Bytes read(Path file, int limit) throws Failure {
      return files.read(file, limit);
    }

    @Override
    public long secretSize(Path file) throws Failure {
      return files.secretSize(file);
    }
  }
}
