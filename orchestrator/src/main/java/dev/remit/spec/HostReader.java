package dev.remit.spec;

import dev.remit.bytes.Bytes;
import dev.remit.diagnostic.Code;
import dev.remit.diagnostic.Diagnostic;
import dev.remit.spec.ConnectionUri.Allowed;
import dev.remit.spec.ConnectionUri.Refused;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Reads a host document. */
public final class HostReader {
  private static final Shape SHAPE = new Shape("Host", Schema.HOST);
  private static final String NOT_OPENED = "Remit does not open this connection";

  private HostReader() {}

  /**
   * Reads YAML into a host, or says all that is wrong with it. Opens no file.
   *
   * @param fileName as the user named it, for messages
   * @param folder of the document, absolute; paths in it are resolved against this folder
   */
  public static Read<HostSpec> read(String fileName, Path folder, Bytes content) {
    var source = SourceText.of(fileName, content);
    Optional<Field> document = SHAPE.read(source);
    document.ifPresent(host -> check(host.at("spec"), folder));
    return document.isPresent() && source.isGood()
        ? new Read.Good<>(host(document.get(), folder))
        : new Read.Rejected<>(source.diagnostics());
  }

  /**
   * The URI that libvirt is given for one that a user wrote outside a document.
   *
   * @param folder absolute; paths among the parameters are resolved against it
   */
  public static Read<String> connection(String uri, Path folder) {
    return switch (ConnectionUri.check(uri, folder)) {
      case Allowed allowed -> new Read.Good<>(allowed.uri());
      case Refused refused ->
          new Read.Rejected<>(
              List.of(
                  Diagnostic.of(Code.URI_NOT_ALLOWED, NOT_OPENED, refused.why(), refused.fix())));
    };
  }

  private static void check(Field spec, Path folder) {
    List<Field> atHost = List.of(spec.at("emulator"), spec.at("consoleFolder"));
    atHost.forEach(path -> path.checkPath(folder));
    spec.at("insecureRoot").checkPath(folder);
    Field uri = spec.at("uri");
    if (uri.text().isEmpty()) {
      return;
    }
    switch (ConnectionUri.check(uri.required(), folder)) {
      case Refused refused -> {
        if (uri.required().contains("@")) {
          uri.hide(); // there may be a password before it
        }
        uri.problem(Code.URI_NOT_ALLOWED, NOT_OPENED, refused.why(), refused.fix());
      }
      case Allowed allowed -> {
        if (allowed.remote()) {
          atHost.stream()
              .filter(path -> path.text().filter(text -> !text.startsWith("/")).isPresent())
              .forEach(path ->
                  path.problem(
                      Code.WRONG_VALUE,
                      "a path at another machine must be absolute",
                      "the folder of this document is not on that machine",
                      "write the path from / on"));
        }
      }
    }
  }

  private static HostSpec host(Field document, Path folder) {
    Field spec = document.at("spec");
    return new HostSpec(
        document.at("metadata").at("name").required(),
        ((Allowed) ConnectionUri.check(spec.at("uri").required(), folder)).uri(),
        spec.at("emulator").path(folder),
        spec.at("insecureRoot").path(folder),
        spec.at("consoleFolder").path(folder));
  }
}
