package dev.remit.platform;

/** The version of the interface that SEV firmware offers; each number 0 to 255. */
public record ApiVersion(int major, int minor) implements Comparable<ApiVersion> {
  public ApiVersion {
    if ((major | minor) >>> 8 != 0) {
      throw new IllegalArgumentException("an API version is two numbers from 0 to 255");
    }
  }

  @Override
  public int compareTo(ApiVersion other) {
    return Integer.compare(major << 8 | minor, other.major << 8 | other.minor);
  }

  @Override
  public String toString() {
    return major + "." + minor;
  }
}
