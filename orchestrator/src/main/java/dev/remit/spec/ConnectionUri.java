package dev.remit.spec;

import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * What may be asked of libvirt as a connection. The list is positive: parameters of libvirt's
 * transports run commands, change who is spoken to, or switch checks off (libvirt, "Connection
 * URIs" and "Remote support").
 */
final class ConnectionUri {
  sealed interface Checked {}

  /**
   * A connection that Remit opens.
   *
   * @param uri with absolute paths
   * @param remote whether libvirt runs on another machine, as far as the transport tells
   */
  record Allowed(String uri, boolean remote) implements Checked {}

  record Refused(String why, String fix) implements Checked {}

  /** How libvirt is reached, and with which parameters. */
  private record Transport(Pattern form, List<String> parameters, boolean remote) {
    static Transport of(boolean remote, String form, String... parameters) {
      return new Transport(Pattern.compile(form), List.of(parameters), remote);
    }
  }

  // A host that starts with a hyphen could be taken for an option of ssh.
  private static final String HOST = "([A-Za-z0-9][A-Za-z0-9.-]*|\\[[0-9A-Fa-f:]+])(:[0-9]{1,5})?";
  private static final String USER = "([A-Za-z_][A-Za-z0-9._-]*@)?";
  private static final String NO_TTY = "no_tty";
  private static final String ROOT = "root";

  private static final List<Transport> TRANSPORTS =
      List.of(
          Transport.of(false, "qemu:///(system|session)"),
          Transport.of(false, "qemu:///embed", ROOT),
          Transport.of(
              true, "qemu\\+ssh://" + USER + HOST + "/(system|session)", "keyfile", NO_TTY),
          Transport.of(true, "qemu\\+tls://" + HOST + "/system", "pkipath"));

  private ConnectionUri() {}

  /** Resolves the paths among the parameters against an absolute folder. */
  static Checked check(String uri, Path folder) {
    String address = uri.replaceFirst("\\?.*", "");
    Optional<Transport> transport =
        TRANSPORTS.stream().filter(known -> known.form().matcher(address).matches()).findFirst();
    if (transport.isEmpty()) {
      return new Refused(
          address.matches(".*//.*:.*@.*")
              ? "a password does not belong in a URI"
              : "Remit speaks to libvirt over local sockets, ssh and tls, and to QEMU only",
          "write qemu:///system, qemu:///session, qemu:///embed?root=FOLDER,"
              + " qemu+ssh://HOST/system or qemu+tls://HOST/system");
    }
    return withParameters(address, transport.get(), uri.substring(address.length()), folder);
  }

  /** Whether a URI is one that {@link #check} answers. */
  static boolean isAllowed(String uri) {
    return check(uri, Path.of("/")) instanceof Allowed allowed && allowed.uri().equals(uri);
  }

  private static Checked withParameters(
      String address, Transport transport, String query, Path folder) {
    List<String> allowed = transport.parameters();
    Map<String, String> parameters = new TreeMap<>();
    for (String parameter : query.isEmpty() ? new String[0] : query.substring(1).split("&", -1)) {
      String[] pair = parameter.split("=", 2);
      if (!allowed.contains(pair[0])) {
        return new Refused(
            "parameters of libvirt run commands and switch checks off, so that only these are let"
                + " through here: "
                + (allowed.isEmpty() ? "none" : String.join(", ", allowed)),
            "remove " + YamlTree.quoted(pair[0]));
      }
      Optional<String> value =
          pair.length < 2
              ? Optional.empty()
              : pair[0].equals(NO_TTY) ? flag(pair[1]) : path(pair[1], folder);
      if (value.isEmpty() || parameters.put(pair[0], pair[0] + "=" + value.get()) != null) {
        return new Refused(
            "%s stands once and has a value: %s"
                .formatted(pair[0], pair[0].equals(NO_TTY) ? "1" : "a path"),
            "correct " + pair[0]);
      }
    }
    if (allowed.contains(ROOT) && parameters.isEmpty()) {
      return new Refused("an embedded libvirt has a root folder", "add ?root=FOLDER");
    }
    return new Allowed(
        parameters.isEmpty() ? address : address + "?" + String.join("&", parameters.values()),
        transport.remote());
  }

  private static Optional<String> flag(String value) {
    return value.equals("1") ? Optional.of(value) : Optional.empty();
  }

  /** Absolute, in the escapes that libvirt undoes; a plus sign is only a plus sign there. */
  private static Optional<String> path(String escaped, Path folder) {
    // libvirt takes a semicolon for an ampersand, and what follows a number sign is no parameter.
    if (escaped.isEmpty() || escaped.matches(".*[;#\\p{Cc}].*")) {
      return Optional.empty();
    }
    try {
      String path = URLDecoder.decode(escaped.replace("+", "%2B"), StandardCharsets.UTF_8);
      if (path.matches("(?s).*\\p{Cc}.*")) {
        return Optional.empty();
      }
      String absolute = folder.resolve(path).toAbsolutePath().normalize().toString();
      return Optional.of(
          URLEncoder.encode(absolute, StandardCharsets.UTF_8)
              .replace("+", "%20")
              .replace("%2F", "/"));
    } catch (InvalidPathException e) {
      return Optional.empty();
    } catch (IllegalArgumentException e) {
      return Optional.empty(); // a percent sign without two hex digits
    }
  }
}
