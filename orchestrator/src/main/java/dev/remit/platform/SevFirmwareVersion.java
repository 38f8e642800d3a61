package dev.remit.platform;

/** The version of a secure processor's SEV firmware; each number 0 to 255. */
public record SevFirmwareVersion(int apiMajor, int apiMinor, int build) {
  public SevFirmwareVersion {
    if ((apiMajor | apiMinor | build) >>> 8 != 0) {
      throw new IllegalArgumentException("a firmware version is three numbers from 0 to 255");
    }
  }

  public ApiVersion api() {
    return new ApiVersion(apiMajor, apiMinor);
  }

  @Override
  public String toString() {
    return "api " + apiMajor + "." + apiMinor + " build " + build;
  }
}
