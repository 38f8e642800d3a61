package dev.remit.simulator.guest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.remit.bytes.MalformedException;
import dev.remit.simulator.Samples;
import org.junit.jupiter.api.Test;

class CpuRegistersTest {
  @Test
  void readsEachCpu() throws MalformedException {
    var cpus = CpuRegisters.parse(Samples.text("libvirt/registers.txt"));
    assertThat(cpus).hasSize(4);
    for (CpuRegisters cpu : cpus) {
      assertThat(cpu.general("DX")).isEqualTo(0x800f12);
      assertThat(cpu.general("IP")).isEqualTo(0xfff0);
      assertThat(cpu.value("CR0")).isEqualTo(0x60000010);
      assertThat(cpu.value("MXCSR")).isEqualTo(0x1f80);
      assertThat(cpu.segment("CS"))
          .isEqualTo(new CpuRegisters.Segment(0xf000, 0xffff0000L, 0xffff, 0x9b00));
      assertThat(cpu.segment("GDT")).isEqualTo(new CpuRegisters.Segment(0, 0, 0xffff, 0));
    }
  }

  @Test
  void readsACpuInLongMode() throws MalformedException {
    var cpus =
        CpuRegisters.parse(
            """

            CPU#0
            RAX=0000000000000000 RDX=0123456789abcdef
            CS =0010 0000000000000000 ffffffff 00af9b00 DPL=0 CS64 [-RA]
            """);
    assertThat(cpus.getFirst().general("DX")).isEqualTo(0x0123456789abcdefL);
    assertThat(cpus.getFirst().segment("CS").attributes()).isEqualTo(0xa9b);
  }

  @Test
  void saysWhichRegisterIsMissing() throws MalformedException {
    var cpu = CpuRegisters.parse("\nCPU#0\nEAX=00000000\n").getFirst();
    assertThatThrownBy(() -> cpu.segment("CS"))
        .isInstanceOf(MalformedException.class)
        .hasMessageContaining("CS");
    assertThatThrownBy(() -> cpu.general("DX")).isInstanceOf(MalformedException.class);
  }

  @Test
  void refusesATextWithoutCpus() {
    assertThatThrownBy(() -> CpuRegisters.parse("unknown command"))
        .isInstanceOf(MalformedException.class);
  }
}
