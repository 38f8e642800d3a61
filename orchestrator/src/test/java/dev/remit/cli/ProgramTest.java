package dev.remit.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.remit.bytes.Bytes;
import dev.remit.bytes.Dumpable;
import dev.remit.bytes.Sample;
import dev.remit.diagnostic.Code;
import dev.remit.diagnostic.ExitStatus;
import dev.remit.endorsement.FakeAmd;
import dev.remit.exposure.Acknowledgeable;
import dev.remit.exposure.Catalogue;
import dev.remit.exposure.Chapter;
import dev.remit.exposure.Entry;
import dev.remit.plan.PlanDocument;
import dev.remit.plan.PlanFixtures;
import dev.remit.platform.Protection;
import dev.remit.report.Bundle;
import dev.remit.report.Samples;
import dev.remit.root.Anchors;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ProgramTest {
  private static final Bytes ROME =
      Bytes.concat(rome("pdh"), rome("pek"), rome("oca"), rome("cek"));

  @TempDir private Path folder;

  @Test
  void shutsItsMemoryBeforeSecretsCanGetIntoIt() throws IOException {
    Dumpable.set(true);
    CommandLineRun.of("validate", "no.yaml");
    assertThat(Dumpable.get()).isTrue();
    CommandLineRun.of("verify", "no.json");
    assertThat(Dumpable.get()).isFalse();
    assertThat(Files.readAllLines(Path.of("/proc/self/limits")))
        .as("soft and hard limit of cores, for what it starts")
        .anyMatch(line -> line.matches("Max core file size +0 +0 +bytes *"));
  }

  @Test
  void shutsItsMemoryBeforeItReadsATransportKey() {
    Dumpable.set(true);
    var line =
        "measure --tee sev --firmware no.fd --tik no.bin --api 1.55 --build 40"
            + " --policy 0x18000003 --nonce AAAAAAAAAAAAAAAAAAAAAA==";
    CommandLineRun.of(line.split(" "));
    assertThat(Dumpable.get()).isFalse();
  }

  @Nested
  class Usage {
    @Test
    void isShownOnDemand() {
      var run = CommandLineRun.of("--help");
      assertThat(run.status()).isZero();
      assertThat(run.out()).startsWith("Usage: remit").contains("launch", "verify");
      assertThat(run.err()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
        strings = {
          "doctor",
          "validate",
          "check",
          "plan",
          "launch",
          "verify",
          "measure",
          "session",
          "secret",
          "vmsa",
          "oca",
          "inspect",
          "list",
          "show",
          "wait",
          "console",
          "stop",
          "relaunch",
          "destroy",
          "explain",
          "schema",
          "completion",
          "help"
        })
    void isShownForEveryCommandInBothWays(String command) {
      var asked = CommandLineRun.of("help", command);
      var option = CommandLineRun.of(command, "--help");
      assertThat(asked.status()).isZero();
      assertThat(option.status()).isZero();
      assertThat(asked.out()).startsWith("Usage: remit " + command).contains("--output");
      assertThat(option.out().strip()).isEqualTo(asked.out().strip());
      assertThat(asked.err()).isEmpty();
    }

    @Test
    void tellsEveryStatus() {
      var run = CommandLineRun.of("help", "status");
      assertThat(run.out().lines()).hasSize(ExitStatus.values().length);
      assertThat(run.out()).contains("130  interrupted");
    }

    @ParameterizedTest
    @ValueSource(
        strings = {
          "",
          "unknown",
          "--unknown",
          "verify",
          "verify --unknown x",
          "verify a b",
          "verify -o yaml x",
          "measure",
          "measure --tee snp --firmware x",
          "measure --firmware x",
          "measure --tee sev",
          "measure --tee sev --firmware x --launch-digest y",
          "measure --tee sev --firmware x --initrd y",
          "measure --tee sev --firmware x --cmdline y",
          "measure --tee sev-es --firmware x --cpu EPYC-Milan --vmsa-cpu0 y",
          "measure --tee sev-es --firmware x --vmsa-cpu1 y",
          "measure --tee sev-es --firmware x --vmsa-cpu0 y --vcpus 2",
          "measure --tee sev-es --policy 3 --firmware x",
          "measure --tee sev --launch-digest 00",
          "measure --policy 3 --launch-digest x --tik y --tk z --api 1.0 --build 1 --nonce n",
          "measure --policy 3 --launch-digest x --tik y --api 1.0 --build 1",
          "measure --tee sev --tee sev --firmware x",
          "measure --tee sev-es --firmware x --cpu EPYC-Milan --cpu-family 25",
          "measure --tee sev --firmware x --tik y",
          "measure --tee sev --firmware x --vcpus 0",
          "measure --tee sev --firmware x --vcpus 256",
          "measure --tee sev --firmware x --vcpus four",
          "launch",
          "check",
          "check -o xml a",
          "check --as spaceship a",
          "check --tee sgx a",
          "launch a --plan b",
          "launch a --host b --connect qemu:///system",
          "wait",
          "wait a --timeout 0s",
          "wait a --host b --connect qemu:///system",
          "console a --lines 0",
          "console a --lines 10001",
          "stop a b",
          "relaunch",
          "relaunch a --stop-timeout soon",
          "list --timeout 0s",
          "list --timeout 30",
          "list --timeout 25h",
          "completion fish",
          "schema spec",
          "explain X-999",
          "help nothing",
          "--colour never help",
          "--color sometimes help"
        })
    void isWrongWithStatus2AndNothingOnStdout(String arguments) {
      var run =
          CommandLineRun.of(
              Arrays.stream(arguments.split(" ", -1))
                  .filter(each -> !each.isEmpty())
                  .toArray(String[]::new));
      assertThat(run.status()).isEqualTo(2);
      assertThat(run.out()).isEmpty();
      assertThat(run.err())
          .startsWith("remit: error[USAGE-001]: ")
          .contains("\n  why: ", "\n  fix: ")
          .doesNotContain("Exception", ": Error: ");
    }

    @Test
    void isWrongInJsonToo() {
      for (var form :
          List.of(
              List.of("-o", "json"),
              List.of("-o=json"),
              List.of("--output", "json"),
              List.of("--output=json"))) {
        var arguments = new ArrayList<>(List.of("verify", "--unknown"));
        arguments.addAll(form);
        var run = CommandLineRun.of(arguments.toArray(String[]::new));
        assertThat(run.status()).isEqualTo(2);
        assertThat(run.json().path("schema").stringValue()).isEqualTo("remit.diagnostics/1");
        assertThat(run.json().path("status").intValue()).isEqualTo(2);
        assertThat(run.err()).isEmpty();
      }
    }

    @Test
    void hasColourOnlyWhereItIsAskedFor() {
      assertThat(CommandLineRun.of("--color=always", "--help").out()).contains("\u001b[");
      assertThat(CommandLineRun.of("--color", "always", "--help").out()).contains("\u001b[");
      assertThat(CommandLineRun.of("--color", "never", "--help").out()).doesNotContain("\u001b[");
    }
  }

  @Nested
  class Measure {
    /** Known answers of sev-snp-measure; kernel and initrd are empty files. */
    @ParameterizedTest
    @CsvSource({
      "sev --vcpus 1, 77f613d7bbcdf12a73782ea9e88b0172aeda50d1a54201cb903594ff52846898",
      "sev-es --cpu EPYC-v4, 13810ae661ea11e2bb205621f582fee268f0367c8f97bc297b7fadef3e12002c",
      "sev-es --cpu EPYC-v4 --vcpus 4,"
          + " 0dccbcaba8e90b261bd0d2e1863a2f9da714768b7b2a19363cd6ae35aa90de91",
      "sev-es --cpu EPYC-v4 --vmsa legacy,"
          + " 664f688c75cd5c08855ead4f11501ff967e29762d16c8d589b8e6d7b6c4daa36",
      "sev-es --cpu-family 23 --cpu-model 1 --cpu-stepping 2,"
          + " 13810ae661ea11e2bb205621f582fee268f0367c8f97bc297b7fadef3e12002c"
    })
    void printsTheDigestAndNothingElse(String options, String digest) throws IOException {
      var run = measure("firmware/ovmf_AmdSev_suffix.bin", options, "");
      assertThat(run).isEqualTo(new CommandLineRun(0, digest + System.lineSeparator(), ""));
    }

    /** A known answer of sevctl. */
    @Test
    void printsTheMeasurementOfOneLaunch() throws IOException {
      var run = measureWithTik("rw-------");
      assertThat(run)
          .isEqualTo(
              new CommandLineRun(
                  0,
                  "h3auYbWQnVW7EGLWN4Hf9SN0oEYMPU2sK4bLnefWPwvDE/q1EcIWsVBbGy6pkDxA"
                      + System.lineSeparator(),
                  ""));
    }

    @Test
    void refusesAKeyThatOthersCanRead() throws IOException {
      var run = measureWithTik("rw-r--r--");
      assertThat(run.status()).isEqualTo(3);
      assertThat(run.out()).isEmpty();
      assertThat(run.err()).startsWith("remit: error[FILE-003]: ");
    }

    @Test
    void refusesAFirmwareThatCannotCheckAKernel() throws IOException {
      var run = measure("firmware/ovmf_OvmfX64_suffix.bin", "sev", "");
      assertThat(run.status()).isEqualTo(3);
      assertThat(run.out()).isEmpty();
      assertThat(run.err()).startsWith("remit: error[FW-002]: ");
    }

    @Test
    void refusesAFileThatIsNoFirmware() throws IOException {
      var run = measure("measurement/vmlinuz-fake", "sev", "");
      assertThat(run.status()).isEqualTo(3);
      assertThat(run.err()).startsWith("remit: error[FW-001]: ");
    }

    @Test
    void asksForTheProcessorUnderSevEs() throws IOException {
      var run = measure("firmware/ovmf_AmdSev_suffix.bin", "sev-es", "");
      assertThat(run.status()).isEqualTo(2);
      assertThat(run.err()).contains("--cpu");
    }

    @Test
    void answersWithEveryStepInJson() throws IOException {
      var run = measure("firmware/ovmf_AmdSev_suffix.bin", "sev-es --cpu EPYC-v4 -o json", "");
      assertThat(run.status()).isZero();
      assertThat(run.json().path("launchDigest").stringValue()).startsWith("13810ae6");
      assertThat(run.json().path("launchDigests").size()).isEqualTo(2);
    }

    private CommandLineRun measureWithTik(String mode) throws IOException {
      var tik = file("tik", Sample.of("measurement/tik1.bin"));
      Files.setPosixFilePermissions(tik, PosixFilePermissions.fromString(mode));
      return run(
          "measure",
          "--tee",
          "sev",
          "--firmware",
          file("fw", Sample.of("measurement/OVMF.amdsev.trimmed.fd")).toString(),
          "--kernel",
          file("kernel", Sample.of("measurement/vmlinuz-fake")).toString(),
          "--initrd",
          file("initrd", Sample.of("measurement/initrd-fake")).toString(),
          "--cmdline",
          "foo bar baz fake kernel=cmdline",
          "--tik",
          tik.toString(),
          "--api",
          "1.40",
          "--build",
          "40",
          "--policy",
          "3",
          "--nonce",
          "wxP6tRHCFrFQWxsuqZA8QA==");
    }

    private CommandLineRun measure(String firmware, String options, String cmdline)
        throws IOException {
      var arguments = new ArrayList<>(List.of("measure", "--tee"));
      arguments.addAll(List.of(options.split(" ", -1)));
      arguments.addAll(List.of("--firmware", file("fw", Sample.of(firmware)).toString()));
      var nothing = file("nothing", Bytes.EMPTY).toString();
      arguments.addAll(List.of("--kernel", nothing, "--initrd", nothing, "--cmdline"));
      arguments.add(cmdline);
      return run(arguments.toArray(String[]::new));
    }
  }

  @Nested
  class Verify {
    @Test
    void isSatisfiedWithARealChain() throws IOException {
      var run = run("verify", file("chain", ROME).toString());
      assertThat(run.err()).isEmpty();
      assertThat(run.status()).isZero();
      assertThat(run.out()).contains("SATISFIED").contains("freshness: not judged");
    }

    @Test
    void isSatisfiedWithThePinnedRootsBesideIt() throws IOException {
      var rome = Anchors.builtIn().all().get(1);
      var run = run("verify", file("chain", Bytes.concat(ROME, rome.ask(), rome.ark())).toString());
      assertThat(run.status()).isZero();
    }

    @Test
    void refusesOneFlippedBit() throws IOException {
      var run = run("verify", file("chain", flipped()).toString());
      assertThat(run.status()).isEqualTo(7);
      assertThat(run.out()).contains("REFUSED").contains("E-001");
      assertThat(run.err()).isEmpty();
    }

    @Test
    void refusesRootsThatAreNotThePinnedOnes() throws IOException {
      var stranger = FakeAmd.stranger();
      var run =
          run(
              "verify",
              file("chain", Bytes.concat(ROME, stranger.ask(), stranger.ark())).toString());
      assertThat(run.status()).isEqualTo(7);
      assertThat(run.out()).contains("R-002");
    }

    @Test
    void refusesThePinnedRootsOfAnotherGeneration() throws IOException {
      var milan = Anchors.builtIn().all().get(2);
      var run =
          run("verify", file("chain", Bytes.concat(ROME, milan.ask(), milan.ark())).toString());
      assertThat(run.status()).isEqualTo(7);
      assertThat(run.out()).contains("E-001");
    }

    @Test
    void isUndecidedWithoutTheVendorsSignature() throws IOException {
      var platform = PlanFixtures.platform();
      var run =
          run(
              "verify",
              file("chain", Bytes.concat(platform.pdh(), platform.unsignedCertChain())).toString());
      assertThat(run.status()).isEqualTo(6);
      assertThat(run.out()).contains("UNDECIDED").contains("E-002");
    }

    @Test
    void saysSimulatedWhereAnInsecureRootIsBelieved() throws IOException {
      var chain = file("chain", PlanFixtures.platform().exported());
      assertThat(run("verify", chain.toString()).status()).isNotZero();
      var run =
          run(
              "verify",
              chain.toString(),
              "--insecure-root",
              file("root", PlanFixtures.insecureRoot()).toString());
      assertThat(run.status()).isZero();
      assertThat(run.out()).contains("SIMULATED");
    }

    @Test
    void refusesAFileThatIsNeitherChainNorBundle() throws IOException {
      for (var content :
          List.of(
              Bytes.EMPTY,
              Bytes.of('{'),
              Bytes.of('{', '}'),
              ROME.slice(0, ROME.size() - 1),
              Bytes.concat(ROME, Bytes.of(0)),
              Bytes.zeros(8336))) {
        var run = run("verify", file("chain", content).toString());
        assertThat(run.status()).isEqualTo(3);
        assertThat(run.out()).isEmpty();
        assertThat(run.err()).startsWith("remit: error[FILE-007]: ");
      }
    }

    @Test
    void saysWhatIsMissing() {
      var run = run("verify", folder.resolve("nothing").toString());
      assertThat(run.status()).isEqualTo(3);
      assertThat(run.err()).startsWith("remit: error[FILE-001]: ");
    }
  }

  @Nested
  class VerifyABundle {
    @Test
    void isUndecidedBecauseTheKeyOfItsMacIsGone() throws IOException {
      var run = verify(Bundle.write(Samples.trusted()));
      assertThat(run.status()).isEqualTo(6);
      assertThat(run.out()).contains("UNDECIDED (SIMULATED, ").contains("I-003");
    }

    @Test
    void refusesALaunchThatMeasuredNothing() throws IOException {
      var run = verify(Bundle.write(Samples.notMeasured()));
      assertThat(run.status()).isEqualTo(7);
      assertThat(run.out()).contains("M-002");
    }

    @Test
    void doesNotBelieveASimulatorsRootThatNobodyNamed() throws IOException {
      var run = run("verify", file("bundle", Bundle.write(Samples.trusted())).toString());
      assertThat(run.status()).isIn(6, 7);
      assertThat(run.out()).contains("SIMULATED").doesNotContain("SATISFIED");
    }

    @Test
    void doesNotReadOneWhosePlanWasEdited() throws IOException {
      var edited =
          new String(Bundle.write(Samples.trusted()).toArray(), StandardCharsets.UTF_8)
              .replace("\"minApi\" : \"1.51\"", "\"minApi\" : \"0.0\"");
      var run = verify(bytes(edited));
      assertThat(run.status()).isEqualTo(3);
      assertThat(run.err()).contains("digest");
    }

    private CommandLineRun verify(Bytes bundle) throws IOException {
      return run(
          "verify",
          file("bundle", bundle).toString(),
          "--insecure-root",
          file("root", PlanFixtures.insecureRoot()).toString());
    }
  }

  @Nested
  class Inspect {
    @Test
    void saysFirstThatItVerifiesNothing() throws IOException {
      var amd = FakeAmd.believed();
      var kinds =
          List.of(
              List.of("chain", ROME),
              List.of("certificate", rome("pdh")),
              List.of("CA", amd.ask()),
              List.of("CA", Anchors.builtIn().all().get(1).ark()),
              List.of("chain", PlanFixtures.platform().exportedInFull()),
              List.of("measurement", Bytes.zeros(48)),
              List.of("firmware", Sample.of("firmware/ovmf_AmdSev_suffix.bin")),
              List.of("LUKS2 header", Sample.of("image/luks/detached.bin")),
              List.of("disk image", Sample.of("image/disk/v3.qcow2.gz")),
              List.of("plan", plan()),
              List.of("bundle", Bundle.write(Samples.trusted())));
      for (var kind : kinds) {
        var file = file("it", (Bytes) kind.get(1)).toString();
        var run = run("inspect", file);
        assertThat(run.err()).as("%s", kind.get(0)).isEmpty();
        assertThat(run.status()).isZero();
        assertThat(run.out().lines().toList())
            .startsWith("decoded, not verified")
            .anySatisfy(
                line -> assertThat(line).startsWith("kind: ").contains((String) kind.get(0)));
        var json = run("inspect", file, "-o", "json").json();
        assertThat(json.path("note").stringValue()).isEqualTo("decoded, not verified");
      }
    }

    @Test
    void showsADiskImageLayerByLayer() throws IOException {
      var file = file("disk", Sample.of("image/disk/v3.qcow2.gz")).toString();
      assertThat(run("inspect", file).out().lines())
          .containsExactly(
              "decoded, not verified",
              "kind: disk image",
              "",
              "a qcow2 image of version 3",
              "  the guest's disk, 4194304 bytes from byte 0",
              "    a GPT partition table",
              "      partition 1 \"data\", type 0fc63daf-8483-4772-8e79-3d69d8477de4, 1048576 bytes"
                  + " from byte 1048576",
              "        an ext2, ext3 or ext4 file system, label \"cidata\"",
              "      partition 2 \"swap\", type 0657fd6d-a4ab-43c4-84e5-0933c84b4f4f, 524288 bytes"
                  + " from byte 2097152",
              "        a swap area");
      var disk = run("inspect", file, "-o", "json").json().at("/image/contents/0/disk/contents/0");
      assertThat(disk.at("/partitions/0/contents/0/labels/0").stringValue()).isEqualTo("cidata");
      assertThat(disk.at("/partitions/1/contents/0/hibernated").booleanValue()).isFalse();
    }

    @Test
    void showsAPlanToItsEnd() throws IOException {
      var run = run("inspect", file("plan", plan()).toString());
      assertThat(run.out()).contains("\"digest\" : \"sha256:").doesNotContain("\\x5c");
    }

    @Test
    void showsNothingThatATerminalCouldObey() throws IOException {
      var hostile =
          new String(plan().toArray(), StandardCharsets.UTF_8)
              .replace("web-1", "\\u001b[2J\u009b2J\u202e\u007f");
      var run = run("inspect", file("plan", bytes(hostile)).toString());
      assertThat(run.status()).isZero();
      assertThat(run.out().chars()).allMatch(c -> c == '\n' || (c >= ' ' && c < 0x7f));
    }

    @Test
    void refusesWhatItDoesNotKnow() throws IOException {
      for (var content :
          List.of(
              Bytes.EMPTY,
              Bytes.zeros(100),
              Bytes.zeros(2084),
              Bytes.zeros(832),
              Bytes.zeros(8336),
              bytes("{"),
              bytes("{\"a\":".repeat(10_000)))) {
        var run = run("inspect", file("it", content).toString());
        assertThat(run.status()).isEqualTo(3);
        assertThat(run.out()).isEmpty();
        assertThat(run.err()).startsWith("remit: error[FILE-007]: ");
      }
    }
  }

  @Nested
  class Reference {
    @ParameterizedTest
    @EnumSource
    void explainsEachCode(Code code) {
      var run = CommandLineRun.of("explain", code.id());
      assertThat(run.status()).isZero();
      assertThat(run.out()).contains(code.id());
    }

    static List<String> entries() {
      return Catalogue.builtIn().entries().stream().map(Entry::id).toList();
    }

    @ParameterizedTest
    @MethodSource("entries")
    void explainsEachEntryOfTheCatalogue(String id) {
      var entry = Catalogue.builtIn().require(id);
      var run = CommandLineRun.of("explain", id);
      assertThat(run.status()).isZero();
      assertThat(run.out().lines())
          .startsWith("%s, %s: %s".formatted(id, entry.severity().id(), entry.title()))
          .allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(80).matches("[ -~]*"));
      assertThat(run.out().replaceAll("\\s+", " "))
          .contains(entry.gets(), entry.instead(), entry.enforced(), entry.byDefault().phrase())
          .contains(entry.sources())
          .contains(entry.unseen().orElse("It shows in: "));
      assertThat(run.out().contains("      - {risk: "))
          .isEqualTo(entry.acknowledgeable().filter(Acknowledgeable::isInSpecs).isPresent());
    }

    @Test
    void explainsHowARiskIsAcknowledged() {
      assertThat(CommandLineRun.of("explain", "DEV-07").out())
          .contains(
              """
              By default: refused
                May be acknowledged except in profile production, where the console only shows
                output and offers no login:
                  acknowledge:
                    - {risk: host-reads-console, reason: "...", until: 2030-12-31}
              """);
      assertThat(CommandLineRun.of("explain", "DISK-02").out())
          .contains("By default: refused\n  No acknowledgment is possible.\n");
    }

    @Test
    void explainsAnEntryInJsonAsTheCatalogueHasIt() {
      var json = CommandLineRun.of("explain", "DISK-05", "-o", "json").json();
      assertThat(json.path("schema").stringValue()).isEqualTo("remit.catalogue-entry/1");
      assertThat(json.path("acknowledge").toString())
          .isEqualTo("{\"risk\":\"no-disk-integrity\",\"production\":true}");
      assertThat(json.path("signs").toString()).isEqualTo("[\"spec\",\"image\"]");
    }

    @ParameterizedTest
    @EnumSource
    void listsEachChapterOfTheCatalogue(Chapter chapter) {
      var run = CommandLineRun.of("explain", chapter.id());
      assertThat(run.status()).isZero();
      assertThat(run.out().lines())
          .hasSameSizeAs(Catalogue.builtIn().entries(chapter))
          .allMatch(line -> line.startsWith(chapter.id() + "-"));
    }

    @Test
    void namesWhatAnUnknownIdIsNearTo() {
      assertThat(CommandLineRun.of("explain", "prov-1").err()).contains("fix: try PROV-01 or ");
      assertThat(CommandLineRun.of("explain", "FW-0001").err()).contains("fix: try FW-001 or ");
      assertThat(CommandLineRun.of("explain", "nothing").err()).contains("fix: see ");
    }

    @Test
    void listsAllCodes() {
      assertThat(CommandLineRun.of("explain", "all").out().lines()).hasSize(Code.values().length);
    }

    @ParameterizedTest
    @ValueSource(strings = {"vm", "host"})
    void printsSchemasThatAreJson(String document) {
      var run = CommandLineRun.of("schema", document);
      assertThat(run.status()).isZero();
      assertThat(run.json().path("$schema").stringValue()).contains("2020-12");
    }

    @ParameterizedTest
    @ValueSource(strings = {"bash", "zsh"})
    void printsACompletionScript(String shell) {
      var run = CommandLineRun.of("completion", shell);
      assertThat(run.status()).isZero();
      assertThat(run.out()).contains("complete -F");
    }
  }

  @Nested
  class Plans {
    @Test
    void areRefusedWhereTheyAreNone() throws IOException {
      for (var content :
          List.of(
              "",
              "{}",
              "[]",
              "apiVersion: remit.dev/v1alpha1",
              "{\"schema\":\"remit.plan/2\"}",
              "{\"schema\":\"remit.plan/1\"}")) {
        var run = run("launch", "--plan", file("plan", bytes(content)).toString());
        assertThat(run.status()).as(content).isEqualTo(3);
        assertThat(run.out()).isEmpty();
        assertThat(run.err()).startsWith("remit: error[FILE-006]: ");
      }
    }

    @Test
    void nameTheirHostThemselves() throws IOException {
      var plan = file("plan", plan()).toString();
      var run = run("launch", "--plan", plan, "--connect", "qemu:///system");
      assertThat(run.status()).isEqualTo(2);
      assertThat(run.err()).contains("a plan names its host");
    }
  }

  @Nested
  class Validate {
    @Test
    void findsEverythingThatIsWrongWithADocument() throws IOException {
      var run = run("validate", file("web.yaml", bytes("kind: Spaceship\n")).toString());
      assertThat(run.status()).isEqualTo(3);
      assertThat(run.out()).isEmpty();
      assertThat(run.err()).startsWith("remit: error[SPEC-");
    }

    @Test
    void takesTheExamplesAsDocuments() {
      for (var example : List.of("hello-sev.yaml", "hello-sev-es.yaml", "debian-sev.yaml")) {
        var run = run("validate", "--document-only", "../examples/" + example);
        assertThat(run.err()).isEmpty();
        assertThat(run.status()).isZero();
      }
    }
  }

  /** Whatever is asked, whoever asked for JSON finds one object that begins with its schema. */
  @Test
  void answersInJsonWithOneObjectThatNamesItsSchemaFirst() throws IOException {
    var chain = file("chain", ROME).toString();
    for (var arguments :
        List.of(
            List.of("verify", chain),
            List.of("verify", "/nowhere"),
            List.of("verify", file("broken", flipped()).toString()),
            List.of("inspect", chain),
            List.of("inspect", "/nowhere"),
            List.of("check", "/nowhere"),
            List.of("check", chain),
            List.of("explain", "M-001"),
            List.of("explain", "all"),
            List.of("explain", "PROV-01"),
            List.of("explain", "NET"),
            List.of("explain", "nothing"),
            List.of("help"),
            List.of("help", "verify"),
            List.of("help", "status"),
            List.of("completion", "bash"),
            List.of("validate", "/nowhere"),
            List.of("validate", "--document-only", "../examples/hello-sev.yaml"),
            List.of("launch", "--plan", "/nowhere"),
            List.of("list", "--connect", "qemu+ssh://nowhere/system?command=x"),
            List.of("nothing"),
            List.of("measure"))) {
      var all = new ArrayList<>(arguments);
      all.addAll(List.of("-o", "json"));
      var run = run(all.toArray(String[]::new));
      assertThat(run.json().propertyNames().iterator().next())
          .as("%s", arguments)
          .isEqualTo("schema");
      assertThat(run.json().path("schema").stringValue()).matches("remit\\.[a-z-]+/1");
      assertThat(run.err()).as("%s", arguments).isEmpty();
    }
  }

  /** All that these commands could write goes to a folder of the test. */
  private CommandLineRun run(String... arguments) {
    var all = new ArrayList<>(List.of(arguments));
    all.addAll(List.of("--state", folder.resolve("state").toString()));
    return CommandLineRun.of(all.toArray(String[]::new));
  }

  /** With one bit wrong in the PEK's signature over the PDH, which follows its body. */
  private static Bytes flipped() {
    return Sample.flipped(ROME, 8 * (1044 + 8 + 5));
  }

  private static Bytes plan() {
    return bytes(PlanDocument.withDigest(PlanFixtures.plan(Protection.SEV)).toPrettyString());
  }

  private static Bytes bytes(String text) {
    return Bytes.copyOf(text.getBytes(StandardCharsets.UTF_8));
  }

  private Path file(String name, Bytes content) throws IOException {
    return Files.write(folder.resolve(name), content.toArray());
  }

  private static Bytes rome(String name) {
    return Sample.of("dev/remit/endorsement/rome/" + name + ".cert");
  }
}
