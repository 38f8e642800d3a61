package dev.remit.adapter.vendor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.remit.bytes.Bytes;
import dev.remit.platform.ChipId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KeyServerUrlTest {
  @Test
  void namesAChipAsAmdDoes() {
    var chip = new ChipId(Bytes.ofHex("ABcd".repeat(32)));
    assertThat(KeyServerUrl.AMD.cekOf(chip))
        .hasToString("https://kdsintf.amd.com/cek/id/" + "abcd".repeat(32));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://mirror.example",
        "https://mirror.example:8443/amd",
        "https://mirror.example/",
        "http://127.0.0.1:8080",
        "http://[::1]:8080",
        "http://localhost",
        "HTTPS://mirror.example"
      })
  void takesHttpsAndThisMachine(String url) {
    assertThat(KeyServerUrl.parse(url).cekOf(new ChipId(Bytes.zeros(64))).getPath())
        .endsWith("/cek/id/" + "0".repeat(128))
        .doesNotContain("//");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "mirror.example",
        "http://mirror.example",
        "http://127.0.0.1.mirror.example",
        "http://10.0.0.1",
        "https://user@mirror.example",
        "https://user:password@mirror.example",
        "https://mirror.example?x=",
        "https://mirror.example#x",
        "https://",
        "https:mirror.example",
        "file:///etc/passwd",
        "ftp://mirror.example",
        "https://mirror example",
        "http://127.0.0.1@mirror.example"
      })
  void takesNothingElse(String url) {
    assertThatIllegalArgumentException().isThrownBy(() -> KeyServerUrl.parse(url));
  }
}
