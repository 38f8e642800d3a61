package dev.remit.launch;

import dev.remit.bytes.Bytes;
import dev.remit.endorsement.FakeFirmware;
import dev.remit.endorsement.FakePlatform;
import java.util.regex.Pattern;

/** What a fake host reads in the document that it was sent. */
record SentDocument(String text) {
  FakeFirmware launchStart(FakePlatform platform) {
    return platform.launchStart(
        Bytes.ofBase64(element("dhCert")), Bytes.ofBase64(element("session")), policy());
  }

  int policy() {
    return Integer.parseUnsignedInt(element("policy").substring(2), 16);
  }

  private String element(String name) {
    var found = Pattern.compile("<" + name + ">([^<]*)</" + name + ">").matcher(text);
    if (!found.find()) {
      throw new AssertionError(name + " in " + text);
    }
    return found.group(1);
  }
}
