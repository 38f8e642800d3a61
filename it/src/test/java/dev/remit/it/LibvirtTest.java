package dev.remit.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.remit.adapter.libvirt.LibvirtHost;
import dev.remit.bytes.Bytes;
import dev.remit.diagnostic.Code;
import dev.remit.diagnostic.Failure;
import dev.remit.domain.DomainDocument;
import dev.remit.identity.LaunchId;
import dev.remit.launch.Ending;
import dev.remit.launch.Hypervisor.DomainState;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The adapter on real libvirt, over the driver that libvirt has for tests. */
@Simulated
final class LibvirtTest {
  private static final Duration DEADLINE = Duration.ofSeconds(60);
  private static final LaunchId RUNNING = new LaunchId(UUID.randomUUID());

  @TempDir private Path folder;

  @Test
  void findsADomainAndWhatItDoes() throws Exception {
    try (var host = hostWithOneDomain()) {
      assertThat(host.lookUp(RUNNING)).contains(DomainState.RUNNING);
      assertThat(host.lookUp(new LaunchId(UUID.randomUUID()))).isEmpty();
    }
  }

  @Test
  void destroysADomainAsOftenAsAsked() throws Exception {
    try (var host = hostWithOneDomain()) {
      host.destroy(RUNNING);
      assertThat(host.lookUp(RUNNING)).contains(DomainState.ENDED);
      assertThat(host.ending(RUNNING, "running")).isEqualTo(Ending.DESTROYED);

      host.destroy(RUNNING);
      host.destroy(new LaunchId(UUID.randomUUID()));
    }
  }

  @Test
  void asksADomainToShutDown() throws Exception {
    try (var host = hostWithOneDomain()) {
      host.shutdown(RUNNING);
      assertThat(host.lookUp(RUNNING)).contains(DomainState.ENDED);
      assertThat(host.ending(RUNNING, "running")).isEqualTo(Ending.SHUTDOWN);
    }
  }

  /** This driver starts nothing paused. */
  @Test
  void passesOnWhatLibvirtSays() throws Exception {
    try (var host = hostWithOneDomain()) {
      var launchId = new LaunchId(UUID.randomUUID());
      var document = new DomainDocument(domain("other", launchId), Bytes.zeros(32));

      assertThatThrownBy(() -> host.startPaused(launchId, document))
          .isInstanceOfSatisfying(
              Failure.class,
              failure -> {
                assertThat(failure.diagnostic().code()).isEqualTo(Code.CALL_FAILED);
                assertThat(failure.diagnostic().why()).contains("unsupported flags");
              });
      assertThat(host.lookUp(launchId)).isEmpty();
    }
  }

  @Test
  void saysWhyItCannotConnect() {
    assertThatThrownBy(() -> connect("test:///no/such/file.xml"))
        .isInstanceOfSatisfying(
            Failure.class,
            failure -> {
              assertThat(failure.diagnostic().code()).isEqualTo(Code.CANNOT_CONNECT);
              assertThat(failure.diagnostic().what()).contains("test:///no/such/file.xml");
            });
  }

  private LibvirtHost hostWithOneDomain() throws Exception {
    var node = folder.resolve("node.xml");
    Files.writeString(node, "<node>" + domain("running", RUNNING) + "</node>");
    return connect("test://" + node);
  }

  private static LibvirtHost connect(String uri) throws Failure {
    return LibvirtHost.connect(uri, Optional.empty(), DEADLINE);
  }

  private static String domain(String name, LaunchId launchId) {
    return """
    <domain type='test'>
      <name>%s</name>
      <uuid>%s</uuid>
      <memory>131072</memory>
      <os><type>hvm</type></os>
    </domain>
    """
        .formatted(name, launchId);
  }
}
