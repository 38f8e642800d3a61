package dev.remit.adapter.vendor;

import dev.remit.platform.ChipId;
import java.net.URI;
import java.util.Locale;
import java.util.Set;

/**
 * Where a key server is: what stands before {@code /cek/id/}.
 *
 * <p>Nothing but the connection says that an answer is the server's, so that it must be https;
 * plain http only to this machine.
 */
public record KeyServerUrl(URI base) {
  /** AMD's own, as sevctl asks it. */
  public static final KeyServerUrl AMD = new KeyServerUrl(URI.create("https://kdsintf.amd.com"));

  private static final Set<String> THIS_MACHINE = Set.of("127.0.0.1", "[::1]", "localhost");

  /** Throws {@link IllegalArgumentException} with what would be right. */
  public KeyServerUrl {
    String scheme = base.getScheme() == null ? "" : base.getScheme().toLowerCase(Locale.ROOT);
    String host = base.getHost() == null ? "" : base.getHost();
    boolean permitted =
        scheme.equals("https")
            || (scheme.equals("http") && THIS_MACHINE.contains(host.toLowerCase(Locale.ROOT)));
    if (!permitted
        || host.isEmpty()
        || base.getRawUserInfo() != null
        || base.getRawQuery() != null
        || base.getRawFragment() != null) {
      throw new IllegalArgumentException(
          "write https://HOST, or http:// and this machine, without user, query and fragment");
    }
  }

  /** Throws {@link IllegalArgumentException} with what would be right. */
  public static KeyServerUrl parse(String text) {
    String withoutSlash = text.endsWith("/") ? text.substring(0, text.length() - 1) : text;
    return new KeyServerUrl(URI.create(withoutSlash));
  }

  URI cekOf(ChipId chip) {
    return URI.create(base + "/cek/id/" + chip.value().hex());
  }

  @Override
  public String toString() {
    return base.toString();
  }
}
