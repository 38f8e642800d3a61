package dev.remit.measurement;

import static org.assertj.core.api.Assertions.assertThat;

import dev.remit.bytes.Bytes;
import dev.remit.bytes.MalformedException;
import dev.remit.bytes.Sample;
import dev.remit.bytes.SecretBytes;
import dev.remit.bytes.SeekableBytes;
import dev.remit.firmware.FirmwareImage;
import dev.remit.firmware.KnownFirmware;
import dev.remit.identity.HmacSha256;
import dev.remit.measurement.Change.Input;
import dev.remit.measurement.Neighbours.Finding;
import dev.remit.platform.CpuModel;
import dev.remit.platform.Protection;
import dev.remit.platform.SevFirmwareVersion;
import dev.remit.platform.SevPolicy;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.bouncycastle.crypto.digests.SHA256Digest;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class NeighboursTest {
  private static final Bytes AMD_SEV = Sample.of("firmware/ovmf_AmdSev_suffix.bin");
  private static final Bytes OTHER_AMD_SEV = Sample.of("measurement/OVMF.amdsev.trimmed.fd");
  private static final Bytes OVMF_X64 = Sample.of("firmware/ovmf_OvmfX64_suffix.bin");
  private static final String CMDLINE = "console=ttyS0 quiet root=\"/dev/vda\"";
  private static final Bytes KERNEL = Bytes.ofHex("0a".repeat(32));
  private static final Bytes INITRD = Bytes.ofHex("0b".repeat(32));
  private static final Bytes NONCE = Bytes.ofHex("0f".repeat(16));
  private static final SevFirmwareVersion FIRMWARE = new SevFirmwareVersion(1, 55, 40);
  private static final int VCPUS = 4;
  private static final KnownFirmware KNOWN_AMD_SEV = known("OVMF.amdsev.fd", OTHER_AMD_SEV);
  private static final KnownFirmware KNOWN_X64 = known("OVMF.fd", OVMF_X64);
  private static final List<KnownFirmware> KNOWN = List.of(KNOWN_AMD_SEV, KNOWN_X64);

  private final SecretBytes tik = key("11");
  private final SecretBytes tek = key("22");

  @AfterEach
  void wipe() {
    tik.close();
    tek.close();
  }

  /** The characters that a host measured, NUL included where there is one, and what is said. */
  static List<List<String>> cmdlines() {
    return List.of(
        List.of(CMDLINE + "\n\0", "with a newline at its end"),
        List.of(CMDLINE + "\r\n\0", "with CR LF at its end"),
        List.of(CMDLINE + " \0", "with a blank at its end"),
        List.of(" " + CMDLINE + "\0", "with a blank at its start"),
        List.of(CMDLINE, "without the NUL at its end"),
        List.of(CMDLINE + "\0\0", "with a second NUL at its end"),
        List.of("\"" + CMDLINE + "\"\0", "in double quotes"),
        List.of("console=ttyS0 quiet root=/dev/vda\0", "without its double quotes"),
        List.of("console=ttyS0 quiet root=&quot;/dev/vda&quot;\0", "with the escapes of XML"),
        List.of("console=ttyS0 root=\"/dev/vda\"\0", "without the word \"quiet\""),
        List.of(
            "quiet console=ttyS0 root=\"/dev/vda\"\0",
            "with the words \"console=ttyS0\" and \"quiet\" exchanged"));
  }

  @ParameterizedTest
  @MethodSource("cmdlines")
  void nameTheCommandLineAndHowItDiffers(List<String> measured) {
    for (var protection : Protection.values()) {
      var other = recipe(protection, AMD_SEV, hashes(measured.getFirst()), VCPUS, "EPYC-Milan");
      assertFits(
          search(protection, other),
          "the command line was measured " + measured.get(1),
          Input.COMMAND_LINE);
    }
  }

  @Test
  void nameWhiteSpaceThatTheOwnerDidNotSee() {
    for (var given : List.of("quiet ", " quiet", "quiet\n", "a  b", "a\tb", "quiet\r", "'a'")) {
      var expected = recipe(Protection.SEV, AMD_SEV, hashes(given + "\0"), 1, "EPYC");
      var measured = given.strip().replaceAll("\\s+", " ").replace("'", "");
      var other = recipe(Protection.SEV, AMD_SEV, hashes(measured + "\0"), 1, "EPYC");
      var question = question(expected, given, blobOf(other, 0));
      assertThat(((Finding.Fits) Neighbours.search(question, tik, KNOWN)).sentence())
          .as(given)
          .startsWith("the command line was measured with");
    }
  }

  @ParameterizedTest
  @EnumSource
  void nameTheKernelHashesThatAreMissing(Protection protection) {
    var nothing = Sha256.of(Bytes.EMPTY);
    var none = new SevLaunchDigest(protection, hashed(AMD_SEV), Optional.empty(), vcpus(VCPUS));
    assertFits(
        search(protection, none),
        "neither kernel, initrd nor command line was measured",
        Input.KERNEL_HASHES);
    var noInitrd = new KernelHashes(KERNEL, nothing, KernelHashes.ofCmdline(CMDLINE));
    assertFits(
        search(protection, with(protection, noInitrd)),
        "no initrd was measured",
        Input.KERNEL_HASHES);
    var noCmdline = new KernelHashes(KERNEL, INITRD, KernelHashes.ofCmdline(""));
    assertFits(
        search(protection, with(protection, noCmdline)),
        "no command line was measured",
        Input.KERNEL_HASHES);
    var neither = new KernelHashes(KERNEL, nothing, KernelHashes.ofCmdline(""));
    assertFits(
        search(protection, with(protection, neither)),
        "neither an initrd nor a command line was measured",
        Input.KERNEL_HASHES);
    var turned = new KernelHashes(INITRD, KERNEL, KernelHashes.ofCmdline(CMDLINE));
    assertFits(
        search(protection, with(protection, turned)),
        "kernel and initrd were measured in each other's place",
        Input.KERNEL_HASHES);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 5, 8, 64, 255})
  void nameTheNumberOfVcpus(int count) {
    var other = recipe(Protection.SEV_ES, AMD_SEV, hashes(CMDLINE + "\0"), count, "EPYC-Milan");
    assertFits(
        search(Protection.SEV_ES, other),
        "the guest was started with %d vCPU%s, not 4".formatted(count, count == 1 ? "" : "s"),
        Input.VCPUS);
  }

  @Test
  void nameTheNumberOfVcpusWhosePagesWereGivenToo() {
    var boot = Sample.of("measurement/vmsa0.bin");
    var other = Optional.of(Sample.of("measurement/vmsa1.bin"));
    var expected = pages(new VcpuState.Given(1, boot, other));
    var measured = pages(new VcpuState.Given(3, boot, other));
    assertFits(
        Neighbours.search(question(expected, CMDLINE, blobOf(measured, 0)), tik, KNOWN),
        "the guest was started with 3 vCPUs, not 1",
        Input.VCPUS);
    var alone = pages(new VcpuState.Given(1, boot, Optional.empty()));
    assertThat(Neighbours.search(question(alone, CMDLINE, blobOf(measured, 0)), tik, KNOWN))
        .isInstanceOf(Finding.NothingNear.class);
  }

  private static SevLaunchDigest pages(VcpuState vcpus) {
    return new SevLaunchDigest(Protection.SEV_ES, hashed(AMD_SEV), Optional.empty(), vcpus);
  }

  @ParameterizedTest
  @CsvSource({"EPYC, 23 1 2", "EPYC-Rome, 23 49 0", "EPYC-Genoa, 25 17 0", "EPYC-Turin, 26 0 0"})
  void nameTheCpuModel(String name, String numbers) {
    var other = recipe(Protection.SEV_ES, AMD_SEV, hashes(CMDLINE + "\0"), VCPUS, name);
    var shown = numbers.split(" ", -1);
    assertFits(
        search(Protection.SEV_ES, other),
        "the CPU was %s (family %s, model %s, stepping %s), not EPYC-Milan (family 25, model 1, stepping 1)"
            .formatted(name, shown[0], shown[1], shown[2]),
        Input.CPU_MODEL);
  }

  @Test
  void nameTheOtherFormOfTheVcpuStateWhereOneWasChosen() {
    var expected = expected(Protection.SEV_ES);
    var blob = blobOf(expected, 1);
    var question =
        new Neighbours.Question(
            List.of(digests(expected).getFirst()),
            Optional.of(expected),
            Optional.of(CMDLINE),
            Set.of(VmsaFlavour.CURRENT),
            policy(Protection.SEV_ES),
            FIRMWARE,
            policy(Protection.SEV_ES),
            NONCE,
            blob);
    assertFits(
        Neighbours.search(question, tik, KNOWN), "the vCPU state has the legacy form", Input.VMSA);
  }

  @Test
  void nameSevInThePlaceOfSevEsAndTheOtherWayRound() {
    var hashes = Optional.of(hashes(CMDLINE + "\0"));
    assertFits(
        search(
            Protection.SEV_ES,
            new SevLaunchDigest(Protection.SEV, hashed(AMD_SEV), hashes, vcpus(VCPUS))),
        "no vCPU was measured, as on plain SEV",
        Input.PROTECTION);
    assertFits(
        search(Protection.SEV, expected(Protection.SEV_ES)),
        "the vCPUs were measured, as on SEV-ES, with the CPU EPYC-Milan (family 25, model 1,"
            + " stepping 1)",
        Input.PROTECTION);
  }

  @ParameterizedTest
  @EnumSource
  void nameAnotherFirmwareThatIsNotAtHand(Protection protection) {
    assertFits(
        search(
            protection,
            recipe(protection, OTHER_AMD_SEV, hashes(CMDLINE + "\0"), VCPUS, "EPYC-Milan")),
        "the firmware was OVMF.amdsev.fd 1.0",
        Input.FIRMWARE);
    assertFits(
        search(
            protection,
            new SevLaunchDigest(protection, hashed(OVMF_X64), Optional.empty(), vcpus(VCPUS))),
        "neither kernel, initrd nor command line was measured, and the firmware was OVMF.fd 1.0",
        Input.KERNEL_HASHES,
        Input.FIRMWARE);
  }

  @Nested
  class UnderTheMac {
    @Test
    void nameTheRequestedPolicyWhereAnotherOneIsReported() throws MalformedException {
      var reported = SevPolicy.fromBits(0x0100_0000);
      assertFits(
          identity(FIRMWARE, reported, FIRMWARE, policy(Protection.SEV).bits()),
          "the guest policy was 0x0100000b, and 0x01000000 was reported",
          Input.GUEST_POLICY);
    }

    @Test
    void nameEverySingleBitOfThePolicy() {
      var reported = policy(Protection.SEV);
      for (int bit = 0; bit < 32; bit++) {
        var changed = reported.bits() ^ 1 << bit;
        assertFits(
            identity(FIRMWARE, reported, FIRMWARE, changed),
            "the guest policy was 0x%08x, and %s was reported".formatted(changed, reported),
            Input.GUEST_POLICY);
      }
    }

    @ParameterizedTest
    @CsvSource({"1, 55, 39", "1, 55, 0", "1, 51, 12", "0, 24, 15", "0, 0, 0", "1, 255, 255"})
    void nameAnotherApiOrBuild(int major, int minor, int build) {
      var used = new SevFirmwareVersion(major, minor, build);
      var policy = policy(Protection.SEV);
      assertFits(
          identity(FIRMWARE, policy, used, policy.bits()),
          "the SEV firmware was %s, and api 1.55 build 40 was reported".formatted(used),
          Input.FIRMWARE_VERSION);
    }

    @Test
    void nameKeysThatWereExchanged() {
      var expected = expected(Protection.SEV);
      var question = question(expected, CMDLINE, blobOf(expected, 0, tek));
      assertFits(
          Neighbours.search(question, tik, Optional.of(tek), KNOWN),
          "TIK and TEK were exchanged",
          Input.KEYS);
      assertThat(Neighbours.search(question, tik, KNOWN)).isInstanceOf(Finding.NothingNear.class);
    }

    @Test
    void areTriedAlsoWhereTheLaunchDigestWasGiven() {
      var digest = Bytes.ofHex("5a".repeat(32));
      var policy = policy(Protection.SEV);
      var other = new SevFirmwareVersion(1, 55, 41);
      var question =
          new Neighbours.Question(
              List.of(digest),
              Optional.empty(),
              Optional.empty(),
              Set.of(),
              policy,
              FIRMWARE,
              policy,
              NONCE,
              SevLaunchMac.compute(tik, other, policy, digest, NONCE));
      assertFits(
          Neighbours.search(question, tik, KNOWN),
          "the SEV firmware was api 1.55 build 41, and api 1.55 build 40 was reported",
          Input.FIRMWARE_VERSION);
    }

    private Finding identity(
        SevFirmwareVersion reported,
        SevPolicy reportedPolicy,
        SevFirmwareVersion used,
        int usedPolicy) {
      var recipe = expected(Protection.SEV);
      var digest = digests(recipe).getFirst();
      return Neighbours.search(
          new Neighbours.Question(
              List.of(digest),
              Optional.of(recipe),
              Optional.of(CMDLINE),
              EnumSet.allOf(VmsaFlavour.class),
              policy(Protection.SEV),
              reported,
              reportedPolicy,
              NONCE,
              mac(tik, used, usedPolicy, digest)),
          tik,
          KNOWN);
    }
  }

  @Nested
  class TwoChanges {
    @Test
    void areNamedTogether() {
      assertFits(
          search(
              Protection.SEV_ES,
              recipe(Protection.SEV_ES, AMD_SEV, hashes(CMDLINE + "\n\0"), VCPUS, "EPYC-Rome")),
          "the CPU was EPYC-Rome (family 23, model 49, stepping 0), not EPYC-Milan (family 25,"
              + " model 1, stepping 1), and the command line was measured with a newline at its end",
          Input.CPU_MODEL,
          Input.COMMAND_LINE);
      assertFits(
          search(
              Protection.SEV_ES,
              recipe(Protection.SEV_ES, AMD_SEV, hashes(CMDLINE + "\n\0"), 7, "EPYC-Milan")),
          "the command line was measured with a newline at its end, and the guest was started with"
              + " 7 vCPUs, not 4",
          Input.COMMAND_LINE,
          Input.VCPUS);
      assertFits(
          search(
              Protection.SEV_ES,
              recipe(Protection.SEV_ES, OTHER_AMD_SEV, hashes(CMDLINE + "\0"), 2, "EPYC-Milan")),
          "the firmware was OVMF.amdsev.fd 1.0, and the guest was started with 2 vCPUs, not 4",
          Input.FIRMWARE,
          Input.VCPUS);
    }

    @Test
    void mayBeOneOfThePolicyOrTheBuild() {
      var newline = recipe(Protection.SEV, AMD_SEV, hashes(CMDLINE + "\n\0"), 1, "EPYC-Milan");
      var policy = policy(Protection.SEV);
      var digest = digests(newline).getFirst();
      var older = new SevFirmwareVersion(1, 55, 39);
      assertThat(
              ((Finding.Fits)
                      Neighbours.search(
                          question(
                              expected(Protection.SEV),
                              CMDLINE,
                              mac(tik, older, policy.bits(), digest)),
                          tik,
                          KNOWN))
                  .changes())
          .extracting(Change::input)
          .containsExactly(Input.COMMAND_LINE, Input.FIRMWARE_VERSION);
      assertThat(
              ((Finding.Fits)
                      Neighbours.search(
                          question(
                              expected(Protection.SEV),
                              CMDLINE,
                              mac(tik, FIRMWARE, policy.bits() ^ 1, digest)),
                          tik,
                          KNOWN))
                  .changes())
          .extracting(Change::input)
          .containsExactly(Input.COMMAND_LINE, Input.GUEST_POLICY);
    }
  }

  @Nested
  class WhereNothingFits {
    @ParameterizedTest
    @EnumSource
    void sayNothingMoreThanThat(Protection protection) {
      var other =
          new KernelHashes(Bytes.ofHex("0c".repeat(32)), INITRD, KernelHashes.ofCmdline(CMDLINE));
      assertThat(search(protection, with(protection, other)))
          .isInstanceOfSatisfying(
              Finding.NothingNear.class,
              nothing -> assertThat(nothing.tried()).isBetween(1, Neighbours.MACS_AT_MOST));
    }

    @Test
    void areBoundedForTheLargestGuestToo() {
      String many = "a=b ".repeat(400).strip();
      var expected = recipe(Protection.SEV_ES, AMD_SEV, hashes(many + "\0"), 255, "EPYC-Milan");
      assertThat(
              Neighbours.search(
                  question(expected, many, Bytes.zeros(32)), tik, Optional.of(tek), KNOWN))
          .isInstanceOfSatisfying(
              Finding.NothingNear.class,
              nothing -> assertThat(nothing.tried()).isLessThan(2 * Neighbours.MACS_AT_MOST));
    }

    @Test
    void areNotTakenForAFitWhereTheExpectedDigestIsTheReportedOne() {
      var expected = expected(Protection.SEV);
      assertThat(Neighbours.search(question(expected, CMDLINE, blobOf(expected, 0)), tik, KNOWN))
          .isInstanceOf(Finding.NothingNear.class);
    }

    /** One bit of the MAC is as good as all of them. */
    @Test
    void areNotNamedByAMacThatIsNearlyTheirs() {
      var other = recipe(Protection.SEV, AMD_SEV, hashes(CMDLINE + "\n\0"), 1, "EPYC-Milan");
      var mac = blobOf(other, 0);
      for (int bit : new int[] {0, 127, 255}) {
        var question = question(expected(Protection.SEV), CMDLINE, Sample.flipped(mac, bit));
        assertThat(Neighbours.search(question, tik, KNOWN)).isInstanceOf(Finding.NothingNear.class);
      }
    }
  }

  /** What is found where a guest was expected under a protection and this was measured. */
  private Finding search(Protection protection, SevLaunchDigest measured) {
    var findings =
        digests(measured).stream()
            .map(digest ->
                Neighbours.search(
                    question(
                        expected(protection),
                        CMDLINE,
                        mac(tik, FIRMWARE, policy(protection).bits(), digest)),
                    tik,
                    KNOWN))
            .toList();
    var sentences = findings.stream().map(NeighboursTest::sentence).distinct();
    assertThat(sentences).as("the same for both forms of the vCPU state").hasSize(1);
    return findings.getFirst();
  }

  private static String sentence(Finding finding) {
    return switch (finding) {
      case Finding.Fits fits -> fits.sentence();
      case Finding.NothingNear nothing -> "nothing near";
    };
  }

  private static void assertFits(Finding finding, String sentence, Input... inputs) {
    assertThat(sentence(finding)).isEqualTo(sentence);
    assertThat(((Finding.Fits) finding).changes())
        .extracting(Change::input)
        .containsExactly(inputs);
  }

  private static Neighbours.Question question(SevLaunchDigest expected, String cmdline, Bytes mac) {
    return new Neighbours.Question(
        digests(expected),
        Optional.of(expected),
        Optional.of(cmdline),
        EnumSet.allOf(VmsaFlavour.class),
        policy(expected.protection()),
        FIRMWARE,
        policy(expected.protection()),
        NONCE,
        mac);
  }

  private Bytes blobOf(SevLaunchDigest measured, int candidate) {
    return blobOf(measured, candidate, tik);
  }

  private static Bytes blobOf(SevLaunchDigest measured, int candidate, SecretBytes key) {
    return mac(
        key, FIRMWARE, policy(measured.protection()).bits(), digests(measured).get(candidate));
  }

  private static Bytes mac(
      SecretBytes key, SevFirmwareVersion firmware, int policy, Bytes launchDigest) {
    var message =
        Bytes.concat(
            Bytes.of(4, firmware.apiMajor(), firmware.apiMinor(), firmware.build()),
            Bytes.le32(policy),
            launchDigest,
            NONCE);
    return HmacSha256.of(key, message);
  }

  private static List<Bytes> digests(SevLaunchDigest recipe) {
    return recipe.expectation().candidates().stream()
        .map(SevExpectation.Candidate::launchDigest)
        .toList();
  }

  private static SevLaunchDigest expected(Protection protection) {
    return recipe(protection, AMD_SEV, hashes(CMDLINE + "\0"), VCPUS, "EPYC-Milan");
  }

  private static SevLaunchDigest with(Protection protection, KernelHashes hashes) {
    return new SevLaunchDigest(protection, hashed(AMD_SEV), Optional.of(hashes), vcpus(VCPUS));
  }

  private static SevLaunchDigest recipe(
      Protection protection, Bytes firmware, KernelHashes hashes, int vcpus, String cpu) {
    return new SevLaunchDigest(
        protection,
        hashed(firmware),
        Optional.of(hashes),
        new VcpuState.Started(vcpus, CpuModel.named(cpu).orElseThrow().signature()));
  }

  private static VcpuState vcpus(int count) {
    return new VcpuState.Started(count, CpuModel.named("EPYC-Milan").orElseThrow().signature());
  }

  private static KernelHashes hashes(String measured) {
    return new KernelHashes(
        KERNEL, INITRD, Sha256.of(Bytes.copyOf(measured.getBytes(StandardCharsets.UTF_8))));
  }

  private static HashedFirmware hashed(Bytes firmware) {
    try {
      return HashedFirmware.of(image(firmware), () -> new ByteArrayInputStream(firmware.toArray()));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static FirmwareImage image(Bytes firmware) {
    try {
      return FirmwareImage.parse(SeekableBytes.of(firmware));
    } catch (IOException | MalformedException e) {
      throw new AssertionError(e);
    }
  }

  /** As the manifest would have it. */
  private static KnownFirmware known(String name, Bytes firmware) {
    var state = new SHA256Digest();
    state.update(firmware.toArray(), 0, firmware.size());
    return new KnownFirmware(
        name,
        "1.0",
        Sha256.of(firmware),
        firmware.size(),
        Bytes.copyOf(state.getEncodedState(), 16, 32),
        image(firmware).hashTable().isPresent(),
        image(firmware).sevEsResetAddress());
  }

  private static SecretBytes key(String octet) {
    return SecretBytes.takeFrom(Bytes.ofHex(octet.repeat(16)).toArray());
  }

  private static SevPolicy policy(Protection protection) {
    return new SevPolicy(true, true, protection == Protection.SEV_ES, true, false, false, 0, 1);
  }
}
