package dev.remit.adapter.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.remit.bytes.Bytes;
import dev.remit.bytes.MalformedException;
import dev.remit.diagnostic.Code;
import dev.remit.diagnostic.Failure;
import dev.remit.endorsement.CekAnswer;
import dev.remit.endorsement.CekEndorsement;
import dev.remit.endorsement.FakeAmd;
import dev.remit.endorsement.FakeSource;
import dev.remit.endorsement.Voucher;
import dev.remit.platform.ChipId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CyclicBarrier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class EndorsementFolderTest {
  private static final ChipId CHIP = FakeSource.chip(1);
  private static final ChipId OTHER = FakeSource.chip(2);

  @TempDir private Path state;
  private final List<String> told = new ArrayList<>();

  @Test
  void hasWhatItKeepsAndWhoseWordItIs() throws Failure {
    assertThat(folder().keep(List.of(endorsement(CHIP, 0)))).hasSize(1);

    assertThat(folder().signedCek(CHIP)).isEqualTo(new CekAnswer.Had(endorsement(CHIP, 0)));
    assertThat(folder().signedCek(OTHER)).isInstanceOf(CekAnswer.NotHad.class);
    assertThat(told).isEmpty();
  }

  @Test
  void writesForItsOwnerOnly() throws Exception {
    folder().keep(List.of(endorsement(CHIP, 0)));

    assertThat(Files.getPosixFilePermissions(file(CHIP)))
        .isEqualTo(PosixFilePermissions.fromString("rw-------"));
  }

  @Test
  void keepsNothingTwice() throws Failure {
    folder().keep(List.of(endorsement(CHIP, 0)));

    assertThat(folder().keep(List.of(endorsement(CHIP, 0), endorsement(OTHER, 1))))
        .containsExactly(endorsement(OTHER, 1));
  }

  @Test
  void neverChangesTheCekOfAChip() throws Exception {
    folder().keep(List.of(endorsement(CHIP, 0)));
    var before = Files.readAllBytes(file(CHIP));

    assertThatExceptionOfType(Failure.class)
        .isThrownBy(() -> folder().keep(List.of(endorsement(OTHER, 1), endorsement(CHIP, 1))))
        .satisfies(failure -> assertThat(failure.diagnostic().code()).isEqualTo(Code.CEK_DIFFERS));
    assertThat(Files.readAllBytes(file(CHIP))).isEqualTo(before);
    assertThat(file(OTHER)).as("all or nothing").doesNotExist();
  }

  @Test
  void takesBackWhatItWroteWhereTheRestCannotBeWritten() throws Exception {
    Files.createDirectories(file(OTHER));
    Files.createFile(file(OTHER).resolve("in the way"));

    assertThatExceptionOfType(Failure.class)
        .isThrownBy(() -> folder().keep(List.of(endorsement(CHIP, 0), endorsement(OTHER, 1))));

    assertThat(file(CHIP)).doesNotExist();
  }

  @Test
  void usesNothingThatOthersCouldHaveWritten() throws Exception {
    folder().keep(List.of(endorsement(CHIP, 0)));
    Files.setPosixFilePermissions(file(CHIP), PosixFilePermissions.fromString("rw-rw----"));

    assertNotUsed("others than its owner");
  }

  /** Eight at once, each with another CEK: one is kept, and all others learn of it. */
  @Test
  void keepsOneOfManyThatCome() throws Exception {
    int many = 8;
    var together = new CyclicBarrier(many);
    var outcomes = new ConcurrentLinkedQueue<Optional<Code>>();
    var threads = new ArrayList<Thread>();
    for (int platform = 0; platform < many; platform++) {
      var mine = endorsement(CHIP, platform);
      threads.add(
          Thread.ofPlatform()
              .start(() -> {
                try {
                  together.await();
                  folder().keep(List.of(mine));
                  outcomes.add(Optional.empty());
                } catch (Failure failure) {
                  outcomes.add(Optional.of(failure.diagnostic().code()));
                } catch (InterruptedException | BrokenBarrierException bug) {
                  throw new IllegalStateException(bug);
                }
              }));
    }
    for (var thread : threads) {
      thread.join();
    }

    assertThat(outcomes).hasSize(many).filteredOn(Optional::isEmpty).hasSize(1);
    assertThat(outcomes)
        .filteredOn(Optional::isPresent)
        .extracting(Optional::get)
        .isSubsetOf(Code.CEK_DIFFERS, Code.CANNOT_WRITE);
    assertThat(folder().signedCek(CHIP)).isInstanceOf(CekAnswer.Had.class);
  }

  @Test
  void keepsNothingWhileAnotherProcessDoes() throws Exception {
    Path folder = Files.createDirectories(file(CHIP).getParent());
    try (var held = LockFile.tryLock(folder, "keeping.lock").orElseThrow()) {
      assertThat(held).isNotNull();
      assertThatExceptionOfType(Failure.class)
          .isThrownBy(() -> folder().keep(List.of(endorsement(CHIP, 0))))
          .satisfies(failure -> assertThat(failure.diagnostic().why()).contains("another process"));
    }
    assertThat(file(CHIP)).doesNotExist();
    assertThat(folder().keep(List.of(endorsement(CHIP, 0)))).hasSize(1);
  }

  @Test
  void usesNoLink() throws Exception {
    folder().keep(List.of(endorsement(CHIP, 0)));
    Files.createSymbolicLink(file(OTHER), file(CHIP));

    assertThat(folder().signedCek(OTHER)).isInstanceOf(CekAnswer.NotHad.class);
    assertThat(told).singleElement().asString().contains("not a regular file");
  }

  @Test
  void usesNoEntryOfAnotherChip() throws Exception {
    folder().keep(List.of(endorsement(OTHER, 0)));
    Files.move(file(OTHER), file(CHIP));

    assertNotUsed("of another chip than its name says");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "remit.endorsement/1 | remit.endorsement/2",
        "\"import\" | \"hearsay\"",
        "\"by\" | \"By\"",
        "\"name\" | \"more\":1,\"name\"",
        "{ | {\"schema\":\"\",",
        "} | }{}",
        "} | }x",
        "01 | 02",
        "AQAAA | AQAAB"
      })
  void usesNoEntryThatWasChanged(String part, String instead) throws Exception {
    folder().keep(List.of(endorsement(CHIP, 0)));
    String text = Files.readString(file(CHIP));
    assertThat(text).contains(part);
    Files.writeString(file(CHIP), text.replaceFirst(java.util.regex.Pattern.quote(part), instead));

    assertNotUsed("is not used");
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 100, 2000, 20_000})
  void usesNoEntryOfAnotherLength(int size) throws Exception {
    folder().keep(List.of(endorsement(CHIP, 0)));
    byte[] content = Files.readAllBytes(file(CHIP));
    Files.write(file(CHIP), java.util.Arrays.copyOf(content, size));

    assertNotUsed("is not used");
  }

  @Test
  void replacesWhatItCannotUse() throws Exception {
    folder().keep(List.of(endorsement(CHIP, 0)));
    Files.writeString(file(CHIP), "{}");

    folder().keep(List.of(endorsement(CHIP, 0)));

    assertThat(folder().signedCek(CHIP)).isEqualTo(new CekAnswer.Had(endorsement(CHIP, 0)));
  }

  private void assertNotUsed(String why) throws IOException {
    assertThat(((CekAnswer.NotHad) folder().signedCek(CHIP)).reason()).contains(why);
    assertThat(told).singleElement().asString().contains(why);
  }

  private EndorsementFolder folder() {
    return new EndorsementFolder(state.resolve("endorsements"), told::add);
  }

  private Path file(ChipId chip) {
    return state.resolve("endorsements").resolve(chip + ".json");
  }

  private static CekEndorsement endorsement(ChipId chip, int platform) {
    try {
      Bytes cek = FakeAmd.believed().platform(platform).cek();
      return CekEndorsement.parse(chip, cek, new Voucher(Voucher.Kind.IMPORT, "fleet.json"));
    } catch (MalformedException e) {
      throw new AssertionError(e);
    }
  }
}
