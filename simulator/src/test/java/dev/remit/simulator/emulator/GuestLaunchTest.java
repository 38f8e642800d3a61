package dev.remit.simulator.emulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.remit.bytes.Bytes;
import dev.remit.simulator.Samples;
import dev.remit.simulator.guest.Vmsa;
import dev.remit.simulator.identity.TestPlatform;
import dev.remit.simulator.json.FlatObject;
import dev.remit.simulator.json.Json;
import dev.remit.simulator.monitor.FakeQemu;
import dev.remit.simulator.monitor.QemuMonitor;
import dev.remit.simulator.processor.LaunchContext;
import dev.remit.simulator.processor.SecureProcessor;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A guest made of files: what the processor is told must be what QEMU finds in its memory. */
@Timeout(value = 20, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class GuestLaunchTest {
  private static final long MEMORY_SIZE = 16 << 20;
  private static final long FLASH = (1L << 32) - 4096;

  private final Path folder;
  private final Path memoryFile;
  private final GuestMemory memory;
  private Bytes flash = Samples.bytes("amd/ovmf_AmdSev_suffix.bin");
  private final FakeQemu qemu;

  GuestLaunchTest(@TempDir Path folder) throws IOException {
    this.folder = folder;
    memoryFile = folder.resolve("memory");
    memory = GuestMemory.create(memoryFile, MEMORY_SIZE);
    qemu = new FakeQemu(this::answer);
  }

  @AfterEach
  void close() throws IOException {
    qemu.close();
    memory.close();
  }

  @Test
  void measuresFirmwareAndKernelHashes() throws Exception {
    assertThat(digest(1, Vmsa.Flavour.CURRENT))
        .isEqualTo("77f613d7bbcdf12a73782ea9e88b0172aeda50d1a54201cb903594ff52846898");
  }

  @Test
  void measuresTheRegistersOfAnEsGuest() throws Exception {
    assertThat(digest(5, Vmsa.Flavour.CURRENT))
        .isEqualTo("0dccbcaba8e90b261bd0d2e1863a2f9da714768b7b2a19363cd6ae35aa90de91");
  }

  @Test
  void leavesTheTableWhereTheFirmwareLooks() throws Exception {
    digest(1, Vmsa.Flavour.CURRENT);
    assertThat(inMemory(0x810c00, 16).hex()).isEqualTo("06d63894224fc94cb479a793d411fd21");
  }

  @Test
  void measuresFlashAsItIsInTheGuestAndNotAsItsFileIs() throws Exception {
    byte[] changed = flash.toArray();
    changed[0] ^= 1;
    flash = Bytes.copyOf(changed);
    assertThat(digest(1, Vmsa.Flavour.CURRENT))
        .isNotEqualTo("77f613d7bbcdf12a73782ea9e88b0172aeda50d1a54201cb903594ff52846898");
  }

  @Test
  void refusesAKernelUnderFirmwareThatCannotCheckIt() {
    flash = Samples.bytes("amd/ovmf_OvmfX64_suffix.bin");
    var refused = catchThrowableOfType(LaunchRefused.class, () -> digest(1, Vmsa.Flavour.CURRENT));
    assertThat(refused.words())
        .isEqualTo("SEV: guest firmware hashes table area is invalid (base=0x0 size=0x0)");
  }

  @Test
  void refusesAKernelUnderFirmwareWithoutATable() {
    flash = Bytes.zeros(4096);
    var refused = catchThrowableOfType(LaunchRefused.class, () -> digest(1, Vmsa.Flavour.CURRENT));
    assertThat(refused.words())
        .isEqualTo("SEV: kernel specified but guest firmware has no hashes table GUID");
  }

  private String digest(int policy, Vmsa.Flavour flavour) throws Exception {
    var empty = Files.write(folder.resolve("empty"), new byte[0]);
    var started =
        EmulatorArguments.parse(Samples.commandLine("sev.args"))
            .with("-kernel", empty.toString())
            .with("-initrd", empty.toString())
            .with("-append", "");
    LaunchContext context =
        new SecureProcessor(TestPlatform.identity(), TestPlatform.VERSION, new SecureRandom())
            .launchStart(policy, Optional.empty());
    new GuestLaunch(new QemuMonitor(qemu.channel()), memory, folder.resolve("read"))
        .measure(
            context,
            (LaunchObject.Sev) started.launchObject().orElseThrow(),
            started,
            started,
            flavour);
    return context.measurement().orElseThrow().launchDigest().hex();
  }

  private String answer(String line) {
    try {
      var message = FlatObject.parse(line);
      var arguments = message.object("arguments").orElseThrow();
      return switch (message.text("execute").orElse("")) {
        case "qom-get" ->
            arguments.text("property").orElse("").equals("num-blocks")
                ? "{\"return\":1}"
                : "{\"return\":4096}";
        case "pmemsave" -> {
          long at = arguments.number("val").orElseThrow();
          int size = Math.toIntExact(arguments.number("size").orElseThrow());
          var content = at >= FLASH ? flash.slice((int) (at - FLASH), size) : inMemory(at, size);
          Files.write(Path.of(arguments.text("filename").orElseThrow()), content.toArray());
          yield "{\"return\":{}}";
        }
        case "human-monitor-command" ->
            Json.object(
                json -> json.writeStringProperty("return", Samples.text("libvirt/registers.txt")));
        default -> "{\"return\":{}}";
      };
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  private Bytes inMemory(long at, int size) {
    try (var file = new RandomAccessFile(memoryFile.toFile(), "r")) {
      byte[] content = new byte[size];
      file.seek(at);
      file.readFully(content);
      return Bytes.copyOf(content);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
