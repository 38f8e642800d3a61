package dev.remit.exposure;

import static org.assertj.core.api.Assertions.assertThat;

import dev.remit.bytes.Bytes;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.ValueSource;

final class DetectionTest {
  record Sample(SubjectKind kind, String text) {}

  static final List<Sample> SAMPLES =
      List.of(
          new Sample(SubjectKind.DOMAIN, "<domain type='kvm'/>"),
          new Sample(
              SubjectKind.DOMAIN,
              "<?xml version='1.0'?>\n<!--\nWARNING <a>\n-->\n\n<domain type='kvm'>"),
          new Sample(SubjectKind.DOMAIN, "<domstatus state='running'><domain/></domstatus>"),
          new Sample(SubjectKind.DOMAIN, "\ufeff<domainsnapshot/>"),
          new Sample(SubjectKind.COMMAND_LINE, "/usr/bin/qemu-system-x86_64 -machine q35\n"),
          new Sample(SubjectKind.COMMAND_LINE, "/usr/libexec/qemu-kvm\0-machine\0q35\0"),
          new Sample(
              SubjectKind.COMMAND_LINE,
              "LC_ALL=C \\\nPATH=/bin /usr/bin/qemu-system-s390x \\\n-name a\n"),
          new Sample(
              SubjectKind.COMMAND_LINE,
              "#!/bin/sh\nset -e\nexec qemu-system-x86_64 -machine q35 \\\n -m 1G\n"),
          new Sample(SubjectKind.COMMAND_LINE, "-machine q35 -object sev-guest,id=a"),
          new Sample(SubjectKind.USER_DATA, "#cloud-config\n{}\n"),
          new Sample(SubjectKind.USER_DATA, "#!/bin/bash\necho a\n"),
          new Sample(SubjectKind.USER_DATA, "#include\nhttps://a\n"),
          new Sample(SubjectKind.USER_DATA, "## template: jinja\n#cloud-config\n"),
          new Sample(SubjectKind.USER_DATA, "Content-Type: multipart/mixed; boundary=a\n\n--a--\n"),
          new Sample(SubjectKind.USER_DATA, "MIME-Version: 1.0\nContent-Type: text/plain\n\na\n"),
          new Sample(SubjectKind.USER_DATA, "users: []\nruncmd: [a]\n"),
          new Sample(SubjectKind.USER_DATA, "{\"ignition\": {\"version\": \"3.4.0\"}}"),
          new Sample(SubjectKind.KUBEVIRT, "apiVersion: kubevirt.io/v1\nkind: VirtualMachine\n"),
          new Sample(
              SubjectKind.KUBEVIRT,
              "{\"apiVersion\": \"kubevirt.io/v1alpha3\", \"kind\": \"VirtualMachine\"}"),
          new Sample(
              SubjectKind.KUBEVIRT,
              "kind: A\napiVersion: v1\n---\napiVersion: pool.kubevirt.io/v1alpha1\nkind: VirtualMachinePool\n"),
          new Sample(SubjectKind.KCLI, "vm1:\n image: {{ image }}\n numcpus: 2\n"),
          new Sample(SubjectKind.KCLI, "vm1:\n type: vm\n image: a\n"),
          new Sample(SubjectKind.SPEC, "apiVersion: remit.dev/v1alpha1\nkind: VM\n"),
          new Sample(
              SubjectKind.KERNEL_COMMAND_LINE, "BOOT_IMAGE=/vmlinuz root=/dev/vda1 ro quiet\n"),
          new Sample(SubjectKind.KERNEL_COMMAND_LINE, "console=ttyS0"),
          new Sample(
              SubjectKind.KERNEL_COMMAND_LINE, "console=ttyS0 dyndbg=\"a b: c\" ds=nocloud"));

  @ParameterizedTest
  @FieldSource("SAMPLES")
  void tellsEachKindByItsContent(Sample each) {
    var text = Detection.text(Bytes.copyOf(each.text().getBytes(StandardCharsets.UTF_8)));
    assertThat(text).contains(each.text());
    assertThat(Detection.ofText(text.orElseThrow())).contains(each.kind());
  }

  @Test
  void tellsEverythingThatATextIs() {
    String manifest = "apiVersion: kubevirt.io/v1\nkind: VirtualMachine\n";
    for (String first :
        List.of("#cloud-config\n", "#!x\n", "package_update: true\n---\n", "#Cloud-Config\n")) {
      assertThat(Detection.ofText(first + manifest))
          .containsExactly(SubjectKind.USER_DATA, SubjectKind.KUBEVIRT);
    }
    assertThat(Detection.ofText("# qemu-system-x86_64 -machine a\n" + manifest))
        .containsExactly(SubjectKind.COMMAND_LINE, SubjectKind.KUBEVIRT);
    assertThat(Detection.ofText("#!x root=/dev/vda\n"))
        .containsExactly(SubjectKind.USER_DATA, SubjectKind.KERNEL_COMMAND_LINE);
    assertThat(Detection.ofText("#!x\n" + manifest + "---\na: [\n"))
        .containsExactly(SubjectKind.USER_DATA, SubjectKind.KUBEVIRT);
  }

  @Test
  void takesASpecForNoPlanOfKcli() {
    assertThat(Detection.ofText("apiVersion: remit.dev/v1alpha1\nspec: {disks: []}\n"))
        .containsExactly(SubjectKind.SPEC);
  }

  @Test
  void takesAMessageForOneWhateverItsFirstHeaderIs() {
    assertThat(Detection.ofText("X-A: b\nmime-version: 1.0\n\na\n"))
        .containsExactly(SubjectKind.USER_DATA);
    assertThat(Detection.ofText("X-A: " + "b".repeat(4_096) + "\nmime-version: 1.0\n\na\n"))
        .isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "hello world\n",
        "<html/>",
        "<capabilities/>",
        "<domainbackup><disks/></domainbackup>",
        "a: b\n",
        "[1, 2]",
        "{",
        "<!-- domain",
        "<?xml",
        "two\nlines root=a\n",
        "apiVersion: v1\nkind: Pod\n",
        ": : :",
        "[[[[",
        "\t",
        "---\n"
      })
  void doesNotGuess(String text) {
    assertThat(Detection.ofText(text)).isEmpty();
  }

  @Test
  void takesWhatIsNoTextForAnImage() {
    for (var octets :
        List.of(
            Bytes.of(0xff, 0xfe),
            Bytes.zeros(512),
            Bytes.of('a', 0, 'b'),
            Bytes.of(0x1f, 0x8b, 8))) {
      assertThat(Detection.text(octets)).isEmpty();
      assertThat(Detection.ofOctets(octets)).isEqualTo(SubjectKind.IMAGE);
    }
  }
}
