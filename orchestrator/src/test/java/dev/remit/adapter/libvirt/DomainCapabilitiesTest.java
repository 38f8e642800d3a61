package dev.remit.adapter.libvirt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.remit.bytes.MalformedException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class DomainCapabilitiesTest {
  @Test
  void readsWhatAnEmulatorWithSevCanDo() throws Exception {
    assertThat(DomainCapabilities.parse(recorded("with-sev.xml")))
        .isEqualTo(
            new DomainCapabilities("pc-q35-10.0", Optional.of(new DomainCapabilities.Sev(51, 1))));
  }

  @Test
  void readsThatAnEmulatorHasNoSev() throws Exception {
    assertThat(DomainCapabilities.parse(recorded("without-sev.xml")))
        .isEqualTo(new DomainCapabilities("pc-q35-10.0", Optional.empty()));
  }

  @ParameterizedTest
  @ValueSource(strings = {"q35", "pc-q35-10.0", "pc-q35-noble", "pc-q35-rhel9.4.0"})
  void readsTheMachineOfEveryDistribution(String machine) throws Exception {
    String text = recorded("with-sev.xml").replace(">pc-q35-10.0<", ">" + machine + "<");

    assertThat(DomainCapabilities.parse(text).machine()).isEqualTo(machine);
  }

  @Test
  void takesAMissingElementForNoSev() throws Exception {
    String text = recorded("with-sev.xml").replaceAll("(?s)<sev .*</sev>", "");

    assertThat(DomainCapabilities.parse(text).sev()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "<cbitpos>51<|<cbitpos>64<",
        "<cbitpos>51<|<cbitpos>-1<",
        "<cbitpos>51<|<cbitpos>0x33<",
        "<cbitpos>51<|<cbitpos>051<",
        "<cbitpos>51</cbitpos>|<cbitpos/>",
        "<cbitpos>51</cbitpos>|<x/>",
        "<reducedPhysBits>1<|<reducedPhysBits>99999999999<",
        "<machine>pc-q35-10.0</machine>|<x/>",
        "<machine>pc-q35-10.0<|<machine>pc q35<",
        "<machine>pc-q35-10.0<|<machine><",
        "<machine>pc-q35-10.0<|<machine>pc-q35-<",
        "<machine>pc-q35-10.0<|<machine>pc-i440fx-10.0<",
        "<machine>pc-q35-10.0<|<machine>microvm<",
        "<machine>pc-q35-10.0<|<machine>isapc-q35-10.0<",
        "domainCapabilities>|capabilities>"
      })
  void refusesWhatNoLibvirtWrites(String from, String to) throws IOException {
    String text = recorded("with-sev.xml");
    assertThat(text).contains(from);

    assertThatThrownBy(() -> DomainCapabilities.parse(text.replace(from, to)))
        .isInstanceOf(MalformedException.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "not XML",
        "<domainCapabilities/>",
        "<!DOCTYPE d [<!ENTITY e SYSTEM 'file:///etc/passwd'>]><domainCapabilities>&e;</domainCapabilities>"
      })
  void refusesWhatIsNoCapabilities(String text) {
    assertThatThrownBy(() -> DomainCapabilities.parse(text)).isInstanceOf(MalformedException.class);
  }

  @Test
  void survivesEveryTruncation() throws IOException {
    String text = recorded("with-sev.xml").stripTrailing();
    for (int length = 0; length < text.length(); length += 97) {
      String part = text.substring(0, length);
      assertThatThrownBy(() -> DomainCapabilities.parse(part))
          .isInstanceOf(MalformedException.class);
    }
  }

  private static String recorded(String name) throws IOException {
    try (var in = DomainCapabilitiesTest.class.getResourceAsStream(name)) {
      return new String(Objects.requireNonNull(in, name).readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
