package dev.remit.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.remit.bytes.Bytes;
import dev.remit.bytes.Sample;
import dev.remit.endorsement.FakeAmd;
import dev.remit.endorsement.FakePlatform;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code remit verify} on the report of a running guest. */
final class VerifyReportTest {
  private static final FakePlatform HOST = FakeAmd.believed().platform();
  private static final Bytes NONCE = Bytes.of(1).paddedTo(16);
  private static final Bytes DIGEST = Bytes.of(2).paddedTo(32);
  private static final Bytes REPORT = HOST.report(NONCE, DIGEST, 1);

  @TempDir private Path folder;
  private Path chain = Path.of("");

  @BeforeEach
  void writeChain() throws IOException {
    chain = write("chain", HOST.exported());
  }

  @Test
  void isSatisfiedByAllThatIsNamed() throws IOException {
    var run =
        verify(
            REPORT,
            "--chain",
            chain.toString(),
            "--policy",
            "1",
            "--launch-digest",
            DIGEST.hex(),
            "--nonce",
            NONCE.base64());
    assertThat(run.status()).as(run.toString()).isZero();
    assertThat(run.out()).contains("SATISFIED (SIMULATED", "freshness: judged by the nonce");
  }

  @Test
  void repeatsWhatItTookAsJson() throws IOException {
    var run =
        verify(
            REPORT,
            "--pdh",
            HOST.pdh().hex(),
            "--cert-chain",
            HOST.certChain().base64(),
            "--nonce",
            NONCE.hex(),
            "-o",
            "json");
    assertThat(run.status()).isEqualTo(6);
    assertThat(run.json().path("given").toString())
        .contains("\"option\":\"--pdh\",\"form\":\"hex\"")
        .contains("\"option\":\"--cert-chain\",\"form\":\"base64\"")
        .contains("\"option\":\"--nonce\",\"form\":\"hex\",\"value\":\"" + NONCE.hex());
  }

  @Test
  void isUndecidedWithTheChainAlone() throws IOException {
    var run = verify(REPORT, "--chain", chain.toString());
    assertThat(run.status()).isEqualTo(6);
    assertThat(run.out())
        .contains("I-003", "freshness: not judged")
        .containsPattern("launch digest +UNKNOWN +expected none was named; found \\S+ +KEY-005")
        .containsPattern("guest policy +UNKNOWN +expected none was named; found \\S+ +KEY-005");
  }

  @Test
  void isSatisfiedByAChainThatIsJoinedToItsSignedCek() throws IOException {
    var cek = write("cek", HOST.cek());
    var run =
        verify(
            REPORT,
            "--pdh",
            HOST.pdh().base64(),
            "--cert-chain",
            HOST.unsignedCertChain().base64(),
            "--cek",
            cek.toString(),
            "--policy",
            "1",
            "--launch-digest",
            DIGEST.hex(),
            "--nonce",
            NONCE.base64());
    assertThat(run.status()).as(run.toString()).isZero();
  }

  /** The chain of another chip is as well signed; only its owner's word tells them apart. */
  @Test
  void isUndecidedAboutAChipThatNobodyVouchesFor() throws IOException {
    assertThat(verifyAll("--chip", "00".repeat(64)).status()).isEqualTo(6);
  }

  @Test
  void isRefusedForAGenerationThatIsNotNamed() throws IOException {
    var run = verifyAll("--generation", "milan");
    assertThat(run.status()).as(run.toString()).isEqualTo(7);
    assertThat(run.out()).contains("T-002");
    assertThat(verifyAll("--generation", "simulated").status()).isZero();
  }

  private CommandLineRun verifyAll(String... more) throws IOException {
    var arguments =
        new ArrayList<>(
            List.of(
                "--chain",
                chain.toString(),
                "--policy",
                "1",
                "--launch-digest",
                DIGEST.hex(),
                "--nonce",
                NONCE.base64()));
    arguments.addAll(List.of(more));
    return verify(REPORT, arguments.toArray(String[]::new));
  }

  @Test
  void asksForTheChain() throws IOException {
    assertThat(verify(REPORT).status()).isEqualTo(2);
  }

  @Test
  void refusesAReportThatWasChanged() throws IOException {
    var run = verify(Sample.flipped(REPORT, 3), "--chain", chain.toString());
    assertThat(run.status()).isEqualTo(7);
    assertThat(run.out())
        .contains("KEY-004")
        .containsPattern("report signature +FAIL +expected of the PEK");
  }

  @Test
  void refusesAReportOfAnEarlierQuestion() throws IOException {
    String now = "00".repeat(16);
    var run = verify(REPORT, "--chain", chain.toString(), "--nonce", now);
    assertThat(run.status()).isEqualTo(7);
    assertThat(run.out())
        .containsPattern("nonce +FAIL +expected " + now + "; found " + NONCE.hex() + " +I-002");
  }

  @Test
  void refusesWhatOnlyHasTheSizeOfAReport() throws IOException {
    var run = verify(Bytes.of(0xff).paddedTo(64).reversed().paddedTo(208), "--chain", "x");
    assertThat(run.status()).isEqualTo(7);
    assertThat(run.err()).contains("M-003");
  }

  @Test
  void takesNoneOfThisForAChain() throws IOException {
    var run = verify(HOST.exported(), "--nonce", NONCE.hex());
    assertThat(run.status()).isEqualTo(2);
    assertThat(run.err()).contains("belong to an attestation report");
  }

  private CommandLineRun verify(Bytes content, String... options) throws IOException {
    var root = write("root", Bytes.concat(FakeAmd.believed().ask(), FakeAmd.believed().ark()));
    var arguments = new ArrayList<>(List.of("verify", write("report", content).toString()));
    arguments.addAll(List.of("--insecure-root", root.toString()));
    arguments.addAll(List.of(options));
    return CommandLineRun.of(arguments.toArray(String[]::new));
  }

  private Path write(String name, Bytes content) throws IOException {
    return Files.write(folder.resolve(name), content.toArray());
  }
}
