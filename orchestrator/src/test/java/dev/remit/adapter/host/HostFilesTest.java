package dev.remit.adapter.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import dev.remit.bytes.Bytes;
import dev.remit.diagnostic.Code;
import dev.remit.diagnostic.Failure;
import dev.remit.secret.SecretTable;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class HostFilesTest {
  private final HostFiles files = new HostFiles();
  @TempDir private Path folder;

  @Nested
  class SecretFiles {
    @Test
    void areReadToTheLastByte() throws Exception {
      var content = Bytes.ofHex("00ff0a0d00");
      var file = secretFile(content, "rw-------");
      assertThat(files.secretSize(file)).isEqualTo(5);
      try (var secret = files.read(file)) {
        assertThat(secret.<Bytes>lend(Bytes::copyOf)).isEqualTo(content);
      }
    }

    @Test
    void mayBeReadOnly() throws Exception {
      var file = secretFile(Bytes.of(1), "r--------");
      assertThat(files.secretSize(file)).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(
        strings = {
          "rw----r--",
          "rw-----w-",
          "rw------x",
          "rw-r-----",
          "rw--w----",
          "rw---x---",
          "rwx------",
          "rwxrwxrwx"
        })
    void areRefusedWhereOthersCouldUseThem(String mode) throws Exception {
      var file = secretFile(Bytes.of(1), mode);
      assertFails(Code.KEY_FILE_READABLE, () -> files.secretSize(file));
      assertFails(Code.KEY_FILE_READABLE, () -> files.read(file));
    }

    @Test
    void areJudgedByTheirOwnModeWhereALinkLeadsThere() throws Exception {
      var link = folder.resolve("link");
      var file = secretFile(Bytes.of(1), "rw-------");
      Files.createSymbolicLink(link, file);
      assertThat(files.secretSize(link)).isEqualTo(1);
      Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
      assertFails(Code.KEY_FILE_READABLE, () -> files.read(link));
    }

    /** Root gives the file away; anybody else pretends to be another. */
    @Test
    void areRefusedWhereAnotherUserOwnsThem() throws Exception {
      var file = secretFile(Bytes.of(1), "rw-------");
      assertThat(AtomicFile.isOfAnotherUser(file, ownerOf(file))).isFalse();
      if (ownerOf(file) == 0) {
        Files.setAttribute(file, "unix:uid", 65_534);
        assertFails(Code.KEY_FILE_READABLE, () -> files.secretSize(file));
        assertFails(Code.KEY_FILE_READABLE, () -> files.read(file));
      }
      assertThat(AtomicFile.isOfAnotherUser(file, ownerOf(file) + 1)).isTrue();
    }

    @Test
    void mayBeRoots() throws Exception {
      assertThat(AtomicFile.isOfAnotherUser(Path.of("/etc/passwd"), 1000)).isFalse();
    }

    private static int ownerOf(Path file) throws IOException {
      return (Integer) Files.getAttribute(file, "unix:uid");
    }

    @Test
    void areNotEmpty() throws Exception {
      var file = secretFile(Bytes.EMPTY, "rw-------");
      assertThat(files.secretSize(file)).isZero();
      assertFails(Code.SECRET_EMPTY, () -> files.read(file));
    }

    @Test
    void areNotLargerThanAnyFirmwareTakes() throws Exception {
      var most = secretFile(Bytes.zeros(SecretTable.LARGEST), "rw-------");
      try (var secret = files.read(most)) {
        assertThat(secret.size()).isEqualTo(SecretTable.LARGEST);
      }
      var more = secretFile(Bytes.zeros(SecretTable.LARGEST + 1), "rw-------");
      assertFails(Code.SECRET_TOO_LARGE, () -> files.read(more));
    }

    private Path secretFile(Bytes content, String mode) throws IOException {
      var file = folder.resolve("key");
      Files.deleteIfExists(file);
      Files.write(file, content.toArray());
      Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(mode));
      return file;
    }
  }

  @Nested
  class WhatIsNoFile {
    @Test
    void isReportedWhereNothingIsThere() {
      assertMissing(folder.resolve("nothing"));
    }

    @Test
    void isReportedWhereAFolderIsThere() {
      assertMissing(folder);
    }

    @Test
    void isReportedWhereALinkLeadsNowhere() throws IOException {
      var link = folder.resolve("link");
      Files.createSymbolicLink(link, folder.resolve("nothing"));
      assertMissing(link);
    }

    @Test
    void isReportedWhereALinkLeadsToItself() throws IOException {
      var link = folder.resolve("link");
      Files.createSymbolicLink(link, link);
      assertMissing(link);
    }

    @Test
    void isReportedWithoutWaitingForAPipe() throws Exception {
      var pipe = folder.resolve("pipe");
      assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor()).isZero();
      assertTimeoutPreemptively(Duration.ofSeconds(30), () -> assertMissing(pipe));
    }

    @Test
    void isReportedWhereADeviceNeverEnds() {
      assertTimeoutPreemptively(Duration.ofSeconds(30), () -> assertMissing(Path.of("/dev/zero")));
    }

    private void assertMissing(Path file) {
      assertFails(Code.FILE_MISSING, () -> files.open(file));
      assertFails(Code.FILE_MISSING, () -> files.stream(file));
      assertFails(Code.FILE_MISSING, () -> files.read(file, 100));
      assertFails(Code.FILE_MISSING, () -> files.secretSize(file));
      assertFails(Code.FILE_MISSING, () -> files.read(file));
    }
  }

  @Nested
  class OtherFiles {
    private Path file;

    @BeforeEach
    void place() {
      file = folder.resolve("file");
    }

    @Test
    void areStreamed() throws Exception {
      Files.writeString(file, "content");
      var out = new ByteArrayOutputStream();
      try (var in = files.stream(file).open()) {
        in.transferTo(out);
      }
      assertThat(out).hasToString("content");
    }

    @Test
    void areReadInParts() throws Exception {
      Files.writeString(file, "content");
      try (var open = files.open(file)) {
        assertThat(open.size()).isEqualTo(7);
        assertThat(open.read(3, 4)).isEqualTo(Bytes.of('t', 'e', 'n', 't'));
        assertThat(open.read(7, 0)).isEqualTo(Bytes.EMPTY);
      }
    }

    @Test
    void areNotReadPastTheirEnds() throws Exception {
      Files.writeString(file, "content");
      try (var open = files.open(file)) {
        assertThatExceptionOfType(EOFException.class).isThrownBy(() -> open.read(0, 8));
        assertThatExceptionOfType(EOFException.class).isThrownBy(() -> open.read(8, 0));
        assertThatExceptionOfType(EOFException.class).isThrownBy(() -> open.read(-1, 1));
        assertThatExceptionOfType(EOFException.class).isThrownBy(() -> open.read(0, -1));
        assertThatExceptionOfType(EOFException.class)
            .isThrownBy(() -> open.read(Long.MAX_VALUE, Integer.MAX_VALUE));
      }
    }

    @Test
    void areNoticedWhereTheyShrinkWhileTheyAreRead() throws Exception {
      Files.writeString(file, "content");
      try (var open = files.open(file)) {
        Files.writeString(file, "con");
        assertThatExceptionOfType(EOFException.class).isThrownBy(() -> open.read(0, 7));
      }
    }

    @Test
    void areReadWholeUpToALimit() throws Exception {
      Files.writeString(file, "content");
      assertThat(files.read(file, 7).size()).isEqualTo(7);
      assertFails(Code.UNKNOWN_FILE, () -> files.read(file, 6));
    }
  }

  private static void assertFails(Code code, ThrowingCallable call) {
    assertThatExceptionOfType(Failure.class)
        .isThrownBy(call)
        .satisfies(failure -> assertThat(failure.diagnostic().code()).isEqualTo(code));
  }
}
