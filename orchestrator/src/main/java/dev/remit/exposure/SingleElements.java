package dev.remit.exposure;

import dev.remit.bytes.MalformedException;
import java.util.HashSet;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Refuses an element that stands twice where a document has one. Of two, libvirt takes the first,
 * the last or both, by element and version, and a rule that reads one could miss the other.
 */
final class SingleElements {
  /** What may stand several times, by its path below the domain: rules look at all of them. */
  private static final Set<String> REPEATED =
      Set.of(
          "sysinfo",
          "seclabel",
          "clock/timer",
          "cpu/feature",
          "os/boot",
          "os/initarg",
          "os/initenv",
          "perf/event",
          "vcpus/vcpu",
          "devices/channel/source",
          "devices/console/source",
          "devices/graphics/channel",
          "devices/graphics/listen",
          "devices/hostdev/ip",
          "devices/hostdev/route",
          "devices/interface/ip",
          "devices/interface/portForward",
          "devices/interface/route",
          "devices/parallel/source",
          "devices/redirdev/source",
          "devices/redirfilter/usbdev",
          "devices/serial/source",
          "devices/smartcard/certificate",
          "devices/smartcard/source",
          "devices/sound/codec");

  /** Lists, and what somebody else's vocabulary is in. */
  private static final Set<String> LISTS =
      Set.of(
          "blkiotune",
          "cputune",
          "idmap",
          "iothreadids",
          "keywrap",
          "metadata",
          "numatune",
          "resource",
          "sysinfo",
          "throttlegroups");

  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_-]{1,40}");

  private SingleElements() {}

  static void require(XmlElement domain) throws MalformedException {
    require(domain, "");
    for (var part : domain.children()) {
      if (part.name().equals("devices")) {
        for (var device : part.children()) {
          require(device, "devices/" + device.name() + "/");
        }
      } else if (!LISTS.contains(part.name()) && !isOfOthers(part)) {
        require(part, part.name() + "/");
      }
    }
  }

  private static void require(XmlElement parent, String prefix) throws MalformedException {
    var seen = new HashSet<String>();
    for (var child : parent.children()) {
      String name = child.name();
      boolean repeats = REPEATED.contains(prefix + name);
      if (!repeats && !seen.add(name)) {
        throw new MalformedException(
            child.start(), shown(name) + " stands twice, and readers disagree which one counts");
      }
    }
  }

  private static boolean isOfOthers(XmlElement element) {
    return element.name().startsWith("{") || element.name().startsWith("qemu:");
  }

  private static String shown(String name) {
    return NAME.matcher(name).matches() ? "the element " + name : "an element";
  }
}
