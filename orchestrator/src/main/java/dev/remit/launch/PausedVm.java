package dev.remit.launch;

import dev.remit.diagnostic.Failure;
import dev.remit.secret.SevLaunchSecret;
import java.util.Optional;

/** The host's handle on a domain that was started paused. */
public interface PausedVm {
  /**
   * {@code virDomainGetLaunchSecurityInfo}: empty where the host answers with success and no
   * values, as libvirt does for a domain without launch security.
   */
  Optional<ClaimedMeasurement> measurement() throws Failure;

  /** The live document, {@code virDomainGetXMLDesc}: text of a host. */
  String liveDocument() throws Failure;

  /**
   * {@code virDomainSetLaunchSecurityState}. Where this throws, it is unknown whether the secret
   * arrived.
   */
  void inject(SevLaunchSecret secret) throws Failure;

  /** {@code virDomainResume}. */
  void resume() throws Failure;

  /** The values as libvirt gives them, not yet parsed. */
  record ClaimedMeasurement(
      String measurementBase64, long apiMajor, long apiMinor, long buildId, long policy) {}
}
