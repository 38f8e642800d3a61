package dev.remit.exposure;

import static org.assertj.core.api.Assertions.assertThat;

import dev.remit.bytes.Bytes;
import dev.remit.bytes.MalformedException;
import dev.remit.bytes.SeekableBytes;
import dev.remit.firmware.FakeOvmf;
import dev.remit.firmware.FirmwareImage;
import java.io.IOException;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class FirmwareRulesTest {
  private static final Bytes HASHES =
      FakeOvmf.entry(FakeOvmf.HASH_TABLE, FakeOvmf.area(0x10000, 0x400));
  private static final Bytes SECRETS =
      FakeOvmf.entry(FakeOvmf.SECRET_AREA, FakeOvmf.area(0x10400, 0xc00));

  /** What the cases here trip and do not trip. */
  static final Set<String> COVERED = Set.of("POL-24", "POL-36", "FW-02");

  @Test
  void findsNothingInABuildForAmdSev() throws Exception {
    assertThat(found(HASHES, SECRETS)).isEmpty();
  }

  @Test
  void findsWhatABuildLacks() throws Exception {
    assertThat(found(SECRETS)).containsExactlyInAnyOrder("POL-24", "FW-02");
    assertThat(found(HASHES)).containsExactlyInAnyOrder("POL-36", "FW-02");
    assertThat(found()).containsExactlyInAnyOrderElementsOf(COVERED);
  }

  private static Set<String> found(Bytes... entries) throws MalformedException, IOException {
    var findings = new Findings();
    FirmwareRules.check(
        FirmwareImage.parse(SeekableBytes.of(FakeOvmf.image(entries))), "OVMF.fd", findings);
    return Set.copyOf(findings.all().stream().map(Finding::id).toList());
  }
}
