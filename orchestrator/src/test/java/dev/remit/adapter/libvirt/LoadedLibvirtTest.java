package dev.remit.adapter.libvirt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.remit.diagnostic.Code;
import dev.remit.diagnostic.Failure;
import org.junit.jupiter.api.Test;

final class LoadedLibvirtTest {
  @Test
  void saysWhatToInstallWhereThereIsNoLibvirt() {
    assertThatThrownBy(() -> LoadedLibvirt.load("virt-that-is-not-there"))
        .isInstanceOfSatisfying(
            Failure.class,
            failure -> {
              assertThat(failure.diagnostic().code()).isEqualTo(Code.NO_LIBVIRT);
              assertThat(failure.diagnostic().fix()).contains("libvirt0");
            });
  }
}
