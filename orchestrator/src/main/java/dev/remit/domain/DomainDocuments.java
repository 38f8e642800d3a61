package dev.remit.domain;

import dev.remit.bytes.Bytes;
import dev.remit.bytes.MalformedException;
import dev.remit.domain.DomainElement.Controller;
import dev.remit.domain.DomainElement.Disk;
import dev.remit.domain.DomainRequest.SevLaunchFields;
import dev.remit.platform.Protection;
import jakarta.xml.bind.JAXBContext;
import jakarta.xml.bind.JAXBException;
import jakarta.xml.bind.Marshaller;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import javax.xml.transform.dom.DOMResult;
import org.w3c.dom.Document;

/**
 * Writes domain documents: reads the template of the protection, sets what a request decides, and
 * writes it out. The same request and launch always make the same text.
 */
public final class DomainDocuments {
  private static final JAXBContext BINDING = binding();

  private DomainDocuments() {}

  /**
   * The document to send.
   *
   * @throws IllegalArgumentException if a text has characters that XML cannot carry
   */
  public static DomainDocument write(DomainRequest request, SevLaunchFields launch) {
    var domain = fill(request);
    domain.uuid = launch.uuid().toString();
    domain.launchSecurity.dhCert = launch.dhCert();
    domain.launchSecurity.session = launch.session();
    return document(domain);
  }

  /**
   * The document without UUID, {@code dhCert} and {@code session}, which a plan does not know yet.
   *
   * @throws IllegalArgumentException if a text has characters that XML cannot carry
   */
  public static DomainDocument preview(DomainRequest request) {
    var domain = fill(request);
    domain.uuid = null;
    domain.launchSecurity.dhCert = null;
    domain.launchSecurity.session = null;
    return document(domain);
  }

  /** The document as it stands in the jar, with its comments. */
  static String template(Protection protection) {
    String name =
        switch (protection) {
          case SEV -> "sev.xml";
          case SEV_ES -> "sev-es.xml";
        };
    try (var in = DomainDocuments.class.getResourceAsStream(name)) {
      return new String(Objects.requireNonNull(in, name).readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static DomainElement fill(DomainRequest request) {
    var domain = read(template(request.policy().protection()));
    var host = request.host();
    domain.type = host.kvm() ? "kvm" : "qemu";
    domain.name = request.name();
    domain.memory.amount = Long.toString(request.memoryBytes() / 1024);
    domain.currentMemory.amount = domain.memory.amount;
    domain.vcpu.count = Integer.toString(request.vcpus());
    domain.os.type.machine = host.machine();
    domain.os.loader.path = request.firmware();
    domain.os.kernel = request.kernel();
    domain.os.initrd = request.initrd();
    domain.os.cmdline = request.cmdline();
    domain.cpu.model.name = request.cpuModel().name();
    domain.launchSecurity.cbitpos = Integer.toString(host.cbitpos());
    domain.launchSecurity.reducedPhysBits = Integer.toString(host.reducedPhysBits());
    domain.launchSecurity.policy = "0x%04x".formatted(request.policy().bits());
    if (!host.kvm()) {
      domain.memoryBacking.locked = null;
      domain.cpu.check = "none";
    }
    var devices = domain.devices;
    devices.emulator = host.emulator().orElse(null);
    setDisks(devices, request.disks());
    request
        .console()
        .ifPresentOrElse(
            file -> {
              Objects.requireNonNull(devices.serial).source.path = file;
              Objects.requireNonNull(devices.console).source.path = file;
            },
            () -> {
              devices.serial = null;
              devices.console = null;
            });
    return domain;
  }

  /** The template's disk, and its port, the last controller, stand for as many as there are. */
  private static void setDisks(
      DomainElement.Devices devices, List<DomainRequest.DiskRequest> requests) {
    Disk disk = devices.disks.getFirst();
    Controller port = devices.controllers.getLast();
    var disks = new ArrayList<Disk>();
    var controllers =
        new ArrayList<>(devices.controllers.subList(0, devices.controllers.size() - 1));
    for (var request : requests) {
      disks.add(disk.on(request.file(), "vd" + (char) ('a' + disks.size())));
      controllers.add(port.numbered(disks.size()));
    }
    devices.disks = disks;
    devices.controllers = controllers;
  }

  /**
   * Binds a document of ours and checks that nothing of it was lost on the way: JAXB drops
   * attributes that it does not know, and lets a repeated element overwrite the first.
   */
  static DomainElement read(String text) {
    try {
      Document document = HostileXml.parse(text);
      var unmarshaller = BINDING.createUnmarshaller();
      unmarshaller.setEventHandler(event -> false);
      var domain = unmarshaller.unmarshal(document, DomainElement.class).getValue();
      var lost = XmlDifferences.between(document, bound(domain), Additions.NONE);
      if (!lost.isEmpty()) {
        throw new IllegalStateException("the binding of domain documents loses " + lost);
      }
      return domain;
    } catch (JAXBException | MalformedException e) {
      throw new IllegalStateException("not a domain document of ours", e);
    }
  }

  private static DomainDocument document(DomainElement domain) {
    String text = marshal(domain);
    try {
      var changed = XmlDifferences.between(bound(domain), HostileXml.parse(text), Additions.NONE);
      if (!changed.isEmpty()) {
        throw new IllegalArgumentException("XML cannot carry the text of " + changed);
      }
    } catch (MalformedException e) {
      throw new IllegalArgumentException("a text has characters that XML cannot carry", e);
    }
    return new DomainDocument(text, sha256(text));
  }

  private static Document bound(DomainElement domain) {
    try {
      var result = new DOMResult();
      BINDING.createMarshaller().marshal(domain, result);
      return (Document) result.getNode();
    } catch (JAXBException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String marshal(DomainElement domain) {
    try {
      var marshaller = BINDING.createMarshaller();
      marshaller.setProperty(Marshaller.JAXB_FORMATTED_OUTPUT, true);
      marshaller.setProperty(Marshaller.JAXB_FRAGMENT, true);
      marshaller.setProperty("org.glassfish.jaxb.indentString", "  ");
      var out = new StringWriter();
      marshaller.marshal(domain, out);
      return out + "\n";
    } catch (JAXBException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Bytes sha256(String text) {
    try {
      var digest = MessageDigest.getInstance("SHA-256");
      return Bytes.copyOf(digest.digest(text.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  private static JAXBContext binding() {
    try {
      return JAXBContext.newInstance(DomainElement.class);
    } catch (JAXBException e) {
      throw new IllegalStateException(e);
    }
  }
}
