package dev.remit.measurement;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.remit.bytes.ByteSource;
import dev.remit.bytes.Bytes;
import dev.remit.bytes.MalformedException;
import dev.remit.bytes.Sample;
import dev.remit.bytes.SeekableBytes;
import dev.remit.firmware.FirmwareImage;
import dev.remit.measurement.SevExpectation.Candidate;
import dev.remit.platform.CpuModel;
import dev.remit.platform.CpuSignature;
import dev.remit.platform.Protection;
import java.io.ByteArrayInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class SevLaunchDigestTest {
  private static final Bytes AMD_SEV = Sample.of("firmware/ovmf_AmdSev_suffix.bin");
  private static final Bytes OVMF_X64 = Sample.of("firmware/ovmf_OvmfX64_suffix.bin");
  private static final CpuSignature EPYC_V4 = CpuModel.named("EPYC-v4").orElseThrow().signature();
  private static final ByteSource NOTHING = InputStream::nullInputStream;

  /** Known answers of sev-snp-measure: EPYC-v4; kernel and initrd are empty files. */
  @Nested
  class OfSev {
    @ParameterizedTest
    @CsvSource({
      "'', 77f613d7bbcdf12a73782ea9e88b0172aeda50d1a54201cb903594ff52846898",
      "console=ttyS0 loglevel=7,"
          + " 82a3ee5d537c3620628270c292ae30cb40c3c878666a7890ee7ef2a08fb535ff",
    })
    void coversFirmwareAndKernel(String cmdline, String digest) throws IOException {
      var expectation = digest(Protection.SEV, 1, AMD_SEV, kernel(cmdline));
      assertThat(expectation.candidates())
          .containsExactly(new Candidate(Optional.empty(), Bytes.ofHex(digest)));
    }

    @Test
    void coversOvmfX64WithoutAKernel() throws IOException {
      var expectation = digest(Protection.SEV, 1, OVMF_X64, Optional.empty());
      assertThat(expectation.candidates())
          .containsExactly(
              new Candidate(
                  Optional.empty(),
                  Bytes.ofHex("b4c021e085fb83ceffe6571a3d357b4a98773c83c474e47f76c876708fe316da")));
    }

    @Test
    void isTheHashOfTheFirmwareWhereNothingElseIsMeasured() throws IOException {
      var expectation = digest(Protection.SEV, 1, OVMF_X64, Optional.empty());
      assertThat(expectation.firmware()).isEqualTo(Sha256.of(OVMF_X64));
      assertThat(expectation.candidates().getFirst().launchDigest())
          .isEqualTo(expectation.firmware());
    }

    @Test
    void doesNotDependOnTheVcpus() throws IOException {
      assertThat(digest(Protection.SEV, 64, AMD_SEV, kernel("")))
          .isEqualTo(digest(Protection.SEV, 1, AMD_SEV, kernel("")));
    }
  }

  @Nested
  class OfSevEs {
    @ParameterizedTest
    @CsvSource({
      "CURRENT, 1, 13810ae661ea11e2bb205621f582fee268f0367c8f97bc297b7fadef3e12002c",
      "CURRENT, 4, 0dccbcaba8e90b261bd0d2e1863a2f9da714768b7b2a19363cd6ae35aa90de91",
      "LEGACY, 1, 664f688c75cd5c08855ead4f11501ff967e29762d16c8d589b8e6d7b6c4daa36",
    })
    void coversTheVcpus(VmsaFlavour flavour, int vcpus, String digest) throws IOException {
      var candidate = ofFlavour(flavour, digest(Protection.SEV_ES, vcpus, AMD_SEV, kernel("")));
      assertThat(candidate.launchDigest().hex()).isEqualTo(digest);
    }

    @Test
    void hashesFirmwareTableAndPagesInTheirOrder() throws IOException {
      var hashes = kernel("quiet");
      var boot = Vmsa.bootProcessor(VmsaFlavour.LEGACY, EPYC_V4);
      var other = Vmsa.applicationProcessor(VmsaFlavour.LEGACY, EPYC_V4, 0x80b004);
      var candidate = ofFlavour(VmsaFlavour.LEGACY, digest(Protection.SEV_ES, 3, AMD_SEV, hashes));
      assertThat(candidate.launchDigest())
          .isEqualTo(
              Sha256.of(Bytes.concat(AMD_SEV, hashes.orElseThrow().table(), boot, other, other)));
      assertThat(candidate.vcpus())
          .contains(
              new SevExpectation.Vcpus(
                  Optional.of(VmsaFlavour.LEGACY),
                  3,
                  Sha256.of(boot),
                  Optional.of(Sha256.of(other))));
    }

    @ParameterizedTest
    @EnumSource
    void hasNoSecondPageForOneVcpu(VmsaFlavour flavour) throws IOException {
      var candidate = ofFlavour(flavour, digest(Protection.SEV_ES, 1, AMD_SEV, Optional.empty()));
      assertThat(candidate.vcpus().orElseThrow().application()).isEmpty();
    }

    @Test
    void dependsOnTheProcessor() throws IOException {
      var milan = CpuModel.named("EPYC-Milan").orElseThrow().signature();
      assertThat(
              new SevLaunchDigest(
                      Protection.SEV_ES,
                      hashed(AMD_SEV),
                      Optional.empty(),
                      new VcpuState.Started(1, milan))
                  .expectation())
          .isNotEqualTo(digest(Protection.SEV_ES, 1, AMD_SEV, Optional.empty()));
    }

    private static Candidate ofFlavour(VmsaFlavour flavour, SevExpectation expectation) {
      return expectation.candidates().stream()
          .filter(c -> c.vcpus().orElseThrow().flavour().equals(Optional.of(flavour)))
          .findFirst()
          .orElseThrow();
    }
  }

  @ParameterizedTest
  @EnumSource
  void refusesAKernelThatTheFirmwareWouldNotCheck(Protection protection) {
    assertThatThrownBy(() -> digest(protection, 1, OVMF_X64, kernel("")))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void refusesAGuestWithoutVcpus() {
    assertThatThrownBy(() -> digest(Protection.SEV, 0, AMD_SEV, Optional.empty()))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void coversPagesThatWereGiven() throws IOException {
    var boot = Sample.of("measurement/vmsa0.bin");
    var other = Sample.of("measurement/vmsa1.bin");
    var given =
        new SevLaunchDigest(
                Protection.SEV_ES,
                hashed(AMD_SEV),
                Optional.empty(),
                new VcpuState.Given(3, boot, Optional.of(other)))
            .expectation();
    assertThat(given.candidates()).hasSize(1);
    assertThat(given.candidates().getFirst().launchDigest())
        .isEqualTo(Sha256.of(Bytes.concat(AMD_SEV, boot, other, other)));
    assertThat(given.candidates().getFirst().vcpus().orElseThrow().flavour()).isEmpty();
  }

  @Test
  void takesPagesOf4096BytesAndASecondOneForASecondVcpu() {
    var page = Bytes.zeros(4096);
    for (var wrong :
        List.<ThrowingCallable>of(
            () -> new VcpuState.Given(0, page, Optional.empty()),
            () -> new VcpuState.Given(2, page, Optional.empty()),
            () -> new VcpuState.Given(1, Bytes.zeros(4095), Optional.empty()),
            () -> new VcpuState.Given(2, page, Optional.of(Bytes.zeros(4097))))) {
      assertThatThrownBy(wrong).isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void doesNotMeasureTheSecondPageOfASingleVcpu() throws IOException {
    var page = Bytes.zeros(4096);
    var known = new VcpuState.Given(1, page, Optional.of(page));
    var unknown = new VcpuState.Given(1, page, Optional.empty());
    assertThat(given(known)).isEqualTo(given(unknown));
  }

  private static SevExpectation given(VcpuState vcpus) throws IOException {
    return new SevLaunchDigest(Protection.SEV_ES, hashed(AMD_SEV), Optional.empty(), vcpus)
        .expectation();
  }

  @Test
  void refusesAFirmwareWithoutAResetAddressUnderSevEs() throws IOException {
    var firmware =
        HashedFirmware.of(
            new FirmwareImage(
                AMD_SEV.size(), Optional.empty(), Optional.empty(), Optional.empty(), List.of()),
            source(AMD_SEV));
    assertThatThrownBy(() ->
            new SevLaunchDigest(
                Protection.SEV_ES, firmware, Optional.empty(), new VcpuState.Started(1, EPYC_V4)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void readsTheFirmwareOnceAndInPieces() throws Exception {
    var whole = Bytes.concat(Bytes.zeros(300_000 / 4096 * 4096), AMD_SEV);
    var opened = new ArrayList<CountingStream>();
    ByteSource source =
        () -> {
          opened.add(new CountingStream(whole));
          return opened.getLast();
        };
    var image = FirmwareImage.parse(SeekableBytes.of(whole));
    HashedFirmware.of(image, source);
    assertThat(opened).hasSize(1);
    assertThat(opened.getFirst().largest).isEqualTo(65_536);
    assertThat(opened.getFirst().closed).isTrue();
  }

  @Test
  void refusesAFirmwareThatChangedSinceItWasParsed() throws Exception {
    var image = image(AMD_SEV);
    assertThatThrownBy(() -> HashedFirmware.of(image, source(AMD_SEV.slice(0, 4095))))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("changed");
  }

  private static SevExpectation digest(
      Protection protection, int vcpus, Bytes firmware, Optional<KernelHashes> kernel)
      throws IOException {
    return new SevLaunchDigest(
            protection, hashed(firmware), kernel, new VcpuState.Started(vcpus, EPYC_V4))
        .expectation();
  }

  private static Optional<KernelHashes> kernel(String cmdline) throws IOException {
    return Optional.of(KernelHashes.of(NOTHING, Optional.of(NOTHING), cmdline));
  }

  private static HashedFirmware hashed(Bytes firmware) throws IOException {
    return HashedFirmware.of(image(firmware), source(firmware));
  }

  private static FirmwareImage image(Bytes firmware) {
    try {
      return FirmwareImage.parse(SeekableBytes.of(firmware));
    } catch (IOException | MalformedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static ByteSource source(Bytes octets) {
    return () -> new ByteArrayInputStream(octets.toArray());
  }

  private static final class CountingStream extends FilterInputStream {
    private int largest;
    private boolean closed;

    CountingStream(Bytes octets) {
      super(new ByteArrayInputStream(octets.toArray()));
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
      largest = Math.max(largest, length);
      return super.read(into, offset, length);
    }

    @Override
    public void close() {
      closed = true;
    }
  }
}
