package dev.remit.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.remit.bytes.Bytes;
import dev.remit.bytes.Sample;
import dev.remit.endorsement.FakeAmd;
import dev.remit.endorsement.FakePlatform;
import dev.remit.endorsement.FakeSource;
import dev.remit.plan.PlanFixtures;
import dev.remit.report.Bundle;
import dev.remit.report.Samples;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
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

/** Signed CEKs on the command line: brought in, handed out, and used to judge stored chains. */
final class EndorsementsCommandTest {
  private static final FakePlatform HOST = FakeAmd.believed().platform();
  private static final String CHIP = FakeSource.chip(1).toString();
  private static final String OTHER_CHIP = FakeSource.chip(2).toString();
  private static final Bytes UNSIGNED = Bytes.concat(HOST.pdh(), HOST.unsignedCertChain());
  private static final Bytes ROME_CEK = rome("cek");
  private static final Bytes ROME =
      Bytes.concat(rome("pdh"), rome("pek"), rome("oca"), ROME_CEK.slice(0, 0x414).paddedTo(2084));

  @TempDir private Path folder;

  @Nested
  class Import {
    @Test
    void keepsTheSignedCekOfAChip() throws IOException {
      var run = run("endorsements", "import", file("cek", ROME_CEK), "--chip", CHIP);

      assertThat(run.status()).as(run.toString()).isZero();
      assertThat(run.out())
          .contains("1 signed CEK, each proven to its root", CHIP, "AMD Rome root, built in, new");
      assertThat(kept(CHIP)).exists();
      assertThat(Files.getPosixFilePermissions(kept(CHIP)))
          .isEqualTo(PosixFilePermissions.fromString("rw-------"));
    }

    @Test
    void takesAnIdAsLibvirtTellsIt() throws IOException {
      String base64 = FakeSource.chip(1).value().base64();
      assertThat(run("endorsements", "import", file("cek", ROME_CEK), "--chip", base64).status())
          .isZero();
      assertThat(kept(CHIP)).exists();
    }

    @Test
    void saysInJsonWhatItKept() throws IOException {
      var json =
          run("endorsements", "import", file("cek", ROME_CEK), "--chip", CHIP, "-o", "json").json();
      assertThat(json.path("schema").stringValue()).isEqualTo("remit.endorsements-import/1");
      var entry = json.path("endorsements").path(0);
      assertThat(entry.path("chip").stringValue()).isEqualTo(CHIP);
      assertThat(entry.path("generation").stringValue()).isEqualTo("rome");
      assertThat(entry.path("added").booleanValue()).isTrue();
    }

    @Test
    void keepsNothingInADryRun() throws IOException {
      var run = run("endorsements", "import", file("cek", ROME_CEK), "--chip", CHIP, "--dry-run");
      assertThat(run.status()).isZero();
      assertThat(run.out()).contains("nothing is kept");
      assertThat(folder.resolve("state")).doesNotExist();
    }

    @Test
    void keepsNothingWhereOneOfThemIsSignedByNoBelievedRoot() throws IOException {
      importAsSimulated(CHIP, HOST.cek());
      importAsSimulated(OTHER_CHIP, FakeAmd.believed().platform(1).cek());
      String bundle = path("fleet.json");
      assertThat(
              run(
                      "endorsements",
                      "export",
                      "--chip",
                      CHIP,
                      "--chip",
                      OTHER_CHIP,
                      "--out",
                      bundle,
                      "--insecure-root",
                      root())
                  .status())
          .isZero();

      var run = runIn("elsewhere", "endorsements", "import", bundle);

      assertThat(run.status()).isEqualTo(7);
      assertThat(run.err())
          .startsWith("remit: error[E-005]: the CEK of chip ")
          .contains("is signed by no root that is believed", "stands on the word of");
      assertThat(folder.resolve("elsewhere")).doesNotExist();
    }

    @Test
    void saysSimulatedWhereASimulatorsRootIsBelieved() throws IOException {
      var run =
          run(
              "endorsements",
              "import",
              file("cek", HOST.cek()),
              "--chip",
              CHIP,
              "--insecure-root",
              root());
      assertThat(run.status()).isZero();
      assertThat(run.out()).contains("SIMULATED");
    }

    @Test
    void neverPutsAnotherCekInThePlaceOfAKeptOne() throws IOException {
      importAsSimulated(CHIP, HOST.cek());

      var run = run("endorsements", "import", file("cek", ROME_CEK), "--chip", CHIP);

      assertThat(run.status()).isEqualTo(7);
      assertThat(run.err()).startsWith("remit: error[E-006]: ").contains(kept(CHIP).toString());
    }

    @Test
    void refusesWhatIsNeitherBundleNorCek() throws IOException {
      for (var content :
          List.of(
              Bytes.EMPTY,
              Bytes.of('{'),
              Bytes.zeros(2084),
              rome("pek"),
              ROME_CEK.slice(0, 2083),
              Bytes.concat(ROME_CEK, Bytes.of(0)))) {
        var run = run("endorsements", "import", file("it", content), "--chip", CHIP);
        assertThat(run.status()).as(run.toString()).isEqualTo(3);
        assertThat(run.err()).startsWith("remit: error[FILE-007]: ");
      }
    }

    @Test
    void refusesACekThatNobodySigned() throws IOException {
      var run =
          run(
              "endorsements",
              "import",
              file("cek", HOST.unsignedCek()),
              "--chip",
              CHIP,
              "--insecure-root",
              root());
      assertThat(run.status()).isEqualTo(7);
      assertThat(run.err())
          .startsWith("remit: error[E-005]: the CEK of chip " + CHIP + " is signed by no root");
    }
  }

  @Nested
  class Export {
    @Test
    void isReadBackByImport() throws IOException {
      assertThat(run("endorsements", "import", file("cek", ROME_CEK), "--chip", CHIP).status())
          .isZero();
      String bundle = path("chip.json");

      var exported = run("endorsements", "export", "--chip", CHIP, "--out", bundle, "--offline");
      var imported = runIn("elsewhere", "endorsements", "import", bundle);

      assertThat(exported.status()).as(exported.toString()).isZero();
      assertThat(exported.out()).contains("from the imported file");
      assertThat(imported.status()).as(imported.toString()).isZero();
      assertThat(Files.readString(Path.of(bundle)))
          .startsWith("{\n  \"schema\" : \"remit.endorsements/1\",")
          .contains(ROME_CEK.base64());
    }

    @Test
    void writesNothingWhereOneOfThemCannotBeHad() throws IOException {
      run("endorsements", "import", file("cek", ROME_CEK), "--chip", CHIP);
      String bundle = path("chip.json");

      var run =
          run(
              "endorsements",
              "export",
              "--chip",
              CHIP,
              "--chip",
              OTHER_CHIP,
              "--out",
              bundle,
              "--offline");

      assertThat(run.status()).isEqualTo(6);
      assertThat(run.err())
          .startsWith(
              "remit: error[E-004]: the signed CEK of chip " + OTHER_CHIP + " cannot be had")
          .contains("no key server is asked");
      assertThat(Path.of(bundle)).doesNotExist();
    }

    @Test
    void fetchesFromTheNamedServerAndKeepsIt() throws IOException {
      var paths = new ArrayList<String>();
      var server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
      server.createContext(
          "/",
          exchange -> {
            paths.add(exchange.getRequestURI().toString());
            try (exchange) {
              exchange.sendResponseHeaders(200, ROME_CEK.size());
              exchange.getResponseBody().write(ROME_CEK.toArray());
            }
          });
      server.start();
      try {
        String url = "http://127.0.0.1:" + server.getAddress().getPort();
        for (int time = 0; time < 2; time++) {
          var run =
              run(
                  "endorsements",
                  "export",
                  "--chip",
                  CHIP,
                  "--out",
                  path("chip.json"),
                  "--key-server",
                  url);
          assertThat(run.status()).as(run.toString()).isZero();
          assertThat(run.out()).contains("from the key server " + url);
        }
        assertThat(paths).containsExactly("/cek/id/" + CHIP);
      } finally {
        server.stop(0);
      }
    }
  }

  @Nested
  class VerifyAChainWithoutSignature {
    @Test
    void isSatisfiedWithTheSignedCekBesideIt() throws IOException {
      var run = run("verify", file("chain", ROME), "--cek", file("cek", ROME_CEK));
      assertThat(run.status()).as(run.toString()).isZero();
      assertThat(run.out())
          .contains("SATISFIED", "7 signatures valid")
          .containsSubsequence(
              "PDH  ECDH",
              "⬑ PEK",
              "; over PDH: VALID",
              "•⬑ OCA",
              "; over OCA: VALID",
              "⬑ CEK",
              "; over PEK: VALID",
              "⬑ ASK",
              "; over CEK: VALID",
              "•⬑ ARK",
              "; over ARK: VALID; over ASK: VALID");
    }

    @Test
    void isUndecidedWithoutIt() throws IOException {
      var run = run("verify", file("chain", ROME));
      assertThat(run.status()).isEqualTo(6);
      assertThat(run.out()).contains("E-002", "does not tell the id of its chip");
    }

    @Test
    void isRefusedWithThatOfAnotherChip() throws IOException {
      var other = FakeAmd.believed().platform(1).cek();
      var run =
          run(
              "verify",
              file("chain", UNSIGNED),
              "--cek",
              file("cek", other),
              "--insecure-root",
              root());
      assertThat(run.status()).isEqualTo(7);
      assertThat(run.out()).contains("E-003");
    }

    @Test
    void isRefusedWithOneThatNoBelievedRootSigned() throws IOException {
      var run = run("verify", file("chain", UNSIGNED), "--cek", file("cek", HOST.cek()));
      assertThat(run.status()).isEqualTo(7);
      assertThat(run.out()).contains("E-001");
    }

    @Test
    void isSatisfiedByABundleThatHasIt() throws IOException {
      run("endorsements", "import", file("cek", ROME_CEK), "--chip", CHIP);
      run("endorsements", "export", "--chip", CHIP, "--out", path("fleet.json"), "--offline");

      var run =
          runIn("elsewhere", "verify", file("chain", ROME), "--endorsements", path("fleet.json"));
      assertThat(run.status()).as(run.toString()).isZero();
      assertThat(run.out()).contains("the signed CEK from the file " + path("fleet.json"));
    }

    @Test
    void isSatisfiedByWhatIsKeptWhereItsChipIsNamed() throws IOException {
      run("endorsements", "import", file("cek", ROME_CEK), "--chip", CHIP);

      var run = run("verify", file("chain", ROME), "--chip", CHIP);
      assertThat(run.status()).as(run.toString()).isZero();
      assertThat(run.out())
          .contains("chip", CHIP + ", by the word of the imported file " + path("cek"));

      var other = run("verify", file("chain", ROME), "--chip", OTHER_CHIP);
      assertThat(other.status()).isEqualTo(6);
      assertThat(other.out()).contains("E-002", "T-004");
    }

    @Test
    void isRefusedWhereTheNamedChipHasAnotherCek() throws IOException {
      importAsSimulated(CHIP, FakeAmd.believed().platform(1).cek());

      var run = run("verify", file("chain", UNSIGNED), "--chip", CHIP, "--insecure-root", root());
      assertThat(run.status()).isEqualTo(7);
      assertThat(run.out()).contains("E-003");
    }

    @Test
    void refusesAFileThatIsNoCekOrBundle() throws IOException {
      for (String option : List.of("--cek", "--endorsements")) {
        var run = run("verify", file("chain", ROME), option, file("it", Bytes.zeros(2084)));
        assertThat(run.status()).isEqualTo(3);
        assertThat(run.err()).startsWith("remit: error[FILE-007]: ");
      }
    }
  }

  @Nested
  class VerifyABundle {
    @Test
    void ofAnUndecidedLaunchIsUndecidedUntilTheCekIsThere() throws IOException {
      var bundle = file("bundle", Bundle.write(Samples.undecided()));
      var before = run("verify", bundle, "--insecure-root", root());
      assertThat(before.status()).isEqualTo(6);
      assertThat(before.out()).contains("E-002");
    }

    @Test
    void takesNoCekThatItDoesNotNeed() throws IOException {
      var bundle = file("bundle", Bundle.write(Samples.trusted()));
      var run = run("verify", bundle, "--cek", file("cek", ROME_CEK));
      assertThat(run.status()).isEqualTo(2);
    }
  }

  @Nested
  class Inspect {
    @Test
    void printsAChainAsATree() throws IOException {
      var run = run("inspect", file("chain", ROME));
      assertThat(run.out().lines().toList().getFirst()).isEqualTo("decoded, not verified");
      assertThat(run.out().lines().skip(3).limit(4).map(line -> line.replaceAll("[ ,].*", "")))
          .containsExactly("PDH", "", "", "");
      assertThat(run.out())
          .containsSubsequence(
              "PDH  ECDH with SHA-256 on P-384, ",
              "\n  ⬑ PEK  ECDSA with SHA-256 on P-384, ",
              "\n    •⬑ OCA  ECDSA",
              "\n    ⬑ CEK  ECDSA",
              ", carries no signature");
    }

    @Test
    void readsWhatLibvirtHandsOut() throws IOException {
      assertThat(run("inspect", file("above", HOST.unsignedCertChain())).out())
          .containsSubsequence("\nPEK  ", "\n  •⬑ OCA  ", "\n  ⬑ CEK  ");
      assertThat(run("inspect", file("pdh", HOST.pdh())).out()).contains("\nPDH  ");
      var json = run("inspect", file("above", HOST.unsignedCertChain()), "-o", "json").json();
      assertThat(json.path("certificates").size()).isEqualTo(3);
    }

    @Test
    void readsAskAndArkInEitherOrder() throws IOException {
      var amd = FakeAmd.believed();
      for (var pair :
          List.of(Bytes.concat(amd.ask(), amd.ark()), Bytes.concat(amd.ark(), amd.ask()))) {
        assertThat(run("inspect", file("ca", pair)).out())
            .containsSubsequence("\nASK  RSA-PSS with SHA-256", "\n  •⬑ ARK  RSA-PSS");
      }
    }

    @Test
    void showsFingerprintsAsSevctlDoes() throws IOException {
      assertThat(
              run("inspect", file("ca", dev.remit.root.Anchors.builtIn().all().get(1).ark())).out())
          .contains("3d2c1157c29ef7bd4207fc0c8b08db080e579ceba267f8c93bec8dce73f5a5e2");
    }

    @Test
    void saysWhichCertificateIsBroken() throws IOException {
      var run =
          run("inspect", file("above", Bytes.concat(HOST.pek(), Bytes.zeros(2084), HOST.cek())));
      assertThat(run.status()).isEqualTo(3);
      assertThat(run.err()).contains("certificate 2 of 3");
    }
  }

  @Nested
  class Usage {
    @ParameterizedTest
    @ValueSource(
        strings = {
          "endorsements",
          "endorsements nothing",
          "endorsements export",
          "endorsements export --out x --chip 00",
          "endorsements export --out x --chip x --host y",
          "endorsements export --out x --host y --insecure-root z",
          "endorsements import",
          "endorsements import x --chip 00",
          "endorsements import ../README.md",
          "verify x --chip 00",
          "list --key-server http://mirror.example",
          "list --key-server nowhere",
          "list --key-server https://user:password@mirror.example"
        })
    void isTwo(String line) {
      var run = run(line.split(" ", -1));
      assertThat(run.status()).as(run.toString()).isEqualTo(2);
      assertThat(run.out()).isEmpty();
      assertThat(run.err()).startsWith("remit: error[USAGE-001]: ").doesNotContain("password@");
    }

    @ParameterizedTest
    @ValueSource(strings = {"export", "import"})
    void isShownForBothCommands(String command) {
      var run = run("endorsements", command, "--help");
      assertThat(run.status()).isZero();
      assertThat(run.out())
          .startsWith("Usage: remit endorsements " + command)
          .contains("--dry-run");
      assertThat(run("endorsements", "--help").out()).contains("export", "import");
      assertThat(run("help", "endorsements").out()).contains("export", "import");
    }
  }

  private void importAsSimulated(String chip, Bytes cek) throws IOException {
    var run =
        run(
            "endorsements",
            "import",
            file("simulated-cek", cek),
            "--chip",
            chip,
            "--insecure-root",
            root());
    assertThat(run.status()).as(run.toString()).isZero();
  }

  private Path kept(String chip) {
    return folder.resolve("state/endorsements").resolve(chip + ".json");
  }

  private String root() throws IOException {
    return file("root", PlanFixtures.insecureRoot());
  }

  private CommandLineRun run(String... arguments) {
    return runIn("state", arguments);
  }

  private CommandLineRun runIn(String state, String... arguments) {
    var all = new ArrayList<>(List.of(arguments));
    all.addAll(List.of("--state", folder.resolve(state).toString()));
    return CommandLineRun.of(all.toArray(String[]::new));
  }

  private String path(String name) {
    return folder.resolve(name).toString();
  }

  private String file(String name, Bytes content) throws IOException {
    return Files.write(folder.resolve(name), content.toArray()).toString();
  }

  private static Bytes rome(String name) {
    return Sample.of("dev/remit/endorsement/rome/" + name + ".cert");
  }
}
