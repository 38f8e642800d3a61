package dev.remit.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.remit.bytes.Bytes;
import dev.remit.bytes.Sample;
import dev.remit.endorsement.FakeAmd;
import dev.remit.endorsement.FakePlatform;
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
import org.junit.jupiter.params.provider.ValueSource;

final class SessionCommandTest {
  private static final FakeAmd AMD = FakeAmd.believed();
  private static final FakePlatform HOST = AMD.platform();

  @TempDir private Path folder;
  private Path root = Path.of("");
  private Path chain = Path.of("");

  @BeforeEach
  void writeCertificates() throws IOException {
    root = write("root", Bytes.concat(AMD.ask(), AMD.ark()));
    chain = write("chain", HOST.exported());
  }

  @Test
  void writesFilesThatOnlyTheOwnerReads() throws IOException {
    assertThat(session("--chain " + chain + " --policy 1").status()).isZero();

    assertThat(names(out()))
        .containsExactlyInAnyOrder("godh.b64", "session.b64", "tek.bin", "tik.bin", "tk.bin");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(out())))
        .isEqualTo("rwx------");
    for (String name : names(out())) {
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(out().resolve(name))))
          .isEqualTo("rw-------");
    }
    assertThat(names(folder)).containsExactlyInAnyOrder("root", "chain", "out");
  }

  @Test
  void makesASessionThatFirmwareOpens() throws IOException {
    assertThat(session("--chain " + chain + " --policy 0x5").status()).isZero();

    var firmware = HOST.launchStart(base64("godh.b64"), base64("session.b64"), 5);
    var digest = Bytes.zeros(32);
    var blob = firmware.launchMeasure(1, 55, 40, digest, Bytes.zeros(16));

    // The measurement is under the TIK that was written.
    Path key = out().resolve("tk.bin");
    assertThat(Files.readAllBytes(key)).startsWith(Files.readAllBytes(out().resolve("tek.bin")));
    assertThat(Files.readAllBytes(key)).endsWith(Files.readAllBytes(out().resolve("tik.bin")));
    Path secret = write("secret", Bytes.of(1, 2, 3));
    Files.setPosixFilePermissions(secret, PosixFilePermissions.fromString("rw-------"));
    var sealed =
        CommandLineRun.of(
            "secret",
            "--tk",
            key.toString(),
            "--secret",
            "luks-key:" + secret,
            "--measurement",
            blob.base64(),
            "--policy",
            "5",
            "--api",
            "1.55",
            "--build",
            "40",
            "--launch-digest",
            digest.hex(),
            "--out",
            folder.resolve("sealed").toString());
    assertThat(sealed.status()).as(sealed.toString()).isZero();
  }

  @Test
  void saysSimulatedWhereTheRootIs() {
    var run = session("--chain " + chain + " --policy 1");
    assertThat(run.out()).startsWith("session: MADE (SEV, SIMULATED)").contains("proves nothing");
  }

  @Test
  void makesASessionForARealPlatformWithoutSayingSo() throws IOException {
    var run =
        CommandLineRun.of(
            "session",
            "--chain",
            write("rome", rome()).toString(),
            "--policy",
            "1",
            "--out",
            out().toString());
    assertThat(run.status()).isZero();
    assertThat(run.out()).contains("AMD Rome root, built in").doesNotContain("SIMULATED");
  }

  @Test
  void tellsThePolicyInBothForms() {
    var run = session("--chain " + chain + " --tee sev-es --min-api 1.51");
    assertThat(run.out())
        .contains(
            "0x3301000f = 855703567: SEV-ES, no debug, no key sharing, no migration, api 1.51 or"
                + " newer");
  }

  @Test
  void repeatsWhatItTookAsJson() {
    var run = session("--chain " + chain + " --policy 0x5 -o json");
    var json = run.json();
    assertThat(json.path("schema").asString("")).isEqualTo("remit.session/1");
    assertThat(json.path("simulated").asBoolean(false)).isTrue();
    assertThat(json.path("policy").path("decimal").asInt(0)).isEqualTo(5);
    assertThat(json.path("given").toString())
        .contains("\"option\":\"--policy\",\"form\":\"hex\",\"value\":\"0x00000005\"")
        .contains("\"option\":\"--chain\",\"form\":\"file\"");
    assertThat(json.path("session").asString("")).hasSize(172);
  }

  @Test
  void neverPrintsAKey() throws IOException {
    var run = session("--chain " + chain + " --policy 1 -o json -v");
    for (String name : List.of("tek.bin", "tik.bin")) {
      var key = Bytes.copyOf(Files.readAllBytes(out().resolve(name)));
      assertThat(run.out() + run.err()).doesNotContain(key.hex(), key.base64());
    }
  }

  @Test
  void takesTheValuesOfLibvirt() {
    var run =
        session(
            "--pdh "
                + HOST.pdh().base64()
                + " --cert-chain "
                + HOST.certChain().base64()
                + " --policy 1");
    assertThat(run.status()).as(run.toString()).isZero();
  }

  @Test
  void takesTheValuesOfLibvirtFromFiles() throws IOException {
    var pdh = Files.writeString(folder.resolve("pdh"), HOST.pdh().base64() + "\n");
    var certChain = write("cert-chain", HOST.certChain());
    var run = session("--pdh " + pdh + " --cert-chain " + certChain + " --policy 1");
    assertThat(run.status()).as(run.toString()).isZero();
  }

  @Test
  void takesAChainInBase64AndInFull() throws IOException {
    var text = Files.writeString(folder.resolve("text"), HOST.exportedInFull().base64() + "\n");
    assertThat(session("--chain " + text + " --policy 1").status()).isZero();
  }

  @Test
  void refusesAPdhAloneAndSaysWhy() throws IOException {
    var run = session("--chain " + write("pdh", HOST.pdh()) + " --policy 1");
    assertRefused(run, 6, "KEY-001");
    assertThat(run.err()).contains("anybody can make a PDH");
  }

  @Test
  void refusesAChainWithoutItsPdh() throws IOException {
    var file = write("cert-chain", HOST.certChain());
    var run = session("--chain " + file + " --policy 1");
    assertRefused(run, 6, "KEY-001");
    assertThat(run.err()).contains("  why: ", "give what \"sevctl export\" writes");
  }

  @Test
  void refusesAChainThatEndsNowhere() {
    var run =
        session(
            "--pdh "
                + HOST.pdh().base64()
                + " --cert-chain "
                + HOST.unsignedCertChain().base64()
                + " --policy 1");
    assertRefused(run, 6, "E-002");
  }

  @Test
  void refusesAChainUnderAStrangersRoot() throws IOException {
    var stranger = write("stranger", FakeAmd.stranger().platform().exportedInFull());
    assertRefused(session("--chain " + stranger + " --policy 1"), 7, "R-002");
  }

  @Test
  void refusesASimulatorThatNobodyBelieves() {
    var run =
        CommandLineRun.of(
            "session", "--chain", chain.toString(), "--policy", "1", "--out", out().toString());
    assertRefused(run, 7, "E-001");
  }

  @Test
  void refusesAChainWithOneBitFlipped() throws IOException {
    var flipped = write("flipped", Sample.flipped(HOST.exported(), 8 * 0x10 + 64));
    assertThat(session("--chain " + flipped + " --policy 1").status()).isNotZero();
    assertThat(out()).doesNotExist();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          --policy 0                                   | lets the host debug the guest
          --policy 0x41                                | reserved bits
          --policy 4294967296                          | 32 bits
          --policy -1                                  | 32 bits
          --policy 0b1                                 | 32 bits
          --tee sev                                    | --min-api
          --min-api 1.51                               | --tee
          --tee snp --min-api 1.51                     | sev or sev-es
          --policy 1 --tee sev-es --min-api 0.0        | the other options make
          --tee sev --min-api 1.51 --debug             | --debug
          """)
  void refusesAPolicyAndSaysWhy(String options, String why) {
    var arguments = new ArrayList<>(List.of("--chain", chain.toString()));
    arguments.addAll(List.of(options.split(" ")));
    var run = session(String.join(" ", arguments));
    assertRefused(run, 2, "USAGE-001");
    assertThat(run.err()).contains(why);
  }

  @Test
  void takesAPolicyInBothWaysWhereTheyAgree() {
    var run = session("--chain " + chain + " --policy 0x3301000b --tee sev --min-api 1.51");
    assertThat(run.status()).isZero();
  }

  @Test
  void namesEachPermission() {
    var run = session("--chain " + chain + " --tee sev --min-api 0.0 --key-sharing --migration");
    assertThat(run.out()).contains("0x00000001").contains("key sharing allowed, migration allowed");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "--pdh x", "--cert-chain x"})
  void asksForAWholeChain(String options) {
    var arguments = new ArrayList<>(List.of("--policy", "1"));
    if (!options.isEmpty()) {
      arguments.addAll(List.of(options.split(" ")));
    }
    assertRefused(session(String.join(" ", arguments)), 2, "USAGE-001");
  }

  @Test
  void neverOverwritesAnEarlierSession() throws IOException {
    assertThat(session("--chain " + chain + " --policy 1").status()).isZero();
    byte[] before = Files.readAllBytes(out().resolve("tik.bin"));

    var again = session("--chain " + chain + " --policy 1");

    assertThat(again.status()).isEqualTo(3);
    assertThat(again.err()).contains("KEY-002");
    assertThat(Files.readAllBytes(out().resolve("tik.bin"))).isEqualTo(before);
    assertThat(names(folder)).containsExactlyInAnyOrder("root", "chain", "out");
  }

  /** What libvirt hands out, and the certificate that its chip's CEK has from AMD. */
  @Test
  void isMadeOnAStockHostWithTheSignedCekOfItsChip() throws IOException {
    var cek = write("cek", HOST.cek());
    var run =
        session(
            "--pdh "
                + HOST.pdh().base64()
                + " --cert-chain "
                + HOST.unsignedCertChain().base64()
                + " --policy 1 --cek "
                + cek);
    assertThat(run.status()).as(run.toString()).isZero();
    assertThat(names(out())).contains("godh.b64", "tik.bin");
  }

  @Test
  void isNotMadeWithTheSignedCekOfAnotherChip() throws IOException {
    var other = write("cek", AMD.platform(1).cek());
    assertRefused(
        session(
            "--pdh "
                + HOST.pdh().base64()
                + " --cert-chain "
                + HOST.unsignedCertChain().base64()
                + " --policy 1 --cek "
                + other),
        7,
        "E-003");
  }

  @Test
  void isNotMadeForAChipThatNobodyVouchesFor() {
    assertRefused(
        session("--chain " + chain + " --policy 1 --chip " + "00".repeat(64)), 6, "T-004");
  }

  /** Keys of the first generation were extracted: whoever has one is any platform. */
  @Test
  void isNotMadeForAGenerationThatIsNotNamed() {
    assertRefused(session("--chain " + chain + " --policy 1 --generation naples"), 7, "T-002");
  }

  private CommandLineRun session(String options) {
    var arguments = new ArrayList<>(List.of("session", "--insecure-root", root.toString()));
    arguments.addAll(List.of(options.split(" ")));
    arguments.addAll(List.of("--out", out().toString()));
    return CommandLineRun.of(arguments.toArray(String[]::new));
  }

  private void assertRefused(CommandLineRun run, int status, String code) {
    assertThat(run.status()).as(run.toString()).isEqualTo(status);
    assertThat(run.out() + run.err()).contains(code);
    assertThat(out()).doesNotExist();
  }

  private Path out() {
    return folder.resolve("out");
  }

  private Bytes base64(String name) throws IOException {
    return Bytes.ofBase64(Files.readString(out().resolve(name)));
  }

  private Path write(String name, Bytes content) throws IOException {
    return Files.write(folder.resolve(name), content.toArray());
  }

  private static List<String> names(Path place) throws IOException {
    try (var files = Files.list(place)) {
      return files.map(file -> file.getFileName().toString()).toList();
    }
  }

  private static Bytes rome() {
    String place = "dev/remit/endorsement/rome/";
    return Bytes.concat(
        Sample.of(place + "pdh.cert"),
        Sample.of(place + "pek.cert"),
        Sample.of(place + "oca.cert"),
        Sample.of(place + "cek.cert"));
  }
}
