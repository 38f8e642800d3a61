package dev.remit.image;

import dev.remit.bytes.Bytes;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** Writes archives, good ones and others. */
public final class CpioSample {
  static final int FILE = 0100644;
  static final int FOLDER = 0040755;
  static final int LINK = 0120777;

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private long inode;

  static Bytes text(String text) {
    return Bytes.copyOf(text.getBytes(StandardCharsets.UTF_8));
  }

  /** One folder, a file that is of interest, one that is not, and a link. */
  public static Bytes small() {
    return new CpioSample()
        .entry("etc", FOLDER, "")
        .entry("etc/passwd", FILE, "root::0:0::/:/bin/sh\n")
        .entry("bin/x", FILE, "xyz")
        .entry("init", LINK, "bin/x")
        .trailer();
  }

  /** What nothing is to be said about. */
  public static Bytes plain() {
    return new CpioSample()
        .entry("init", FILE, "#!/bin/sh\ncat /sys/kernel/security/secrets/coco/x\n")
        .trailer();
  }

  CpioSample entry(String name, int mode, String content) {
    return entry("070701", inode++, mode, 1, name, content, 0);
  }

  CpioSample summed(String name, String content, int sum) {
    return entry("070702", inode++, FILE, 1, name, content, sum);
  }

  CpioSample linked(long inode, int links, String name, String content) {
    return entry("070701", inode, FILE, links, name, content, 0);
  }

  private CpioSample entry(
      String mark, long inode, int mode, int links, String name, String content, int sum) {
    var body = text(content);
    raw(header(mark, inode, mode, links, body.size(), text(name).size() + 1, sum));
    raw(name + "\0");
    fill();
    raw(content);
    fill();
    return this;
  }

  static String header(
      String mark, long inode, int mode, int links, long size, long nameSize, int sum) {
    return mark
        + "%08x%08x%08x%08x%08x%08x%08x%08x%08x%08x%08x%08x%08x"
            .formatted(inode, mode, 0, 0, links, 0, size, 8, 1, 0, 0, nameSize, sum);
  }

  CpioSample raw(String text) {
    out.writeBytes(text.getBytes(StandardCharsets.UTF_8));
    return this;
  }

  private void fill() {
    out.writeBytes(new byte[-out.size() & 3]);
  }

  Bytes trailer() {
    return entry("070701", 0, 0, 1, "TRAILER!!!", "", 0).bytes();
  }

  Bytes bytes() {
    return Bytes.copyOf(out.toByteArray());
  }
}
