package dev.remit.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.remit.adapter.host.HostFiles;
import dev.remit.bytes.Bytes;
import dev.remit.diagnostic.BadInput;
import dev.remit.diagnostic.Code;
import dev.remit.diagnostic.Failure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class OctetsTest {
  private static final String HEX = "000102030405060708090a0b0c0d0e0f";
  private static final Bytes VALUE = Bytes.ofHex(HEX);

  @TempDir private Path folder;

  @Test
  void areHexWhereTheTextIsTwiceAsLong() throws Exception {
    assertThat(read(HEX)).isEqualTo(new Octets(VALUE, Octets.Form.HEX));
    assertThat(read(HEX.toUpperCase(Locale.ROOT)).value()).isEqualTo(VALUE);
  }

  @Test
  void areBase64WhereTheTextIsAThirdLonger() throws Exception {
    assertThat(read(VALUE.base64())).isEqualTo(new Octets(VALUE, Octets.Form.BASE64));
  }

  @Test
  void areTheContentOfAFileOtherwise() throws Exception {
    assertThat(read(file(VALUE).toString())).isEqualTo(new Octets(VALUE, Octets.Form.FILE));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "00",
        HEX + "00",
        "000102030405060708090a0b0c0d0e0g",
        "AAECAwQFBgcICQoLDA0ODx==",
        "AAECAwQFBgcICQoLDA0ODw=",
        "AAECAwQFBgcICQoLDA0ODw\n=",
        "no/such/file",
        "a\0b"
      })
  void refuseEverythingElseAndSayWhatWouldBeRight(String written) {
    assertThatThrownBy(() -> read(written))
        .isInstanceOfSatisfying(
            BadInput.class,
            bad -> {
              var problem = bad.problems().getFirst();
              assertThat(problem.code()).isEqualTo(Code.WRONG_USAGE);
              assertThat(problem.what()).isEqualTo("--nonce takes 16 bytes");
              assertThat(problem.fix()).contains("32 hex digits", "24 characters of base64");
            });
  }

  @Test
  void refuseAFileThatIsTooShort() throws IOException {
    var file = file(VALUE.slice(0, 15));
    assertThatThrownBy(() -> read(file.toString())).isInstanceOf(BadInput.class);
  }

  @Test
  void refuseAFileThatIsTooLong() throws IOException {
    var file = file(Bytes.concat(VALUE, Bytes.of(0)));
    assertThatThrownBy(() -> read(file.toString())).isInstanceOf(BadInput.class);
  }

  @Test
  void refuseAFileThatIsMuchTooLong() throws IOException {
    var file = file(Bytes.zeros(100));
    assertThatThrownBy(() -> read(file.toString())).isInstanceOf(Failure.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {HEX, "AAECAwQFBgcICQoLDA0ODw=="})
  void areTheContentOfAFileThatHoldsThemAsText(String text) throws Exception {
    var file = Files.writeString(folder.resolve("text"), text + "\n");
    assertThat(read(file.toString())).isEqualTo(new Octets(VALUE, Octets.Form.FILE));
  }

  private Path file(Bytes content) throws IOException {
    return Files.write(folder.resolve("octets"), content.toArray());
  }

  private static Octets read(String written) throws BadInput, Failure {
    return Octets.read("--nonce", written, 16, new HostFiles());
  }
}
