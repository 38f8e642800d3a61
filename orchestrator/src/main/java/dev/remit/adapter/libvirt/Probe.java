package dev.remit.adapter.libvirt;

import com.sun.jna.ptr.LongByReference;
import dev.remit.bytes.Bytes;
import dev.remit.bytes.MalformedException;
import dev.remit.diagnostic.Code;
import dev.remit.diagnostic.Diagnostic;
import dev.remit.diagnostic.Failure;
import dev.remit.plan.HostFacts;
import dev.remit.platform.ChipId;
import java.nio.file.Path;
import java.util.Optional;
import org.libvirt.jna.ConnectionPointer;

/** The questions behind {@link HostFacts}. */
final class Probe {
  /** The features that documents switch off by name; older ones do not know all of them. */
  private static final long OLDEST_LIBVIRT = 11_000_000;

  private static final String KVM = "kvm";
  private static final String NO_KVM = "qemu";

  private final NativeLibvirt libvirt;
  private final Connection connection;
  private final Optional<Path> emulator;

  Probe(NativeLibvirt libvirt, Connection connection, Optional<Path> emulator) {
    this.libvirt = libvirt;
    this.connection = connection;
    this.emulator = emulator;
  }

  HostFacts facts(String uri) throws Failure {
    long version = version("virConnectGetLibVersion", libvirt::virConnectGetLibVersion);
    if (version < OLDEST_LIBVIRT) {
      throw new Failure(
          Diagnostic.of(
              Code.HOST_TOO_OLD,
              "the host's libvirt is " + dotted(version),
              "the documents that Remit sends need " + dotted(OLDEST_LIBVIRT),
              "update libvirt at the host"));
    }
    long qemu = version("virConnectGetVersion", libvirt::virConnectGetVersion);
    // A named emulator stands in for hardware. It runs without KVM even where there is some, so
    // that it does the same on every machine.
    boolean kvm = emulator.isEmpty() && offersKvm();
    var capabilities = domainCapabilities(kvm ? KVM : NO_KVM);
    Optional<HostFacts.Sev> sev =
        capabilities.sev().isPresent()
            ? Optional.of(sev(capabilities.sev().get()))
            : Optional.empty();
    return new HostFacts(
        withoutUser(uri), dotted(version), dotted(qemu), kvm, capabilities.machine(), sev);
  }

  /** libvirt answers for KVM only where a domain could be started under it. */
  private boolean offersKvm() throws Failure {
    String call = "virConnectGetDomainCapabilities";
    try {
      connection.bounded(call, pointer -> askForCapabilities(pointer, KVM), late -> {});
      return true;
    } catch (LibvirtError e) {
      return false;
    }
  }

  private DomainCapabilities domainCapabilities(String virtualisation) throws Failure {
    String call = "virConnectGetDomainCapabilities";
    String text = connection.call(call, pointer -> askForCapabilities(pointer, virtualisation));
    try {
      return DomainCapabilities.parse(text);
    } catch (MalformedException e) {
      throw new Failure(
          Diagnostic.of(
              Code.CALL_FAILED,
              "the answer to " + call + " is unreadable",
              String.valueOf(e.getMessage()),
              "see what \"virsh domcapabilities --machine q35\" says at the host"),
          e);
    }
  }

  private String askForCapabilities(ConnectionPointer pointer, String virtualisation)
      throws LibvirtError {
    return LibvirtError.check(
            libvirt,
            libvirt.virConnectGetDomainCapabilities(
                pointer,
                emulator.map(Path::toString).orElse(null),
                "x86_64",
                "q35",
                virtualisation,
                0))
        .toString();
  }

  private HostFacts.Sev sev(DomainCapabilities.Sev capabilities) throws Failure {
    var info =
        connection.call(
            "virNodeGetSEVInfo",
            pointer ->
                TypedParameters.from(
                    libvirt,
                    (values, count) -> libvirt.virNodeGetSEVInfo(pointer, values, count, 0)));
    try {
      // libvirt counts identifiers by CPUID: it asks the processor below, which says nothing of a
      // secure processor that a named emulator brings along.
      boolean es = emulator.isPresent() || info.number("max-es-guests") > 0;
      return new HostFacts.Sev(
          es,
          capabilities.cbitpos(),
          capabilities.reducedPhysBits(),
          Bytes.ofBase64(info.text("pdh")),
          Bytes.ofBase64(info.text("cert-chain")),
          chip(info));
    } catch (IllegalArgumentException e) {
      throw unusable("a certificate is not canonical base64", e);
    } catch (LibvirtError e) {
      throw unusable(e.text().toString(), e);
    }
  }

  /** Empty on processors that have no identity of 64 bytes, and with QEMU that does not ask. */
  private static Optional<ChipId> chip(TypedParameters info) {
    return info.optionalText("cpu0-id")
        .map(Bytes::ofBase64)
        .filter(id -> id.size() == ChipId.SIZE)
        .map(ChipId::new);
  }

  private static Failure unusable(String why, Exception cause) {
    return new Failure(
        Diagnostic.of(
            Code.UNUSABLE_CHAIN,
            "the host's SEV certificates cannot be read",
            why,
            "see what \"virsh nodesevinfo\" says at the host"),
        cause);
  }

  @FunctionalInterface
  private interface VersionCall {
    int ask(ConnectionPointer connection, LongByReference version);
  }

  private long version(String name, VersionCall call) throws Failure {
    return connection.call(
        name,
        pointer -> {
          var version = new LongByReference();
          LibvirtError.check(libvirt, call.ask(pointer, version));
          return version.getValue();
        });
  }

  /** A million for the first number, a thousand for the second (libvirt, virConnectGetVersion). */
  static String dotted(long version) {
    return "%d.%d.%d".formatted(version / 1_000_000, version / 1_000 % 1_000, version % 1_000);
  }

  private static String withoutUser(String uri) {
    return uri.replaceFirst("//[^/@]*@", "//");
  }
}
