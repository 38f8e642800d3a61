package dev.remit.exposure;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class WrappedDomainsTest {
  @Test
  void leavesOneDomainAsItIs() {
    var text = "<!-- a -->\n<domain type='kvm'>\n<name>a</name></domain>\n";
    assertThat(WrappedDomains.in(text)).containsExactly(text);
    assertThat(WrappedDomains.in("<domain/>")).containsExactly("<domain/>");
    assertThat(WrappedDomains.in("nothing")).containsExactly("nothing");
  }

  @Test
  void keepsEveryDomainInItsPlace() {
    var text =
        """
        <domainsnapshot>
        <domain type='kvm'><a/></domain>
        <inactiveDomain type='kvm'><b/></inactiveDomain>
        </domainsnapshot>
        """;
    var domains = WrappedDomains.in(text);
    assertThat(domains).hasSize(2);
    assertThat(domains.getFirst().strip()).isEqualTo("<domain type='kvm'><a/></domain>");
    assertThat(domains.getFirst().indexOf("<a/>")).isEqualTo(text.indexOf("<a/>"));
    assertThat(domains.getLast().strip()).isEqualTo("<domain type='kvm'><b/></domain        >");
    assertThat(domains.getLast().indexOf("<b/>")).isEqualTo(text.indexOf("<b/>"));
  }

  @Test
  void takesSeveralDomainsOneAfterTheOther() {
    assertThat(WrappedDomains.in("<domain><a/></domain>\n<domain><b/></domain>")).hasSize(2);
  }

  /** Each is as long as what stands before it: of 40 large ones that is too much. */
  @Test
  void leavesMoreThanItLooksAtToTheParser() {
    var text = ("<domain>" + " ".repeat(80_000) + "</domain>").repeat(40);
    assertThat(WrappedDomains.in(text)).containsExactly(text);
    assertThat(WrappedDomains.in(text.substring(0, text.length() / 2))).hasSize(20);
  }

  @Test
  void leavesWhatDoesNotEndToTheParser() {
    var text = "<domstatus><domain type='kvm'>";
    assertThat(WrappedDomains.in(text)).containsExactly(text);
  }
}
