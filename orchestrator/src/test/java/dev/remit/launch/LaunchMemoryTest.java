package dev.remit.launch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.remit.adapter.host.HostFiles;
import dev.remit.bytes.Bytes;
import dev.remit.bytes.MalformedException;
import dev.remit.bytes.MaskedSecret;
import dev.remit.bytes.MemoryScan;
import dev.remit.bytes.SecretBytes;
import dev.remit.domain.DomainDocument;
import dev.remit.identity.Entropy;
import dev.remit.identity.FakeEntropy;
import dev.remit.identity.LaunchId;
import dev.remit.measurement.SevLaunchMac;
import dev.remit.plan.Plan;
import dev.remit.plan.PlanFixtures;
import dev.remit.platform.Protection;
import dev.remit.platform.SevFirmwareVersion;
import dev.remit.platform.SevPolicy;
import dev.remit.secret.SevLaunchSecret;
import dev.remit.spec.Spec;
import dev.remit.trust.Trusted;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.ref.Reference;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.IntUnaryOperator;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Looks for the keys of a launch in all memory of this process once the launch is over. What is
 * looked for is masked, so that the test itself is no hiding place.
 */
final class LaunchMemoryTest {
  private static final LaunchId LAUNCH = new LaunchId(new UUID(0x1111, 0x2222));

  /** Beginnings and ends of the key that the session's keys are agreed with. */
  private static final int MOST_OF_THE_OWNER_KEY = 40;

  @TempDir private Path folder;

  private final MaskedSecret diskKey = MaskedSecret.random("disk key", 32);
  private final MaskedEntropy entropy = new MaskedEntropy();

  @ParameterizedTest
  @EnumSource
  void keepsNoCopyOfDiskKeyTekOrTik(Protection protection) throws Exception {
    var host = new DiscreetHost();
    var report = launcher(host).launch(LAUNCH, planWithKeyFile(protection));
    assertThat(report.verdict()).isInstanceOf(Trusted.class);
    assertThat(host.injected).isPresent();

    var found =
        MemoryScan.ofThisProcess(
            List.of(diskKey, entropy.of("TEK"), entropy.of("TIK"), entropy.of("owner key")));
    assertThat(found).filteredOn(each -> !each.secret().equals("owner key")).isEmpty();
    // Nobody can wipe the numbers that a library computes with: see docs/limits.md.
    assertThat(found).hasSizeLessThanOrEqualTo(MOST_OF_THE_OWNER_KEY);
  }

  /** While it lasts, the keys are there: once each, off the heap. */
  @Test
  void hasEachKeyOnceWhileTheLaunchLasts() throws Exception {
    var host = new DiscreetHost();
    host.whileInjecting =
        () -> {
          try {
            host.found =
                MemoryScan.ofThisProcess(List.of(diskKey, entropy.of("TEK"), entropy.of("TIK")));
          } catch (IOException cause) {
            throw new IllegalStateException(cause);
          }
        };
    launcher(host).launch(LAUNCH, planWithKeyFile(Protection.SEV));

    for (var name : List.of("disk key", "TEK", "TIK")) {
      // Beginning and end.
      assertThat(host.found.stream().filter(each -> each.secret().equals(name)))
          .as(name)
          .hasSize(2)
          .allMatch(each -> each.form().equals("raw"));
    }
  }

  @Test
  void wouldFindACopyOnTheHeapOffTheHeapAndInAText() throws Exception {
    var control = MaskedSecret.random("control", 32);
    try (var arena = Arena.ofConfined()) {
      var planted = new HashMap<String, Object>();
      plants(control, arena).forEach((form, plant) -> planted.put(form, plant.plant()));
      try {
        assertThat(MemoryScan.ofThisProcess(List.of(control)))
            .extracting(MemoryScan.Found::form)
            .containsAll(planted.keySet());
      } finally {
        Reference.reachabilityFence(planted);
      }
    }
  }

  private interface Plant {
    Object plant();
  }

  private static Map<String, Plant> plants(MaskedSecret control, Arena arena) {
    var plants = new HashMap<String, Plant>();
    plants.put("raw", () -> bytes(control, i -> i, 0));
    plants.put("reversed", () -> bytes(control, i -> 31 - i, 0));
    plants.put("words", () -> bytes(control, i -> i / 4 * 4 + 3 - i % 4, 0));
    plants.put("inner key", () -> bytes(control, i -> i, 0x36));
    plants.put("hex", () -> control.hex());
    plants.put("HEX", () -> control.hex().toUpperCase(Locale.ROOT));
    plants.put("hex in UTF-16", () -> control.hex() + "\u20ac");
    plants.put("base64", () -> control.base64());
    plants.put(
        "outer key",
        () -> {
          MemorySegment offHeap = arena.allocate(32);
          for (int i = 0; i < 32; i++) {
            offHeap.set(ValueLayout.JAVA_BYTE, i, (byte) (control.octet(i) ^ 0x5c));
          }
          return offHeap;
        });
    return plants;
  }

  private static byte[] bytes(MaskedSecret control, IntUnaryOperator order, int xor) {
    byte[] copy = new byte[32];
    for (int i = 0; i < copy.length; i++) {
      copy[i] = (byte) (control.octet(order.applyAsInt(i)) ^ xor);
    }
    return copy;
  }

  private Launcher launcher(Hypervisor host) {
    return new Launcher(
        host,
        new FakeJournals(),
        new HostFiles(),
        entropy,
        InstantSource.fixed(Instant.parse("2026-11-23T12:00:00Z")),
        stage -> {});
  }

  private Plan planWithKeyFile(Protection protection) throws IOException {
    Path file = folder.resolve("disk.key");
    try (var key = diskKey.reveal();
        var channel =
            FileChannel.open(
                file,
                Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                PosixFilePermissions.asFileAttribute(
                    PosixFilePermissions.fromString("rw-------")))) {
      assertThat(channel.write(key.reveal())).isEqualTo(32);
    }
    assertThat(Files.size(file)).isEqualTo(32);
    return PlanFixtures.plan(
        PlanFixtures.with(
            PlanFixtures.spec(protection),
            List.of(
                new Spec.SecretReference(
                    "disk", file, PlanFixtures.DISK_KEY_GUID, PlanFixtures.at()))),
        PlanFixtures.host(),
        PlanFixtures.facts());
  }

  /** The system's randomness, of which the secret part is remembered, masked. */
  private static final class MaskedEntropy implements Entropy {
    private final Iterator<String> names = List.of("owner key", "TEK", "TIK").iterator();
    private final Map<String, MaskedSecret> handedOut = new HashMap<>();
    private final FakeEntropy other = FakeEntropy.seeded(1);

    MaskedSecret of(String name) {
      return Objects.requireNonNull(handedOut.get(name));
    }

    @Override
    public Bytes bytes(int size) {
      return other.bytes(size);
    }

    @Override
    public SecretBytes secret(int size) {
      var next = MaskedSecret.random(names.next(), size);
      handedOut.put(next.name(), next);
      return next.reveal();
    }
  }

  /** Measures by the program's own code, and does not open what it is given: it keeps no keys. */
  private final class DiscreetHost implements Hypervisor {
    private Optional<SevLaunchSecret> injected = Optional.empty();
    private List<MemoryScan.Found> found = List.of();
    private Runnable whileInjecting = () -> {};

    @Override
    public PausedVm startPaused(LaunchId launchId, DomainDocument document) {
      return new PausedVm() {
        @Override
        public Optional<ClaimedMeasurement> measurement() {
          return Optional.of(claim(policy(document.text())));
        }

        @Override
        public String liveDocument() {
          return document.text();
        }

        @Override
        public void inject(SevLaunchSecret secret) {
          injected = Optional.of(secret);
          whileInjecting.run();
        }

        @Override
        public void resume() {}
      };
    }

    private PausedVm.ClaimedMeasurement claim(SevPolicy policy) {
      var nonce = Bytes.zeros(SevLaunchMac.NONCE_SIZE);
      try (var tik = entropy.of("TIK").reveal()) {
        var mac =
            SevLaunchMac.compute(
                tik, new SevFirmwareVersion(1, 55, 21), policy, PlanFixtures.LAUNCH_DIGEST, nonce);
        return new PausedVm.ClaimedMeasurement(
            Bytes.concat(mac, nonce).base64(), 1, 55, 21, Integer.toUnsignedLong(policy.bits()));
      }
    }

    private static SevPolicy policy(String document) {
      var found = Pattern.compile("<policy>0x([0-9a-f]{8})</policy>").matcher(document);
      assertThat(found.find()).isTrue();
      try {
        return SevPolicy.fromBits(Integer.parseUnsignedInt(found.group(1), 16));
      } catch (MalformedException cause) {
        throw new IllegalStateException(cause);
      }
    }

    @Override
    public Optional<DomainState> lookUp(LaunchId launchId) {
      return Optional.empty();
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
    public void destroy(LaunchId launchId) {}

    @Override
    public void close() {}
  }
}
