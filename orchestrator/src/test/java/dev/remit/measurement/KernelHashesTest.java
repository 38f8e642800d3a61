package dev.remit.measurement;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.remit.bytes.ByteSource;
import dev.remit.bytes.Bytes;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KernelHashesTest {
  private static final ByteSource KERNEL = () -> new ByteArrayInputStream(new byte[] {1, 2, 3});

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "quiet", " quiet ", "quiet\n", "\tä=€ 𝄞"})
  void takeTheCommandLineAsItIsAndANul(String cmdline) {
    byte[] utf8 = cmdline.getBytes(StandardCharsets.UTF_8);
    assertThat(KernelHashes.ofCmdline(cmdline))
        .isEqualTo(Sha256.of(Bytes.copyOf(utf8).paddedTo(utf8.length + 1)));
  }

  @Test
  void refuseANulInTheCommandLine() {
    assertThatThrownBy(() -> KernelHashes.ofCmdline("quiet\0init=/bin/sh"))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void takeNoInitrdForAnEmptyOne() throws IOException {
    ByteSource empty = InputStream::nullInputStream;
    assertThat(KernelHashes.of(KERNEL, Optional.empty(), ""))
        .isEqualTo(KernelHashes.of(KERNEL, Optional.of(empty), ""));
  }

  @Test
  void hashEachFileWhole() throws IOException {
    var hashes = KernelHashes.of(KERNEL, Optional.of(KERNEL), "");
    assertThat(hashes.kernel()).isEqualTo(Sha256.of(Bytes.of(1, 2, 3)));
    assertThat(hashes.initrd()).isEqualTo(hashes.kernel());
  }

  /** QEMU, target/i386/sev.c: GUID and length of the table, then command line, initrd, kernel. */
  @Test
  void standInTheTableInTheOrderOfQemu() {
    var hashes = new KernelHashes(hash(0xaa), hash(0xbb), hash(0xcc));
    assertThat(hashes.table().hex())
        .isEqualTo(
            "06d63894224fc94cb479a793d411fd21"
                + "a800"
                + "d82dd09720bd944caa78e7714d36ab2a"
                + "3200"
                + "cc".repeat(32)
                + "31f7ba442f3ad74b9af141e29169781d"
                + "3200"
                + "bb".repeat(32)
                + "3794e74dd2ab7f42b835d5b172d2045b"
                + "3200"
                + "aa".repeat(32)
                + "00".repeat(8));
  }

  @Test
  void refuseAHashOfAnotherSize() {
    assertThatThrownBy(() -> new KernelHashes(hash(1), hash(2), Bytes.zeros(48)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private static Bytes hash(int octet) {
    return Bytes.ofHex("%02x".formatted(octet).repeat(32));
  }
}
