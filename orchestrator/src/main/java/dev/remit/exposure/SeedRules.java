package dev.remit.exposure;

import dev.remit.diagnostic.HostText;
import dev.remit.exposure.ImageRules.Spot;
import dev.remit.image.FileTree;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** Rules over media by which somebody sets a guest up: by label, and by what is on them. */
final class SeedRules {
  /** Volume labels in lower case (cloud-init, tools/ds-identify, and the guest's own tools). */
  private static final Map<String, String> LABELS = labels();

  private static final Map<String, String> FILES = files();

  private static final Set<String> USER_DATA = Set.of("user-data", "vendor-data");

  private SeedRules() {}

  private static Map<String, String> labels() {
    var labels = new LinkedHashMap<String, String>();
    labels.put("cidata", "PROV-01");
    labels.put("config-2", "PROV-02");
    for (String label : List.of("ovf-transport", "ovftransport", "ovfenv", "ovf env", "ovf-env")) {
      labels.put(label, "PROV-03");
    }
    labels.put("context", "PROV-04");
    labels.put("cloudmd", "PROV-05");
    labels.put("metadata", "PROV-05");
    labels.put("oemdrv", "PROV-07");
    labels.put("ignition", "PROV-08");
    labels.put("combustion", "PROV-08");
    return labels;
  }

  private static Map<String, String> files() {
    var files = new LinkedHashMap<String, String>();
    files.put("ovf-env.xml", "PROV-03");
    files.put("context.sh", "PROV-04");
    files.put("deltacloud-user-data.txt", "PROV-05");
    files.put("user-data.txt", "PROV-05");
    files.put("autounattend.xml", "PROV-06");
    files.put("unattend.xml", "PROV-06");
    files.put("ks.cfg", "PROV-07");
    files.put("preseed.cfg", "PROV-07");
    files.put("autoinst.xml", "PROV-07");
    files.put("autoinstall.yaml", "PROV-07");
    files.put("ignition/config.ign", "PROV-08");
    files.put("config.ign", "PROV-08");
    files.put("combustion/script", "PROV-08");
    return files;
  }

  static void checkLabels(List<HostText> labels, Spot spot) {
    for (HostText label : labels) {
      String low = label.raw().strip().toLowerCase(Locale.ROOT);
      String id = low.startsWith("rd_rdfe_stable") ? "PROV-05" : LABELS.get(low);
      if (id != null) {
        spot.add(id, "the volume label \"" + label + "\"");
      }
    }
  }

  static void checkFiles(FileTree files, Spot spot) {
    boolean userData = false;
    boolean metaData = false;
    for (var entry : files.entries()) {
      String path = entry.path().raw().toLowerCase(Locale.ROOT);
      String id = FILES.get(path);
      if (id != null) {
        spot.add(id, "the file " + entry.path());
      }
      userData |= path.equals("user-data");
      metaData |= path.equals("meta-data");
      if ((path.startsWith("openstack/") && path.indexOf('/', "openstack/".length()) > 0)
          || path.startsWith("ec2/latest/")) {
        spot.add("PROV-02", "the file " + entry.path());
      }
      if (USER_DATA.contains(path) || path.matches("openstack/[^/]+/(?:user|vendor)_data2?")) {
        entry.content().ifPresent(content -> spot.userData(content, entry.path()));
      }
    }
    if (userData && metaData) {
      spot.add("PROV-01", "the files user-data and meta-data");
    }
  }
}
