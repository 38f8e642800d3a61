package dev.remit.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.remit.bytes.Bytes;
import dev.remit.bytes.Sample;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What {@code sevctl measurement build} and the offline validator do, by their known answers. */
final class MeasureCommandTest {
  private static final String DIGEST = "xkvRAfyaSizgonxAjZIAkR8TmolUabBKQKb6KJCDDSM=";
  private static final String OF_DIGEST =
      "lswbxWxI9gckya16JQvdFtpYmNO4b+3inAPpqsgoBI7DE/q1EcIWsVBbGy6pkDxA";
  private static final String OF_FIRMWARE =
      "oMDewIouJSpbpNRHj7Mk3p08H2dPZQdsZMU14qIymBnDE/q1EcIWsVBbGy6pkDxA";
  private static final String OF_KERNEL =
      "h3auYbWQnVW7EGLWN4Hf9SN0oEYMPU2sK4bLnefWPwvDE/q1EcIWsVBbGy6pkDxA";
  private static final String CMDLINE = "foo bar baz fake kernel=cmdline";

  @TempDir Path folder;

  @Nested
  class TheLaunchDigest {
    @Test
    void mayBeGivenInThePlaceOfAllFiles() throws IOException {
      for (var form : List.of(DIGEST, Bytes.ofBase64(DIGEST).hex(), file(Bytes.ofBase64(DIGEST)))) {
        var run = measured("--launch-digest", form, "-o", "json");
        assertThat(run.err()).isEmpty();
        assertThat(run.json().path("measurement").stringValue()).isEqualTo(OF_DIGEST);
        assertThat(run.json().at("/given/0/option").stringValue()).isEqualTo("--launch-digest");
        assertThat(run.json().at("/given/0/value").stringValue())
            .isEqualTo(Bytes.ofBase64(DIGEST).hex());
      }
      var json = measured("--launch-digest", DIGEST, "-o", "json").json();
      assertThat(json.at("/given/0/form").stringValue()).isEqualTo("base64");
      assertThat(json.at("/given/2/option").stringValue()).isEqualTo("--nonce");
      assertThat(json.at("/given/2/form").stringValue()).isEqualTo("base64");
      assertThat(json.at("/guestPolicy/hex").stringValue()).isEqualTo("0x00000003");
      assertThat(json.at("/guestPolicy/decimal").longValue()).isEqualTo(3);
    }

    @Test
    void isOfAFirmwareAlone() throws IOException {
      assertThat(measured("--firmware", firmware()).out().strip()).isEqualTo(OF_FIRMWARE);
    }

    @Test
    void isOfAKernelWithoutInitrdAndCommandLineToo() throws IOException {
      var empty = file(Bytes.EMPTY);
      var without = run("measure", "--tee=sev", "--firmware", firmware(), "--kernel", kernel());
      var with =
          run(
              "measure",
              "--tee=sev",
              "--firmware",
              firmware(),
              "--kernel",
              kernel(),
              "--initrd",
              empty,
              "--cmdline",
              "");
      assertThat(without.status()).isZero();
      assertThat(without.out()).isEqualTo(with.out());
    }

    @Test
    void takesThePagesOfVcpusAsFiles() throws IOException {
      var boot = file(Sample.of("measurement/vmsa0.bin"));
      var other = file(Sample.of("measurement/vmsa1.bin"));
      var byFiles =
          run(
              "measure",
              "--tee=sev-es",
              "--firmware",
              firmware(),
              "--vmsa-cpu0",
              boot,
              "--vmsa-cpu1",
              other,
              "--vcpus=4",
              "-o=json");
      var byName =
          run(
              "measure",
              "--policy=7",
              "--firmware",
              firmware(),
              "--cpu=EPYC-Milan",
              "--vmsa=legacy",
              "--vcpus=4",
              "-o=json");
      assertThat(byFiles.err()).isEmpty();
      assertThat(byFiles.json().path("launchDigest")).isEqualTo(byName.json().path("launchDigest"));
      assertThat(byFiles.json().at("/launchDigests/0/vmsa").stringValue()).isEqualTo("given");
      assertThat(byFiles.json().path("launchDigests").size()).isOne();
    }

    @Test
    void doesNotTakeAPageOfAnotherSize() throws IOException {
      var run =
          run(
              "measure",
              "--tee=sev-es",
              "--firmware",
              firmware(),
              "--vmsa-cpu0",
              file(Bytes.zeros(4095)));
      assertThat(run.status()).isEqualTo(2);
      assertThat(run.err()).contains("has 4095 bytes").contains("4096");
    }
  }

  @Nested
  class TheKeys {
    @Test
    void mayBeInOneFileWithTheTekFirst() throws IOException {
      var both = secret(Bytes.concat(Bytes.zeros(16), Sample.of("measurement/tik1.bin")));
      var run = run(with("--tk", both, "--nonce", nonce(), "--launch-digest", DIGEST));
      assertThat(run.out().strip()).isEqualTo(OF_DIGEST);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 15, 17, 31, 33})
    void areRefusedInAnotherSize(int size) throws IOException {
      for (var option : List.of("--tik", "--tk")) {
        var run =
            run(
                with(
                    option,
                    secret(Bytes.zeros(size)),
                    "--nonce",
                    nonce(),
                    "--launch-digest",
                    DIGEST));
        assertThat(run.status()).isEqualTo(3);
        assertThat(run.err()).contains("KEY-003", "and the file " + size);
      }
    }

    @Test
    void areNeverReadFromAFileThatOthersCanRead() throws IOException {
      var open = file(Bytes.zeros(32));
      var run = run(with("--tk", open, "--nonce", nonce(), "--launch-digest", DIGEST));
      assertThat(run.err()).startsWith("remit: error[FILE-003]: ");
    }
  }

  @Test
  void takesTheNonceFromABlob() throws IOException {
    var run = run(with("--tik", tik(), "--nonce-of", OF_KERNEL, "--launch-digest", DIGEST));
    assertThat(run.out().strip()).isEqualTo(OF_DIGEST);
  }

  @Test
  void writesWhatItComputesAsBytesForItsOwnerOnly() throws IOException {
    Path blob = folder.resolve("blob.bin");
    var run = measured("--launch-digest", DIGEST, "--out", blob.toString());
    assertThat(run.out().strip()).isEqualTo(OF_DIGEST);
    assertThat(Bytes.copyOf(Files.readAllBytes(blob))).isEqualTo(Bytes.ofBase64(OF_DIGEST));
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(blob)))
        .isEqualTo("rw-------");
    Path digest = folder.resolve("digest.bin");
    run("measure", "--tee=sev", "--firmware", firmware(), "--out", digest.toString());
    assertThat(Files.size(digest)).isEqualTo(32);
  }

  @Nested
  class AReportedMeasurement {
    @Test
    void passesWhereItIsTheExpectedOne() throws IOException {
      for (var form :
          List.of(OF_KERNEL, Bytes.ofBase64(OF_KERNEL).hex(), file(Bytes.ofBase64(OF_KERNEL)))) {
        var run = compared(form, CMDLINE);
        assertThat(run.status()).as(run.err()).isZero();
        assertThat(run.out()).startsWith("measurement: PASS (SEV, 1 of 1 checks passed)");
      }
      var json = compared(OF_KERNEL, CMDLINE, "-o", "json").json();
      assertThat(json.path("verdict").stringValue()).isEqualTo("PASS");
      assertThat(json.at("/checks/0/outcome").stringValue()).isEqualTo("PASS");
      assertThat(json.has("difference")).isFalse();
    }

    @Test
    void isRefusedWithTheInputThatIsWrong() throws IOException {
      var run = compared(OF_KERNEL, CMDLINE + " ");
      assertThat(run.status()).isEqualTo(7);
      assertThat(run.out())
          .startsWith("measurement: REFUSED (SEV, 0 of 1 checks passed)")
          .contains(
              "what fits: the command line was measured without the white space around it",
              "M-001");
      var json = compared(OF_KERNEL, CMDLINE + " ", "-o", "json").json();
      assertThat(json.path("verdict").stringValue()).isEqualTo("REFUSED");
      assertThat(json.at("/difference/found").booleanValue()).isTrue();
      assertThat(json.at("/difference/changes/0/input").stringValue()).isEqualTo("cmdline");
      assertThat(json.at("/difference/changes/0/found").stringValue()).isEqualTo(CMDLINE + "\0");
    }

    @Test
    void isRefusedWithTheHashesOfTheFilesWhereNothingIsNear() throws IOException {
      var run = compared(OF_DIGEST, CMDLINE);
      assertThat(run.status()).isEqualTo(7);
      assertThat(run.out())
          .contains(
              "what fits: nothing near", "firmware     sha256:2f6fc606", "kernel       sha256:");
      var json = compared(OF_DIGEST, CMDLINE, "-o", "json").json();
      assertThat(json.at("/difference/found").booleanValue()).isFalse();
      assertThat(json.at("/difference/tried").intValue()).isPositive();
    }

    @Test
    void namesKeysThatWereExchanged() throws IOException {
      var exchanged = secret(Bytes.concat(Sample.of("measurement/tik1.bin"), Bytes.zeros(16)));
      var run = run(with("--tk", exchanged, "--reported", OF_DIGEST, "--launch-digest", DIGEST));
      assertThat(run.status()).isEqualTo(7);
      assertThat(run.out()).contains("what fits: TIK and TEK were exchanged");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 16, 32, 47, 49, 96})
    void has48Bytes(int size) throws IOException {
      var run =
          run(
              with(
                  "--tik",
                  tik(),
                  "--reported",
                  file(Bytes.zeros(size)),
                  "--launch-digest",
                  DIGEST));
      assertThat(run.status()).isIn(2, 3);
      assertThat(run.out()).isEmpty();
    }

    private CommandLineRun compared(String blob, String cmdline, String... more)
        throws IOException {
      var all =
          new ArrayList<>(
              List.of(
                  with(
                      "--tik",
                      tik(),
                      "--reported",
                      blob,
                      "--firmware",
                      firmware(),
                      "--kernel",
                      kernel(),
                      "--initrd",
                      file(Sample.of("measurement/initrd-fake")),
                      "--cmdline",
                      cmdline)));
      all.addAll(List.of(more));
      return run(all.toArray(String[]::new));
    }
  }

  private CommandLineRun measured(String... more) throws IOException {
    var all = new ArrayList<>(List.of(with("--tik", tik(), "--nonce", nonce())));
    all.addAll(List.of(more));
    return run(all.toArray(String[]::new));
  }

  private static String[] with(String... more) {
    var all =
        new ArrayList<>(List.of("measure", "--api", "1.40", "--build", "40", "--policy", "3"));
    all.addAll(List.of(more));
    return all.toArray(String[]::new);
  }

  private CommandLineRun run(String... arguments) {
    var all = new ArrayList<>(List.of(arguments));
    all.addAll(List.of("--state", folder.resolve("state").toString()));
    return CommandLineRun.of(all.toArray(String[]::new));
  }

  private static String nonce() {
    return "wxP6tRHCFrFQWxsuqZA8QA==";
  }

  private String firmware() throws IOException {
    return file(Sample.of("measurement/OVMF.amdsev.trimmed.fd"));
  }

  private String kernel() throws IOException {
    return file(Sample.of("measurement/vmlinuz-fake"));
  }

  private String tik() throws IOException {
    return secret(Sample.of("measurement/tik1.bin"));
  }

  private String secret(Bytes content) throws IOException {
    Path file = Path.of(file(content));
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    return file.toString();
  }

  private String file(Bytes content) throws IOException {
    Path file = Files.createTempFile(folder, "input", "");
    Files.write(file, content.toArray());
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
    return file.toString();
  }
}
