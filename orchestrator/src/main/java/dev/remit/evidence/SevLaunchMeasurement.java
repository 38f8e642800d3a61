package dev.remit.evidence;

import dev.remit.bytes.Bytes;
import dev.remit.bytes.MalformedException;
import dev.remit.platform.SevFirmwareVersion;
import dev.remit.platform.SevPolicy;

/**
 * What the secure processor reports of a paused SEV or SEV-ES guest (SEV API, LAUNCH_MEASURE).
 *
 * @param blob 48 bytes: the MAC, 32, then the firmware's nonce, 16
 * @param firmware as the host says; the MAC covers it
 * @param policy as the host says; the MAC covers it
 */
public record SevLaunchMeasurement(Bytes blob, SevFirmwareVersion firmware, SevPolicy policy)
    implements Evidence {
  public static final int SIZE = 48;
  public static final int MEASURE_SIZE = 32;
  public static final int NONCE_SIZE = 16;

  public SevLaunchMeasurement {
    if (blob.size() != SIZE) {
      throw new IllegalArgumentException("a launch measurement has 48 bytes, not " + blob.size());
    }
  }

  /** The five values as a host gives them: any of them may be anything. */
  public static SevLaunchMeasurement parse(
      Bytes blob, int apiMajor, int apiMinor, int build, int policyBits) throws MalformedException {
    if (blob.size() != SIZE) {
      throw new MalformedException(
          0, "a launch measurement has " + SIZE + " bytes, and this one " + blob.size());
    }
    if ((apiMajor | apiMinor | build) >>> 8 != 0) {
      throw new MalformedException(0, "a firmware version is three numbers from 0 to 255");
    }
    return new SevLaunchMeasurement(
        blob, new SevFirmwareVersion(apiMajor, apiMinor, build), SevPolicy.fromBits(policyBits));
  }

  public Bytes measure() {
    return blob.slice(0, MEASURE_SIZE);
  }

  public Bytes nonce() {
    return blob.slice(MEASURE_SIZE, NONCE_SIZE);
  }
}
