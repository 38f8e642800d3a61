package dev.remit.exposure;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** A chapter of the catalogue; its name begins the ids of its entries. */
public enum Chapter {
  PROV("provisioning media and channels"),
  POL("launch policy and evidence"),
  FW("firmware and boot inputs"),
  DISK("storage"),
  DEV("devices"),
  HOST("operations of the host"),
  NET("network"),
  ORCH("the orchestrator itself");

  private final String title;

  Chapter(String title) {
    this.title = title;
  }

  public String id() {
    return name();
  }

  /** A phrase in lower case. */
  public String title() {
    return title;
  }

  /** The resource that holds its entries. */
  String file() {
    return name().toLowerCase(Locale.ROOT) + ".json";
  }

  public static Optional<Chapter> ofId(String id) {
    return Arrays.stream(values()).filter(chapter -> chapter.id().equals(id)).findFirst();
  }
}
