package dev.remit.platform;

import java.util.regex.Pattern;

/** The version of the interface that SEV firmware offers; each number 0 to 255. */
public record ApiVersion(int major, int minor) implements Comparable<ApiVersion> {
  private static final Pattern FORM = Pattern.compile("(0|[1-9][0-9]{0,2})\\.(0|[1-9][0-9]{0,2})");

  public ApiVersion {
    if ((major | minor) >>> 8 != 0) {
      throw new IllegalArgumentException("an API version is two numbers from 0 to 255");
    }
  }

  /** Throws {@link IllegalArgumentException} unless the text is as {@link #toString} writes it. */
  public static ApiVersion parse(String text) {
    var numbers = FORM.matcher(text);
    if (!numbers.matches()) {
      throw new IllegalArgumentException("an API version is two numbers with a dot between");
    }
    return new ApiVersion(Integer.parseInt(numbers.group(1)), Integer.parseInt(numbers.group(2)));
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
