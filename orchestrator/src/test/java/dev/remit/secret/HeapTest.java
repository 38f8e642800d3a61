package dev.remit.secret;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.HotSpotDiagnosticMXBean;
import dev.remit.bytes.Bytes;
import dev.remit.bytes.SecretBytes;
import dev.remit.endorsement.FakeAmd;
import dev.remit.evidence.SevLaunchMeasurement;
import dev.remit.identity.Challenge;
import dev.remit.identity.Entropy;
import dev.remit.identity.FakeEntropy;
import dev.remit.identity.LaunchId;
import dev.remit.identity.SevSession;
import dev.remit.platform.SevFirmwareVersion;
import dev.remit.platform.SevPolicy;
import dev.remit.trust.TrustFixtures;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.management.ManagementFactory;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.function.IntUnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Looks for secrets in a dump of the heap, garbage included. */
class HeapTest {
  private static final SevPolicy POLICY =
      new SevPolicy(true, true, false, false, false, false, 0, 0);
  private static final LaunchId LAUNCH = new LaunchId(new UUID(0, 1));

  @TempDir Path folder;

  private final byte[] kept = new byte[32];

  /** Secrets that a test can recognise without ever having them on the heap itself. */
  private enum Canary {
    TEK(16, 0x9d),
    TIK(16, 0xd2),
    DISK_KEY(32, 0x07),
    CONTROL(32, 0x3c);

    private final int size;
    private final int first;

    Canary(int size, int first) {
      this.size = size;
      this.first = first;
    }

    int octet(int index) {
      return (first + 0x6b * index * index + 0x11 * index) & 0xff;
    }

    SecretBytes secret() {
      var secret = SecretBytes.allocate(size);
      var fill = secret.fill();
      for (int i = 0; i < size; i++) {
        fill.put((byte) octet(i));
      }
      return secret;
    }

    /** The first octets, as they are and as ciphers and MACs transform keys. */
    List<Long> traces() {
      return List.of(
          trace(this::octet),
          trace(i -> octet(i / 4 * 4 + 3 - i % 4)), // words of the other byte order
          trace(i -> octet(i) ^ 0x36), // the inner key of an HMAC
          trace(i -> octet(i) ^ 0x5c)); // the outer key
    }

    private static long trace(IntUnaryOperator octet) {
      long value = 0;
      for (int i = 0; i < Long.BYTES; i++) {
        value = value << 8 | octet.applyAsInt(i);
      }
      return value;
    }
  }

  @BeforeEach
  void makeTheHeapSmall() {
    FakeAmd.believed();
    System.gc();
  }

  @AfterEach
  void wipeTheControl() {
    Arrays.fill(kept, (byte) 0);
  }

  @Test
  void keepsNoTraceOfSessionKeysOrSealedSecrets() throws Exception {
    sealOneSecret();

    assertThat(foundOnTheHeap()).isEmpty();
  }

  @Test
  void wouldShowASecretThatStayedThere() throws Exception {
    for (int i = 0; i < kept.length; i++) {
      kept[i] = (byte) Canary.CONTROL.octet(i);
    }

    assertThat(foundOnTheHeap()).containsOnly(Canary.CONTROL);
  }

  private static void sealOneSecret() {
    var host = FakeAmd.believed().platform();
    try (var session = SevSession.create(host.proven(), POLICY, new CanaryEntropy());
        var value = Canary.DISK_KEY.secret()) {
      SevSecretSealer.seal(
          List.of(new SecretEntry(new UUID(0, 2), value)),
          new Challenge(LAUNCH, session),
          TrustFixtures.trusted(
              LAUNCH,
              new SevLaunchMeasurement(Bytes.zeros(48), new SevFirmwareVersion(0, 24, 15), POLICY)),
          FakeEntropy.seeded(1));
    }
  }

  private List<Canary> foundOnTheHeap() throws IOException {
    var file = folder.resolve("heap.hprof");
    ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class)
        .dumpHeap(file.toString(), false);
    try (var channel = FileChannel.open(file);
        var arena = Arena.ofConfined()) {
      var dump = channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena);
      var found = new ArrayList<Canary>();
      for (var canary : Canary.values()) {
        for (long trace : canary.traces()) {
          if (contains(dump, trace)) {
            found.add(canary);
          }
        }
      }
      return found;
    } finally {
      Files.delete(file);
    }
  }

  private static boolean contains(MemorySegment dump, long trace) {
    long window = 0;
    for (long at = 0; at < dump.byteSize(); at++) {
      window = window << 8 | (dump.get(ValueLayout.JAVA_BYTE, at) & 0xff);
      if (window == trace) {
        return true;
      }
    }
    return false;
  }

  /** Chooses the keys of a session: TEK first, then TIK. */
  private static final class CanaryEntropy implements Entropy {
    private final Entropy other = FakeEntropy.seeded(1);
    private boolean tekTaken;

    @Override
    public Bytes bytes(int size) {
      return other.bytes(size);
    }

    @Override
    public SecretBytes secret(int size) {
      if (size != Canary.TEK.size) {
        return other.secret(size);
      }
      var next = tekTaken ? Canary.TIK : Canary.TEK;
      tekTaken = true;
      return next.secret();
    }
  }
}
