package dev.remit.exposure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertTimeout;

import dev.remit.bytes.MalformedException;
import dev.remit.diagnostic.Location;
import java.time.Duration;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
final class EmulatorArgumentsTest {
  private static final Duration QUICK = Duration.ofSeconds(20);

  @ParameterizedTest
  @ValueSource(
      strings = {
        "qemu-system-x86_64\0-name\0a b\0-S\0-append\0root=x quiet\0",
        "qemu-system-x86_64 -name 'a b' -S -append \"root=x quiet\"",
        "LC_ALL=C \\\nqemu-system-x86_64 \\\n-name a\\ b \\\n-S \\\n-append 'root=x quiet'\n",
        "qemu-system-x86_64\n-name\na b\n-S\n-append\nroot=x quiet\n",
        "qemu-system-x86_64\r\n-name\r\na b\r\n-S\r\n--append\r\nroot=x quiet",
        """
        2024-01-01 10:00:00.000+0000: starting up libvirt version: 11.3.0, hostname: h
        LC_ALL=C \\
        /usr/bin/qemu-system-x86_64 \\
        -name 'a b' \\
        -S \\
        -append 'root=x quiet'
        char device redirected to /dev/pts/0 (it's here)
        """
      })
  void takesEachSpelling(String text) throws MalformedException {
    var line = EmulatorArguments.parse("qemu", text);
    assertThat(
            line.options().stream()
                .map(option -> option.name() + "|" + option.value().value())
                .collect(Collectors.toList()))
        .containsExactly("name|a b", "S|-S", "append|root=x quiet");
    assertThat(line.emulator()).isPresent();
  }

  @Test
  void goesOnAfterALineWithoutBackslash() throws MalformedException {
    var line = EmulatorArguments.parse("qemu", "qemu-kvm \\\n-S\n  -gdb tcp::1\n-snapshot");
    assertThat(line.options())
        .extracting(EmulatorArguments.Option::name)
        .containsExactly("S", "gdb", "snapshot");
  }

  @Test
  void readsKeysWithCommasAndTheirJson() throws MalformedException {
    var plain = KeyVal.parse("file,filename=/a,,b,read-only=on,cache.direct=on,nowait", "driver");
    assertThat(plain.value("driver")).isEqualTo("file");
    assertThat(plain.value("filename")).isEqualTo("/a,b");
    assertThat(plain.isOn("read-only")).isTrue();
    assertThat(plain.isOff("wait")).isTrue();
    var json =
        KeyVal.parse(
            "{\"driver\":\"nbd\",\"server\":{\"type\":\"inet\",\"ports\":[1,{\"a\":true}]},"
                + "\"read-only\":true,\"backing\":null}",
            "driver");
    assertThat(json.keys())
        .containsExactly(
            "driver", "server.type", "server.ports.0", "server.ports.1.a", "read-only");
    assertThat(json.isOn("server.ports.1.a")).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"{", "{}{}", "{\"a\":1,\"a\":2}", "{\"a\":}", "{} x"})
  void refusesJsonThatIsNone(String text) {
    assertThatThrownBy(() -> KeyVal.parse(text, "driver")).isInstanceOf(MalformedException.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "qemu-system-x86_64 'a", "-object {\"qom-type\":"})
  void refusesWhatIsNoCommandLine(String text) {
    assertThatThrownBy(() -> RulesTest.onCommandLine(text)).isInstanceOf(MalformedException.class);
  }

  @Test
  void pointsAtAWordOfTheKernelsCommandLine() throws MalformedException {
    var found = new Findings();
    CommandLineRules.check(
        EmulatorArguments.parse(
            "qemu", CommandLineCases.BASE.replace("panic=-1", "panic=-1 nokaslr")),
        found);
    assertThat(found.all()).hasSize(1);
    var at = (Location.InText) found.all().getFirst().at();
    assertThat(at.text().raw().substring(at.column() - 1)).isEqualTo("nokaslr' \\");
    assertThat(at.length()).isEqualTo(7);
  }

  @Test
  void findsInTheOrderOfTheLine() throws MalformedException {
    var found = new Findings();
    CommandLineRules.check(
        EmulatorArguments.parse(
            "qemu",
            CommandLineCases.BASE
                .replace("-display none", "-vnc :0")
                .replace("-msg timestamp=on", "-device vmgenid -gdb x")),
        found);
    assertThat(found.all()).extracting(Finding::id).containsExactly("DEV-08", "DEV-22", "HOST-06");
  }

  @Test
  void showsNoSecretOfACommandLine() throws MalformedException {
    var found = new Findings();
    CommandLineRules.check(
        EmulatorArguments.parse(
            "qemu",
            "qemu-system-x86_64 -object secret,id=s,data=correcthorse -append token=correcthorse"
                + " -vnc :0,password=correcthorse -warp password=correcthorse"
                + " -fw_cfg name=opt/x,string=password=correcthorse"
                + " -smbios type=11,value=io.systemd.credential:token=correcthorse"),
        found);
    assertThat(found.all()).extracting(Finding::id).contains("HOST-07", "PROV-23", "PROV-14");
    assertThat(found.all().toString()).doesNotContain("correcthorse");
  }

  @Test
  void judgesNoMoreThanABareLine() throws MalformedException {
    assertThat(RulesTest.onCommandLine("qemu-system-x86_64 disk.img"))
        .contains("POL-01", "DISK-06", "FW-24", "HOST-01", "DEV-09", "POL-37");
  }

  @Test
  void refusesTooManyArguments() {
    assertThatThrownBy(() -> EmulatorArguments.parse("qemu", "-S ".repeat(1_000_000)))
        .isInstanceOf(MalformedException.class)
        .hasMessageContaining("arguments");
    assertThatThrownBy(
            () -> EmulatorArguments.parse("qemu", "x".repeat(EmulatorArguments.LONGEST + 1)))
        .isInstanceOf(MalformedException.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "-serial x ",
        "-mon chardev=a,mode=control ",
        "-chardev socket,id=a,fd=1 ",
        "-device nvme,a=b,c=d ",
        "-drive file=nbd:x,backing.a=b ",
        "-object memory-backend-ram,share=on ",
        "-smbios type=11,value=x "
      })
  void takesLinearTimeForManyArguments(String part) {
    String text = "qemu-kvm " + part.repeat(2_000);
    assertTimeout(QUICK, () -> RulesTest.onCommandLine(text));
  }

  @ParameterizedTest
  @ValueSource(strings = {"device", "drive", "cpu", "smbios"})
  void takesNoOptionWithTooManyKeys(String option) {
    assertThatThrownBy(
            () -> RulesTest.onCommandLine("qemu-kvm -" + option + " " + "a=b,".repeat(500_000)))
        .isInstanceOf(MalformedException.class)
        .hasMessageContaining("keys");
    assertTimeout(
        QUICK, () -> RulesTest.onCommandLine("qemu-kvm -" + option + " " + "a=b,".repeat(4_000)));
  }
}
