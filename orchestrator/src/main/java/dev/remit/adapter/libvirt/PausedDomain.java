package dev.remit.adapter.libvirt;

import com.sun.jna.Pointer;
import dev.remit.diagnostic.Failure;
import dev.remit.identity.LaunchId;
import dev.remit.launch.PausedVm;
import dev.remit.secret.SevLaunchSecret;
import java.util.LinkedHashMap;
import java.util.Optional;
import org.libvirt.jna.DomainPointer;

/**
 * A domain on the connection that started it: once a call on it was given up, all others are
 * refused, and only destroying it is left.
 */
final class PausedDomain implements PausedVm {
  private final NativeLibvirt libvirt;
  private final Connection connection;
  private final LaunchId launchId;

  PausedDomain(NativeLibvirt libvirt, Connection connection, LaunchId launchId) {
    this.libvirt = libvirt;
    this.connection = connection;
    this.launchId = launchId;
  }

  @Override
  public Optional<ClaimedMeasurement> measurement() throws Failure {
    String name = "virDomainGetLaunchSecurityInfo";
    return call(
        name,
        domain -> {
          var claimed =
              TypedParameters.from(
                  libvirt,
                  (values, count) ->
                      libvirt.virDomainGetLaunchSecurityInfo(domain, values, count, 0));
          return claimed.isEmpty()
              ? Optional.empty()
              : Optional.of(
                  new ClaimedMeasurement(
                      claimed.text("sev-measurement"),
                      claimed.number("sev-api-major"),
                      claimed.number("sev-api-minor"),
                      claimed.number("sev-build-id"),
                      claimed.number("sev-policy")));
        });
  }

  @Override
  public String liveDocument() throws Failure {
    return call(
        "virDomainGetXMLDesc",
        domain -> LibvirtError.check(libvirt, libvirt.virDomainGetXMLDesc(domain, 0)).toString());
  }

  @Override
  public void inject(SevLaunchSecret secret) throws Failure {
    var values = new LinkedHashMap<String, String>();
    values.put("sev-secret-header", secret.header().base64());
    values.put("sev-secret", secret.payload().base64());
    call(
        "virDomainSetLaunchSecurityState",
        domain -> {
          Pointer array = TypedParameters.toNative(values);
          return LibvirtError.check(
              libvirt, libvirt.virDomainSetLaunchSecurityState(domain, array, values.size(), 0));
        });
  }

  @Override
  public void resume() throws Failure {
    call("virDomainResume", domain -> LibvirtError.check(libvirt, libvirt.virDomainResume(domain)));
  }

  private <T> T call(String name, Connection.Use<DomainPointer, T> use) throws Failure {
    return connection.call(name, pointer -> connection.withDomain(pointer, launchId, use));
  }
}
