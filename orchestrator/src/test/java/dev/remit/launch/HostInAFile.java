package dev.remit.launch;

import dev.remit.bytes.Bytes;
import dev.remit.diagnostic.Code;
import dev.remit.diagnostic.Diagnostic;
import dev.remit.diagnostic.Failure;
import dev.remit.domain.DomainDocument;
import dev.remit.endorsement.FakeFirmware;
import dev.remit.endorsement.FakePlatform;
import dev.remit.identity.LaunchId;
import dev.remit.secret.SevLaunchSecret;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A host that outlives the process: all that it is stands in one file of effects, as {@link
 * HistoryChecker} reads them. Each is one write, which a kill does not divide.
 */
final class HostInAFile implements Hypervisor {
  private final Path file;
  private final Optional<FakePlatform> platform;
  private final Bytes launchDigest;

  /**
   * @param platform empty where nothing is started
   */
  HostInAFile(Path file, Optional<FakePlatform> platform, Bytes launchDigest) {
    this.file = file;
    this.platform = platform;
    this.launchDigest = launchDigest;
  }

  /** Everything that happened here, and what is there now. */
  List<String> history() {
    var lines = lines();
    var alive =
        lines.stream()
            .filter(line -> line.contains("\"started\""))
            .map(line -> line.replace("\"started\"", "\"alive\""))
            .filter(line -> !lines.contains(line.replace("\"alive\"", "\"gone\"")));
    return Stream.concat(lines.stream(), alive).toList();
  }

  private List<String> lines() {
    try {
      return Files.exists(file) ? Files.readAllLines(file) : List.of();
    } catch (IOException cause) {
      throw new UncheckedIOException(cause);
    }
  }

  private static String line(LaunchId launchId, String effect) {
    return "{\"launch\":\"%s\",\"effect\":\"%s\",\"incarnation\":1}".formatted(launchId, effect);
  }

  private void happens(LaunchId launchId, String effect) {
    try {
      Files.writeString(
          file,
          line(launchId, effect) + "\n",
          StandardOpenOption.CREATE,
          StandardOpenOption.APPEND);
    } catch (IOException cause) {
      throw new UncheckedIOException(cause);
    }
  }

  @Override
  public PausedVm startPaused(LaunchId launchId, DomainDocument document) {
    var sent = new SentDocument(document.text());
    var firmware = sent.launchStart(platform.orElseThrow());
    happens(launchId, "started");
    return new Vm(launchId, sent, firmware);
  }

  @Override
  public Optional<DomainState> lookUp(LaunchId launchId) {
    var lines = lines();
    if (!lines.contains(line(launchId, "started")) || lines.contains(line(launchId, "gone"))) {
      return Optional.empty();
    }
    return Optional.of(
        lines.contains(line(launchId, "resumed")) ? DomainState.RUNNING : DomainState.PAUSED);
  }

  @Override
  public void shutdown(LaunchId launchId) {
    throw new AssertionError("no launch asks a guest to shut down");
  }

  @Override
  public Ending ending(LaunchId launchId, String name) {
    throw new AssertionError("no launch asks how a guest ended");
  }

  @Override
  public void destroy(LaunchId launchId) {
    if (lookUp(launchId).isPresent()) {
      happens(launchId, "gone");
    }
  }

  @Override
  public void close() {}

  private final class Vm implements PausedVm {
    private final LaunchId launchId;
    private final SentDocument document;
    private final FakeFirmware firmware;

    Vm(LaunchId launchId, SentDocument document, FakeFirmware firmware) {
      this.launchId = launchId;
      this.document = document;
      this.firmware = firmware;
    }

    private Bytes blob() {
      return firmware.launchMeasure(1, 55, 21, launchDigest, FakeHypervisor.NONCE);
    }

    @Override
    public Optional<ClaimedMeasurement> measurement() {
      return Optional.of(
          new ClaimedMeasurement(
              blob().base64(), 1, 55, 21, Integer.toUnsignedLong(document.policy())));
    }

    @Override
    public String liveDocument() {
      return document.text();
    }

    @Override
    public void inject(SevLaunchSecret secret) throws Failure {
      if (firmware.openSecret(secret.header(), secret.payload(), blob()).size() == 0) {
        throw new Failure(Diagnostic.of(Code.CALL_FAILED, "no secret", "it is empty", "none"));
      }
      happens(launchId, "injected");
    }

    @Override
    public void resume() {
      happens(launchId, "resumed");
    }
  }
}
