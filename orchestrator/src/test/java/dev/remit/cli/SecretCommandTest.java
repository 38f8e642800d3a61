package dev.remit.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.remit.bytes.Bytes;
import dev.remit.bytes.Sample;
import dev.remit.bytes.SecretBytes;
import dev.remit.measurement.SevLaunchMac;
import dev.remit.platform.SevFirmwareVersion;
import dev.remit.platform.SevPolicy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class SecretCommandTest {
  private static final Bytes TIK = Sample.of("dev/remit/secret/sevctl/tik1.bin");
  private static final Bytes TEK = Sample.of("dev/remit/secret/sevctl/tek1.bin");
  private static final Bytes NONCE = Bytes.of(7).paddedTo(16);
  private static final Bytes DIGEST = Bytes.of(8).paddedTo(32);
  private static final String GUID = "736869e5-aaaa-4973-92ec-06879ce3da0b";

  @TempDir private Path folder;

  @BeforeEach
  void writeKeys() throws IOException {
    secretFile("tik", TIK);
    secretFile("tek", TEK);
    secretFile("disk.key", Bytes.of(1, 2, 3));
  }

  @Test
  void sealsForTheMeasurementOfTheDigest() throws IOException {
    var run = judged("1");
    assertThat(run.status()).as(run.toString()).isZero();
    assertThat(run.out())
        .startsWith("secret: SEALED (3 of 3 checks passed)")
        .contains("platform: judged when the session was made, not here")
        .contains("secret area: not compared, the firmware was not given");
    assertThat(Bytes.ofBase64(Files.readString(out().resolve("header.b64"))).size()).isEqualTo(52);
    assertThat(Bytes.ofBase64(Files.readString(out().resolve("payload.b64"))).size()).isEqualTo(48);
    assertThat(
            PosixFilePermissions.toString(
                Files.getPosixFilePermissions(out().resolve("payload.b64"))))
        .isEqualTo("rw-------");
  }

  @Test
  void writesTheFormOfSevctlOnDemand() throws IOException {
    assertThat(judged("1", "--binary").status()).isZero();
    assertThat(Files.size(out().resolve("header.bin"))).isEqualTo(52);
    assertThat(Files.size(out().resolve("payload.bin"))).isEqualTo(48);
  }

  @Test
  void takesSeveralSecrets() throws IOException {
    var more = secretFile("more", Bytes.of(4, 5));
    var run = judged("1", "--secret", GUID + ":" + more);
    assertThat(run.status()).isZero();
    assertThat(Bytes.ofBase64(Files.readString(out().resolve("payload.b64"))).size()).isEqualTo(80);
  }

  @Test
  void computesTheDigestOfTheFirmwareAndLooksAtItsSecretArea() throws IOException {
    Path firmware =
        Files.write(
            folder.resolve("firmware"), Sample.of("firmware/ovmf_AmdSev_suffix.bin").toArray());
    var digest =
        Bytes.ofHex(
            CommandLineRun.of("measure", "--tee", "sev", "--firmware", firmware.toString())
                .out()
                .strip());
    var fits =
        run(
            blob(digest, "1"),
            "--policy 1 --api 1.40 --build 40 --firmware " + firmware.toString());
    assertThat(fits.status()).as(fits.toString()).isZero();
    assertThat(fits.out()).contains("secret area: 48 of 3072 bytes");

    var large = secretFile("large", Bytes.zeros(3072));
    Path other = folder.resolve("other");
    var tooLarge =
        CommandLineRun.of(
            arguments(
                blob(digest, "1"),
                other,
                "--policy 1 --api 1.40 --build 40 --firmware "
                    + firmware.toString()
                    + " --secret "
                    + GUID
                    + ":"
                    + large));
    assertThat(other).doesNotExist();
    assertThat(tooLarge.status()).isEqualTo(3);
    assertThat(tooLarge.err()).contains("SEC-001", "3072");
  }

  @Test
  void acceptsEitherFlavourOfVcpuStateUnderSevEs() throws IOException {
    Path firmware =
        Files.write(
            folder.resolve("firmware"), Sample.of("firmware/ovmf_AmdSev_suffix.bin").toArray());
    for (String flavour : List.of("current", "legacy")) {
      var digest =
          Bytes.ofHex(
              CommandLineRun.of(
                      "measure",
                      "--tee",
                      "sev-es",
                      "--firmware",
                      firmware.toString(),
                      "--cpu",
                      "EPYC-Milan",
                      "--vcpus",
                      "2",
                      "--vmsa",
                      flavour)
                  .out()
                  .strip());
      var run =
          CommandLineRun.of(
              arguments(
                  blob(digest, "5"),
                  folder.resolve(flavour),
                  "--policy 5 --api 1.40 --build 40 --firmware "
                      + firmware.toString()
                      + " --cpu EPYC-Milan --vcpus 2"));
      assertThat(run.status()).as(run.toString()).isZero();
      assertThat(run.out()).contains(flavour + " vCPU state");
    }
  }

  @ParameterizedTest
  @CsvSource({"1.41, 40, 1", "1.40, 41, 1", "1.40, 40, 3"})
  void refusesAMeasurementOfOtherValues(String api, String build, String policy)
      throws IOException {
    var run =
        run(
            blob(DIGEST, "1"),
            "--policy "
                + policy
                + " --api "
                + api
                + " --build "
                + build
                + " --launch-digest "
                + DIGEST.hex());
    assertRefused(run, 7, "M-001");
    assertThat(run.out()).contains("nothing was sealed and nothing written");
  }

  @Test
  void refusesAMeasurementOfAnotherDigest() throws IOException {
    var run =
        run(
            blob(Bytes.zeros(32), "1"),
            "--policy 1 --api 1.40 --build 40 --launch-digest " + DIGEST.hex());
    assertRefused(run, 7, "M-001");
  }

  @Test
  void refusesAGuestThatTheHostMayDebug() throws IOException {
    var run =
        run(blob(DIGEST, "0"), "--policy 0 --api 1.40 --build 40 --launch-digest " + DIGEST.hex());
    assertRefused(run, 7, "T-001");
    assertThat(run.out()).doesNotContain("M-001");
  }

  @Test
  void refusesFirmwareOlderThanThePolicyAsks() throws IOException {
    var run =
        run(
            blob(DIGEST, "0x33010001"),
            "--policy 0x33010001 --api 1.40 --build 40 --launch-digest " + DIGEST.hex());
    assertRefused(run, 7, "T-003");
    assertThat(run.out()).doesNotContain("M-001");
  }

  @Test
  void tellsThatTheKeysAreSwapped() throws IOException {
    secretFile("tik", TEK);
    secretFile("tek", TIK);
    assertThat(judged("1").out()).contains("TIK and TEK are swapped");
  }

  @Test
  void sealsWithoutJudgingOnlyWhereThatIsSaid() throws IOException {
    assertRefused(run(blob(DIGEST, "1"), "-q"), 2, "USAGE-001");

    var run = run(blob(DIGEST, "1"), "--seal-for-a-measurement-judged-elsewhere");
    assertThat(run.status()).isZero();
    assertThat(run.out()).startsWith("secret: SEALED (measurement NOT judged here)");
  }

  @Test
  void doesNotTakeReferenceValuesThatItWouldNotLookAt() throws IOException {
    var run =
        run(
            blob(DIGEST, "1"),
            "--seal-for-a-measurement-judged-elsewhere --launch-digest " + DIGEST.hex());
    assertRefused(run, 2, "USAGE-001");
  }

  @Test
  void asksForReferenceValues() throws IOException {
    assertRefused(run(blob(DIGEST, "1"), "--policy 1 --api 1.40 --build 40"), 2, "USAGE-001");
  }

  @ParameterizedTest
  @CsvSource({"luks-key, 2", "nonsense:disk.key, 2", "luks-key:, 2", GUID + ":no/such/file, 3"})
  void refusesASecretThatIsNotThere(String secret, int status) throws IOException {
    assertThat(judged("1", "--secret", secret).status()).isEqualTo(status);
    assertThat(out()).doesNotExist();
  }

  @Test
  void refusesTwoSecretsUnderOneGuid() throws IOException {
    assertRefused(
        judged("1", "--secret", "luks-key:" + folder.resolve("disk.key")), 2, "USAGE-001");
  }

  @Test
  void refusesAKeyFileThatOthersCanRead() throws IOException {
    Files.setPosixFilePermissions(
        folder.resolve("tek"), PosixFilePermissions.fromString("rw-r-----"));
    assertRefused(judged("1"), 3, "FILE-003");
  }

  @Test
  void refusesAKeyOfAnotherSize() throws IOException {
    secretFile("tik", Bytes.concat(TIK, Bytes.of('\n')));
    var run = judged("1");
    assertRefused(run, 3, "KEY-003");
    assertThat(run.err()).contains("the key has 16 bytes, and the file 17");
  }

  @Test
  void repeatsWhatItTookAsJsonAndNoSecret() throws IOException {
    var run = judged("1", "-o", "json");
    var json = run.json();
    assertThat(json.path("measurement").asString("")).isEqualTo("judged here");
    assertThat(json.path("given").toString())
        .contains("{\"option\":\"--measurement\",\"form\":\"base64\",\"value\":\"")
        .contains("{\"option\":\"--launch-digest\",\"form\":\"hex\",\"value\":\"" + DIGEST.hex());
    assertThat(run.out() + run.err())
        .doesNotContain(TIK.hex(), TIK.base64(), TEK.hex(), TEK.base64(), "010203");
  }

  @Test
  void leavesNothingWhereTheFolderCannotBeWritten() throws IOException {
    Files.createFile(out());
    assertThat(judged("1").status()).isEqualTo(3);
    assertThat(Files.size(out())).isZero();
  }

  private CommandLineRun judged(String policy, String... more) {
    return run(
        blob(DIGEST, policy),
        "--policy %s --api 1.40 --build 40 --launch-digest %s %s"
            .formatted(policy, DIGEST.hex(), String.join(" ", more)));
  }

  private CommandLineRun run(Bytes blob, String options) {
    return CommandLineRun.of(arguments(blob, out(), options));
  }

  private String[] arguments(Bytes blob, Path to, String options) {
    var arguments = new ArrayList<>(List.of("secret", "--measurement", blob.base64()));
    arguments.addAll(List.of("--tik", folder.resolve("tik").toString()));
    arguments.addAll(List.of("--tek", folder.resolve("tek").toString()));
    arguments.addAll(List.of("--secret", "luks-key:" + folder.resolve("disk.key")));
    arguments.addAll(List.of(options.strip().split(" ")));
    arguments.addAll(List.of("--out", to.toString()));
    return arguments.toArray(String[]::new);
  }

  /** As firmware of API 1.40, build 40, measures a guest. */
  private static Bytes blob(Bytes digest, String policy) {
    try (var tik = SecretBytes.takeFrom(TIK.toArray())) {
      SevPolicy bits = Converters.sevPolicy(policy);
      return Bytes.concat(
          SevLaunchMac.compute(tik, new SevFirmwareVersion(1, 40, 40), bits, digest, NONCE), NONCE);
    }
  }

  private void assertRefused(CommandLineRun run, int status, String code) {
    assertThat(run.status()).as(run.toString()).isEqualTo(status);
    assertThat(run.out() + run.err()).contains(code);
    assertThat(out()).doesNotExist();
  }

  private Path out() {
    return folder.resolve("out");
  }

  private Path secretFile(String name, Bytes content) throws IOException {
    Path file = Files.write(folder.resolve(name), content.toArray());
    return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
  }
}
