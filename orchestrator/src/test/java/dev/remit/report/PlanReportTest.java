package dev.remit.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.remit.diagnostic.ExitStatus;
import dev.remit.domain.DomainDocuments;
import dev.remit.plan.PlanDocument;
import dev.remit.plan.PlanFixtures;
import dev.remit.platform.Protection;
import java.util.List;
import org.junit.jupiter.api.Test;

final class PlanReportTest {
  @Test
  void tellsAPlanInRemitOrder() {
    var plan = PlanFixtures.plan(Protection.SEV_ES);
    var answer = PlanReport.of(plan);
    assertThat(answer.status()).isEqualTo(ExitStatus.DONE);
    assertThat(answer.text())
        .isEqualTo(
            """
            web-1: SEV-ES, SIMULATED, profile lab

              R  believed roots
                   AMD Naples root, built in
                   AMD Rome root, built in
                   AMD Milan root, built in
                   AMD Genoa root, built in
                   AMD Turin root, built in
                   SIMULATED root, named by the host document

              E  platform chain of the host
                   ARK over ARK: VALID, RSA-PSS with SHA-256
                   ARK over ASK: VALID, RSA-PSS with SHA-256
                   ASK over CEK: VALID, RSA-PSS with SHA-256
                   OCA over OCA: VALID, ECDSA with SHA-256
                   OCA over PEK: VALID, ECDSA with SHA-256
                   CEK over PEK: VALID, ECDSA with SHA-256
                   PEK over PDH: VALID, ECDSA with SHA-256

              M  what must be measured
                   firmware /vm/OVMF.fd, 4096 bytes, sha256:0101010101010101010101010101010101010101010101010101010101010101
                   kernel   /vm/vmlinuz, 13 bytes, sha256:0202020202020202020202020202020202020202020202020202020202020202
                   initrd   /vm/initrd.img, 12 bytes, sha256:0303030303030303030303030303030303030303030303030303030303030303
                   cmdline  "console=ttyS0 quoted="a b""
                   current vCPU state 5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a
                   legacy vCPU state a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5

              I  guest policy
                   0x3301000f, and a session made for this launch alone

              T  what is demanded
                   machine: generation simulated
                   SEV firmware: api 1.51 or newer
                   acknowledged until 2030-12-31: no-disk-integrity (a test)

              T  what the host can still make of it
                   warning ORCH-05: owner and host on one machine: host simulated is this machine
                   warning HOST-13: cores shared with others: processors that are not pinned
                   warning HOST-12: memory swapped out by the host: memory that the host may swap out
                   warning FW-20: emergency shell within reach: no rd.shell=0
                   warning DEV-35: QEMU of one's own: an emulator that no distribution installs there, /host/qemu
                   warning DISK-06: disk that can be rolled back: a writable disk
                   warning POL-04: memory without integrity: a guest of SEV or SEV-ES
                   remains in every such guest: FW-11, FW-13, DISK-22, DEV-32, HOST-14, HOST-15, ORCH-08, ORCH-14

              S  secrets, by name
                   disk as 736869e5-84f0-4973-92ec-06879ce3da0b

            domain document, without the session:
            %s
            plan sha256:%s\
            """
                .formatted(DomainDocuments.preview(plan.domain()).text(), plan.digest().hex()));
    assertThat(answer.json()).isEqualTo(PlanDocument.withDigest(plan));
  }

  @Test
  void tellsThatADocumentIsValid() {
    var answer = PlanReport.valid("web.yaml", PlanFixtures.spec(Protection.SEV));
    assertThat(answer.text()).isEqualTo("web.yaml: nothing is wrong with the document");
    assertThat(answer.json())
        .hasToString(
            "{\"schema\":\"remit.validate/1\",\"file\":\"web.yaml\",\"name\":\"web-1\","
                + "\"valid\":true}");
  }

  @Test
  void tellsThatTheFilesOfADocumentAreValidToo() {
    var answer =
        PlanReport.valid(
            "web.yaml", PlanFixtures.spec(Protection.SEV), PlanFixtures.inputs(Protection.SEV));
    assertThat(answer.text())
        .isEqualTo("web.yaml: nothing is wrong with the document and its files");
    assertThat(answer.json().path("measurement").path("launchDigests").size()).isEqualTo(1);
  }

  @Test
  void saysWhyEachMemberMayHaveChanged() {
    for (String member : PlanDocument.of(PlanFixtures.plan(Protection.SEV)).propertyNames()) {
      assertThat(PlanReport.change(member)).as(member).isNotBlank();
    }
    assertThat(List.of("measurement", "host", "domain", "trust").stream().map(PlanReport::change))
        .doesNotHaveDuplicates();
  }
}
