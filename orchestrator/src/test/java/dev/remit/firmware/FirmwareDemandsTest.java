package dev.remit.firmware;

import static dev.remit.firmware.FakeOvmf.area;
import static dev.remit.firmware.FakeOvmf.entry;
import static org.assertj.core.api.Assertions.assertThat;

import dev.remit.bytes.Bytes;
import dev.remit.bytes.MalformedException;
import dev.remit.bytes.Sample;
import dev.remit.bytes.SeekableBytes;
import dev.remit.diagnostic.Code;
import dev.remit.diagnostic.Diagnostic;
import dev.remit.diagnostic.Location;
import dev.remit.platform.Protection;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class FirmwareDemandsTest {
  private static final Bytes AMD_SEV = Sample.of("firmware/ovmf_AmdSev_suffix.bin");
  private static final Bytes OVMF_X64 = Sample.of("firmware/ovmf_OvmfX64_suffix.bin");

  @ParameterizedTest
  @EnumSource
  void areMetByAmdSev(Protection protection) throws Exception {
    assertThat(unmet(new FirmwareDemands(protection, true, true), AMD_SEV)).isEmpty();
  }

  @ParameterizedTest
  @EnumSource
  void areMetByOvmfX64WithoutKernelAndSecret(Protection protection) throws Exception {
    assertThat(unmet(new FirmwareDemands(protection, false, false), OVMF_X64)).isEmpty();
  }

  @ParameterizedTest
  @EnumSource
  void refuseAKernelUnderOvmfX64AndNameIt(Protection protection) throws Exception {
    var unmet = unmet(new FirmwareDemands(protection, true, false), OVMF_X64);
    assertThat(unmet).extracting(Diagnostic::code).containsExactly(Code.NO_HASH_TABLE);
    assertThat(unmet.getFirst().what()).contains("OvmfX64");
    assertThat(unmet.getFirst().at()).contains(new Location.InFile("OVMF.fd"));
  }

  @Test
  void refuseASecretUnderOvmfX64AndNameIt() throws Exception {
    var unmet = unmet(new FirmwareDemands(Protection.SEV, false, true), OVMF_X64);
    assertThat(unmet).extracting(Diagnostic::code).containsExactly(Code.NO_SECRET_AREA);
    assertThat(unmet.getFirst().what()).contains("OvmfX64");
  }

  @Test
  void refuseSevEsWithoutAResetBlock() throws Exception {
    var unmet = unmet(new FirmwareDemands(Protection.SEV_ES, false, false), FakeOvmf.image());
    assertThat(unmet).extracting(Diagnostic::code).containsExactly(Code.NO_RESET_BLOCK);
  }

  @Test
  void needNoResetBlockUnderSev() throws Exception {
    assertThat(unmet(new FirmwareDemands(Protection.SEV, false, false), FakeOvmf.image()))
        .isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"175, 1", "176, 0"})
  void needRoomForTheWholeHashTable(int size, int problems) throws Exception {
    var image = FakeOvmf.image(entry(FakeOvmf.HASH_TABLE, area(0x1000, size)));
    assertThat(unmet(new FirmwareDemands(Protection.SEV, true, false), image)).hasSize(problems);
  }

  @Test
  void tellEverythingAtOnce() throws Exception {
    assertThat(unmet(new FirmwareDemands(Protection.SEV_ES, true, true), FakeOvmf.image()))
        .extracting(Diagnostic::code)
        .containsExactly(Code.NO_HASH_TABLE, Code.NO_SECRET_AREA, Code.NO_RESET_BLOCK);
  }

  @Test
  void nameTheFileThatIsNoFirmware() {
    var diagnostic =
        FirmwareDemands.notFirmware("vmlinuz", new MalformedException(7, "it is a kernel"));
    assertThat(diagnostic.code()).isEqualTo(Code.NOT_FIRMWARE);
    assertThat(diagnostic.at()).contains(new Location.InBytes("vmlinuz", 7));
    assertThat(diagnostic.why()).contains("it is a kernel");
  }

  private static List<Diagnostic> unmet(FirmwareDemands demands, Bytes file)
      throws MalformedException, IOException {
    return demands.unmetBy(FirmwareImage.parse(SeekableBytes.of(file)), "OVMF.fd");
  }
}
