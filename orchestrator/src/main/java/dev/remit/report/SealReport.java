package dev.remit.report;

import dev.remit.bytes.Bytes;
import dev.remit.diagnostic.ExitStatus;
import dev.remit.diagnostic.HostText;
import dev.remit.provisioning.SealedVolume;
import java.nio.file.Path;
import tools.jackson.databind.node.JsonNodeFactory;

/**
 * User data that was sealed: where it is and what the spec says of it, and nothing that is in it.
 */
public final class SealReport {
  private SealReport() {}

  /**
   * What there is to do now.
   *
   * @param inSpec whether the spec names this volume already
   * @param inMemory whether no disk held the text while it was encrypted
   * @param digest of the ciphertext
   */
  public static Answer of(
      String name,
      Path spec,
      Path userData,
      SealedVolume volume,
      boolean inSpec,
      boolean inMemory,
      Bytes digest) {
    var text = new StringBuilder();
    text.append("seal: MADE (%s)\n\n".formatted(name));
    text.append("volume     ").append(line(volume.image())).append('\n');
    text.append("           sha256:").append(digest.hex()).append(" of the ciphertext\n");
    text.append("files      ").append(line(volume.folder()));
    text.append(": seed.luks, seed.header, seed.key, initrd.img\n\n");
    text.append(inSpec ? "the spec says so already:\n" : "write into the spec:\n");
    text.append("  provisioning: {mode: sealed, userData: ").append(yaml(userData));
    text.append(", volume: ").append(yaml(volume.folder())).append("}\n\n");
    if (!inMemory) {
      text.append(
          "the text lay in a file beside the volume while it was encrypted: see"
              + " docs/limits.md\n");
    }
    text.append("the guest needs the hook that opens it: see docs/sealed-user-data.md");
    var json = Json.of("remit.seal/1");
    json.put("name", name);
    json.put("spec", spec.toString());
    json.put("folder", volume.folder().toString());
    json.put("volumeSha256", digest.hex());
    json.put("secret", SealedVolume.SECRET.toString());
    json.put("inMemory", inMemory);
    var provisioning = json.putObject("provisioning");
    provisioning.put("mode", "sealed");
    provisioning.put("userData", userData.toString());
    provisioning.put("volume", volume.folder().toString());
    return new Answer(ExitStatus.DONE, text.toString(), json);
  }

  private static String line(Path path) {
    return HostText.line(path.toString());
  }

  /** As a document may write it: JSON is YAML. */
  private static String yaml(Path path) {
    return HostText.line(JsonNodeFactory.instance.stringNode(path.toString()).toString());
  }
}
