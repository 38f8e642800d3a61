package dev.remit;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackages;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.methods;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaCodeUnit;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import dev.remit.bytes.RevealsSecret;
import dev.remit.bytes.SecretBytes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** The table of packages in ARCHITECTURE.md, as a test. */
final class ArchitectureTest {
  private static final String ROOT = "dev.remit.";

  private static final JavaClasses PROGRAM =
      new ClassFileImporter().withImportOption(new DoNotIncludeTests()).importPackages("dev.remit");

  /** What every package may use without being listed. */
  private static final List<String> EVERYWHERE =
      List.of(
          "java..",
          "org.jspecify..",
          "dev.remit.bytes..",
          "dev.remit.diagnostic..",
          "dev.remit.platform..");

  private record Row(Set<String> own, List<String> thirdParty) {}

  private static final Map<String, Row> TABLE = table();

  private static Map<String, Row> table() {
    var table = new LinkedHashMap<String, Row>();
    table.put("bytes", row(""));
    table.put("diagnostic", row(""));
    table.put("platform", row(""));
    table.put("root", row(""));
    table.put("endorsement", row("root", "org.bouncycastle..", "tools.jackson.."));
    table.put("evidence", row(""));
    table.put("firmware", row(""));
    table.put("provisioning", row(""));
    table.put("measurement", row("firmware", "javax.crypto..", "org.bouncycastle.."));
    table.put("identity", row("endorsement", "org.bouncycastle.."));
    table.put("trust", row("root endorsement evidence identity measurement"));
    table.put("secret", row("evidence identity trust", "org.bouncycastle.."));
    table.put(
        "spec",
        row(
            "firmware provisioning",
            "tools.jackson..",
            "com.networknt..",
            "org.snakeyaml.engine.."));
    table.put(
        "image", row("", "io.airlift.compress..", "org.tukaani.xz..", "tools.jackson.core.."));
    table.put(
        "domain", row("", "jakarta.xml.bind..", "javax.xml..", "org.w3c.dom..", "org.xml.sax.."));
    table.put(
        "exposure",
        row(
            "spec image firmware domain",
            "tools.jackson..",
            "org.snakeyaml.engine..",
            "javax.xml.."));
    table.put(
        "plan",
        row(
            "spec domain image firmware measurement identity endorsement root trust secret"
                + " provisioning exposure",
            "tools.jackson.."));
    table.put(
        "launch",
        row(
            "spec plan domain endorsement evidence identity measurement trust secret",
            "org.slf4j.."));
    table.put(
        "report",
        row(
            "root endorsement evidence firmware measurement identity trust secret spec image domain"
                + " exposure plan launch provisioning",
            "tools.jackson..",
            "javax.xml.stream.."));
    table.put(
        "adapter.libvirt",
        row(
            "launch plan domain evidence identity secret trust",
            "org.libvirt..",
            "com.sun.jna..",
            "org.w3c.dom..",
            "org.slf4j.."));
    table.put(
        "adapter.host",
        row(
            "launch plan identity secret endorsement provisioning",
            "tools.jackson..",
            "org.slf4j.."));
    table.put("adapter.vendor", row("endorsement", "javax.net.ssl.."));
    table.put(
        "app",
        row(
            "root endorsement evidence firmware measurement identity trust secret spec image domain"
                + " exposure plan launch provisioning report adapter.libvirt adapter.host adapter.vendor"));
    table.put(
        "cli",
        row(
            "root endorsement evidence firmware measurement identity trust secret spec image domain"
                + " exposure plan launch provisioning report adapter.libvirt adapter.host adapter.vendor app",
            "picocli..",
            "tools.jackson.."));
    return table;
  }

  private static Row row(String own, String... thirdParty) {
    return new Row(own.isEmpty() ? Set.of() : Set.of(own.split(" ")), List.of(thirdParty));
  }

  @TestFactory
  Stream<DynamicTest> packagesImportOnlyWhatTheTableAllows() {
    return TABLE.entrySet().stream()
        .map(entry ->
            DynamicTest.dynamicTest(
                entry.getKey(),
                () -> {
                  var allowed = new ArrayList<>(EVERYWHERE);
                  allowed.add(ROOT + entry.getKey() + "..");
                  entry.getValue().own().forEach(own -> allowed.add(ROOT + own + ".."));
                  allowed.addAll(entry.getValue().thirdParty());
                  noClasses()
                      .that(resideInAnyPackage(ROOT + entry.getKey() + ".."))
                      .should()
                      .dependOnClassesThat(resideOutsideOfPackages(allowed.toArray(String[]::new)))
                      .check(PROGRAM);
                }));
  }

  @Test
  void everyPackageStandsInTheTable() {
    var packages =
        PROGRAM.stream()
            .map(JavaClass::getPackageName)
            .filter(name -> name.startsWith(ROOT))
            .map(name -> name.substring(ROOT.length()))
            .collect(Collectors.toCollection(TreeSet::new));
    assertThat(packages).isEqualTo(new TreeSet<>(TABLE.keySet()));
  }

  @Test
  void architectureTellsEveryPackage() throws IOException {
    String text = Files.readString(Path.of("..", "ARCHITECTURE.md"));
    assertThat(TABLE.keySet()).allSatisfy(name -> assertThat(text).contains("| `" + name + "` |"));
  }

  @Test
  void packagesHaveNoCycles() {
    slices().matching("dev.remit.(**)").should().beFreeOfCycles().check(PROGRAM);
  }

  /** The world comes in through the door: adapters, composition root and command line. */
  @Test
  void onlyTheEdgeTouchesTheWorld() {
    var edge = new String[] {"dev.remit.adapter..", "dev.remit.app..", "dev.remit.cli.."};
    noClasses()
        .that(resideOutsideOfPackages(edge))
        .should()
        .dependOnClassesThat(
            DescribedPredicate.describe(
                "read files, randomness or processes",
                used ->
                    Set.of(
                            "java.nio.file.Files",
                            "java.security.SecureRandom",
                            "java.lang.ProcessBuilder",
                            "java.io.FileInputStream",
                            "java.io.FileOutputStream",
                            "java.io.RandomAccessFile",
                            "java.io.File")
                        .contains(used.getName())))
        .check(PROGRAM);
    noClasses()
        .that(resideOutsideOfPackages(edge))
        .should()
        .accessTargetWhere(
            DescribedPredicate.describe(
                "read the clock, the environment or the standard streams",
                access ->
                    Set.of(
                            "java.lang.System.out",
                            "java.lang.System.err",
                            "java.lang.System.in",
                            "java.lang.System.exit",
                            "java.lang.System.getenv",
                            "java.lang.System.currentTimeMillis",
                            "java.time.Instant.now",
                            "java.time.LocalDate.now",
                            "java.time.InstantSource.system",
                            "java.time.Clock.systemUTC",
                            "java.util.UUID.randomUUID")
                        .contains(
                            access.getTarget().getOwner().getName()
                                + "."
                                + access.getTarget().getName())))
        .check(PROGRAM);
  }

  @Test
  void onlyOnePlaceMakesATrustedVerdict() {
    noClasses()
        .that(resideOutsideOfPackages("dev.remit.trust.."))
        .should()
        .callConstructorWhere(
            DescribedPredicate.describe(
                "make a Trusted",
                call -> call.getTargetOwner().getName().equals("dev.remit.trust.Trusted")))
        .check(PROGRAM);
    var makers =
        PROGRAM.get("dev.remit.trust.Trusted").getConstructorCallsToSelf().stream()
            .map(call -> call.getOriginOwner().getName())
            .collect(Collectors.toSet());
    assertThat(makers).containsExactly("dev.remit.trust.Appraiser");
  }

  @Test
  void onlyOnePlaceMakesAMatchedMeasurement() {
    var makers =
        PROGRAM.get("dev.remit.trust.MatchedMeasurement").getConstructorCallsToSelf().stream()
            .map(call -> call.getOriginOwner().getName())
            .collect(Collectors.toSet());
    assertThat(makers).containsExactly("dev.remit.trust.Appraiser");
  }

  /** The owner's word counts where he gave it on the command line, and nowhere else. */
  @Test
  void onlyOneCommandTakesTheOwnersWordForAMeasurement() {
    var makers =
        PROGRAM
            .get("dev.remit.trust.SealingPermit$JudgedElsewhere")
            .getConstructorCallsToSelf()
            .stream()
            .map(call -> call.getOriginOwner().getName())
            .collect(Collectors.toSet());
    assertThat(makers).containsExactly("dev.remit.cli.SecretCommand");
  }

  @Test
  void onlyOnePlaceInjectsAndResumes() {
    for (String call : List.of("inject", "resume")) {
      var callers =
          PROGRAM.get("dev.remit.launch.PausedVm").getMethodCallsToSelf().stream()
              .filter(access -> access.getName().equals(call))
              .map(access -> access.getOriginOwner().getName())
              .collect(Collectors.toSet());
      assertThat(callers).containsExactly("dev.remit.launch.HeldDomain");
    }
  }

  @Test
  void whoLooksIntoASecretSaysWhy() {
    methods().should(markTheirReveals()).check(PROGRAM);
    classes().should(notRevealInConstructorsUnmarked()).check(PROGRAM);
  }

  /** A comparison that stops at the first difference tells a MAC octet by octet. */
  @Test
  void nobodyComparesArraysInVariableTime() {
    noClasses()
        .should()
        .callMethod(java.util.Arrays.class, "equals", byte[].class, byte[].class)
        .check(PROGRAM);
  }

  private static ArchCondition<com.tngtech.archunit.core.domain.JavaMethod> markTheirReveals() {
    return new ArchCondition<>("carry @RevealsSecret where they look into a secret") {
      @Override
      public void check(
          com.tngtech.archunit.core.domain.JavaMethod method, ConditionEvents events) {
        judge(method, events);
      }
    };
  }

  private static ArchCondition<JavaClass> notRevealInConstructorsUnmarked() {
    return new ArchCondition<>("carry @RevealsSecret on constructors that look into a secret") {
      @Override
      public void check(JavaClass type, ConditionEvents events) {
        type.getConstructors().forEach(constructor -> judge(constructor, events));
      }
    };
  }

  private static void judge(JavaCodeUnit unit, ConditionEvents events) {
    // A lambda's body is a method of its own that cannot carry an annotation; its owner does.
    if (unit.getName().startsWith("lambda$")
        || unit.getOwner().isEquivalentTo(SecretBytes.class)
        || unit.isAnnotatedWith(RevealsSecret.class)) {
      return;
    }
    unit.getMethodCallsFromSelf().stream()
        .filter(call -> call.getTargetOwner().isEquivalentTo(SecretBytes.class))
        .filter(call -> Set.of("reveal", "lend").contains(call.getName()))
        .forEach(call -> events.add(SimpleConditionEvent.violated(unit, call.getDescription())));
  }
}
