package dev.remit.domain;

import static org.assertj.core.api.Assertions.assertThat;

import dev.remit.platform.Protection;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

final class LiveDomainTest {
  private static final DomainDocument SENT =
      DomainDocuments.write(
          DomainRequests.request(Protection.SEV_ES, DomainRequests.SIMULATED),
          DomainRequests.LAUNCH);

  private static final String LIVE = LiveDocuments.recorded(Protection.SEV_ES);

  @ParameterizedTest
  @EnumSource
  void knowsWhatLibvirtAddsByItself(Protection protection) {
    var sent =
        DomainDocuments.write(
            DomainRequests.request(protection, DomainRequests.SIMULATED), DomainRequests.LAUNCH);

    assertThat(LiveDomain.compare(sent, LiveDocuments.recorded(protection)))
        .isEqualTo(new LiveDomain.Same());
  }

  @Test
  void takesTheDocumentItselfForTheSame() {
    assertThat(LiveDomain.compare(SENT, SENT.text())).isEqualTo(new LiveDomain.Same());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        // Another value.
        "<policy>0x3301000f</policy>|<policy>0x0000</policy>|/domain/launchSecurity/policy: sent 0x3301000f, live 0x0000",
        "kernelHashes='yes'|kernelHashes='no'|/domain/launchSecurity@kernelHashes: sent yes, live no",
        "type='sev' |type='sev-snp' |/domain/launchSecurity@type: sent sev, live sev-snp",
        "ZGhDZXJ0|ZGhDZXJ1|/domain/launchSecurity/dhCert: sent ZGhDZXJ0, live ZGhDZXJ1",
        "/vmlinuz|/vmlinux|/domain/os/kernel: sent /var/lib/remit/vmlinuz, live /var/lib/remit/vmlinux",
        "dev='vda'|dev='vdb'|/domain/devices/disk/target@dev: sent vda, live vdb",
        "check='full'|check='partial'|/domain/cpu@check: sent none, live partial",
        "name='svm'|name='vmx'|/domain/cpu/feature: sent feature name=svm policy=disable, live nothing",
        "<on_reboot>destroy|<on_reboot>restart|/domain/on_reboot: sent destroy, live restart",
        "5f0f3b8e|5f0f3b8f|/domain/uuid: sent 5f0f3b8e-6a53-4d26-9a0e-3c1d8f0b7a11, live 5f0f3b8f-6a53-4d26-9a0e-3c1d8f0b7a11",
        // Something less.
        "dumpCore='off'||/domain/memory@dumpCore: sent off, live nothing",
        "<nosharepages/>||/domain/memoryBacking/nosharepages: sent nosharepages, live nothing",
        "<memballoon model='none'/>||/domain/devices/memballoon: sent memballoon model=none, live nothing",
        "hotplug='off'||/domain/devices/controller/target@hotplug: sent off, live nothing",
        // Something more.
        "<acpi/>|<acpi/><hyperv mode='passthrough'/>|/domain/features/hyperv: sent nothing, live hyperv mode=passthrough",
        "<acpi/>|<acpi/><acpi/>|/domain/features/acpi: sent nothing, live acpi",
        "<acpi/>|<acpi x='y'/>|/domain/features/acpi@x: sent nothing, live y",
        "<acpi/>|<acpi>stray</acpi>|/domain/features/acpi: sent , live stray",
        "<features>|<features>stray|/domain/features: sent , live stray",
        "<features>|<features><?stray?>|/domain/features: sent , live stray",
        "</os>|<nvram>/vars.fd</nvram></os>|/domain/os/nvram: sent nothing, live nvram: /vars.fd",
        "</os>|<boot dev='network'/></os>|/domain/os/boot: sent nothing, live boot dev=network",
        "</devices>|<rng model='virtio'/></devices>|/domain/devices/rng: sent nothing, live rng model=virtio",
        "</devices>|<controller type='virtio-serial' index='0'/></devices>|/domain/devices/controller: sent nothing, live controller index=0 type=virtio-serial",
        "name='monitor'|name='svm'|/domain/cpu/feature: sent nothing, live feature name=svm policy=require",
        "<boot dev='hd'/>|<boot dev='hd'/><boot dev='hd'/>|/domain/os/boot: sent nothing, live boot dev=hd",
        "index='0' model='pcie-root'|index='3' model='pcie-root'|/domain/devices/controller@index: sent 0, live 3",
        "</devices>|<emulator>/usr/bin/other</emulator></devices>|/domain/devices/emulator: sent nothing, live emulator: /usr/bin/other",
        "<backingStore/>|<backingStore type='file'/>|/domain/devices/disk/backingStore: sent nothing, live backingStore type=file",
        "<backingStore/>|<backingStore><source file='/x'/></backingStore>|/domain/devices/disk/backingStore: sent nothing, live backingStore",
        "<alias name='ide'/>|<alias name='ide'/><driver iommu='off'/>|/domain/devices/controller: sent nothing, live controller index=0 type=sata",
        "<label>+0:+0</label>|<label>$(id)</label>|/domain/seclabel: sent nothing, live seclabel model=dac relabel=yes type=dynamic",
        "id='1'|id='one'|/domain@id: sent nothing, live one",
        "<acpi/>|<acpi/><acpi xmlns='urn:q'/>|/domain/features/{urn:q}acpi: sent nothing, live {urn:q}acpi xmlns=urn:q",
        "</domain>|<q:commandline xmlns:q='urn:q'/></domain>|/domain/{urn:q}commandline: sent nothing, live {urn:q}commandline xmlns:q=urn:q"
      })
  void reportsADifference(String from, String to, String difference) {
    assertThat(LIVE).contains(from);
    String edited = LIVE.replaceFirst(Pattern.quote(from), quoted(to));

    assertThat(differences(edited)).map(Difference::toString).contains(difference);
  }

  /** Removing or repeating any line of the document shows, unless libvirt added that line. */
  @ParameterizedTest
  @MethodSource("linesThatWereSent")
  void noticesEveryLineThatIsMissingOrTwice(int line) {
    var lines = LIVE.lines().toList();
    String missing =
        String.join(
            "\n",
            Stream.concat(lines.stream().limit(line), lines.stream().skip(line + 1)).toList());
    String twice =
        String.join(
            "\n",
            Stream.concat(lines.stream().limit(line + 1), lines.stream().skip(line)).toList());

    assertThat(LiveDomain.compare(SENT, missing)).isNotEqualTo(new LiveDomain.Same());
    assertThat(LiveDomain.compare(SENT, twice)).isNotEqualTo(new LiveDomain.Same());
  }

  static IntStream linesThatWereSent() {
    var sent = normalised(SENT.text());
    var live = normalised(LIVE);
    return IntStream.range(0, live.size()).filter(i -> sent.contains(live.get(i)));
  }

  @Test
  void tellsThatAnOrdinaryVmHasNoLaunchSecurity() {
    String ordinary = LIVE.replaceAll("(?s)<launchSecurity.*</launchSecurity>", "");

    var differs = (LiveDomain.Differs) LiveDomain.compare(SENT, ordinary);
    assertThat(differs.differences())
        .singleElement()
        .satisfies(difference -> {
          assertThat(difference.path().raw()).isEqualTo("/domain/launchSecurity");
          assertThat(difference.live()).isEmpty();
        });
  }

  @Test
  void acceptsTheHostsOwnEmulatorOnlyWhereNoneWasSent() {
    var sent =
        DomainDocuments.write(
            DomainRequests.request(
                Protection.SEV, DomainRequests.HARDWARE, List.of(), Optional.empty()),
            DomainRequests.LAUNCH);
    String live =
        sent.text()
            .replace("<devices>", "<devices><emulator>/usr/bin/qemu-system-x86_64</emulator>");

    assertThat(LiveDomain.compare(sent, live)).isEqualTo(new LiveDomain.Same());
  }

  @Test
  void reportsAnotherRoot() {
    assertThat(differences("<network><name>db-1</name></network>"))
        .map(Difference::toString)
        .containsExactly("/domain: sent domain type=qemu, live network");
  }

  /** One bit of the text at a time: nothing but layout may change without being noticed. */
  @Test
  void noticesEveryFlippedBitOfTheDocument() {
    byte[] text = SENT.text().getBytes(StandardCharsets.US_ASCII);
    for (int bit = 0; bit < text.length * 8; bit++) {
      byte[] flipped = text.clone();
      flipped[bit / 8] ^= (byte) (1 << bit % 8);
      String live = new String(flipped, StandardCharsets.ISO_8859_1);
      if (!normalised(live).equals(normalised(SENT.text()))) {
        assertThat(LiveDomain.compare(SENT, live))
            .describedAs("bit %d", bit)
            .isNotEqualTo(new LiveDomain.Same());
      }
    }
  }

  @Test
  void acceptsNoTruncatedDocument() {
    for (int length = 0; length < LIVE.stripTrailing().length(); length++) {
      assertThat(LiveDomain.compare(SENT, LIVE.substring(0, length)))
          .isInstanceOf(LiveDomain.Unreadable.class);
    }
  }

  @ParameterizedTest
  @CsvSource({"x", "<a/>", "&amp;", "<domain/>"})
  void acceptsNothingAfterTheDocument(String more) {
    assertThat(LiveDomain.compare(SENT, LIVE + more)).isInstanceOf(LiveDomain.Unreadable.class);
  }

  @Test
  void reportsNoMoreDifferencesThanAnybodyReads() {
    String full = LIVE.replace("<acpi/>", "<acpi/>" + "<x/>".repeat(200_000));

    assertThat(differences(full)).hasSize(XmlDifferences.MOST);
  }

  @Test
  void showsTextOfTheHostEscaped() {
    String live = LIVE.replace("<on_crash>destroy", "<on_crash>\u001b&#x202e;destroy");
    assertThat(LiveDomain.compare(SENT, live)).isInstanceOf(LiveDomain.Unreadable.class);

    String carried = LIVE.replace("<on_crash>destroy", "<on_crash>&#x202e;&#xd;destroy");
    assertThat(differences(carried))
        .map(Difference::toString)
        .containsExactly("/domain/on_crash: sent destroy, live \\u{202e}\\x0ddestroy");
  }

  private static List<Difference> differences(String live) {
    return ((LiveDomain.Differs) LiveDomain.compare(SENT, live)).differences();
  }

  private static List<String> normalised(String text) {
    return text.lines().map(line -> line.strip().replace('"', '\'')).toList();
  }

  /** The source of a table gives null for nothing. */
  private static String quoted(@Nullable String text) {
    return text == null ? "" : Matcher.quoteReplacement(text);
  }
}
