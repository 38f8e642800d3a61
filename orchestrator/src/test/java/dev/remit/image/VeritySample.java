package dev.remit.image;

import dev.remit.bytes.Bytes;
import dev.remit.bytes.Sample;
import dev.remit.bytes.SeekableBytes;
import dev.remit.measurement.Sha256;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Data and the hashes over it, as "veritysetup format" lays them out, with a salt of 32 octets. */
record VeritySample(Bytes data) {
  static final int BLOCK = 4096;
  private static final Bytes SALT = Bytes.ofHex("5a".repeat(32));

  /** Of so many blocks of ciphertext. */
  VeritySample(int blocks) {
    this(random(blocks * BLOCK));
  }

  Bytes tree() {
    var levels = new ArrayList<Bytes>();
    for (var below = data; levels.isEmpty() || below.size() > BLOCK; ) {
      below = hashes(below);
      levels.addFirst(below);
    }
    var parts = new ArrayList<>(List.of(superblock()));
    parts.addAll(levels);
    return Bytes.concat(parts.toArray(Bytes[]::new));
  }

  private Bytes superblock() {
    var head = Sample.overwritten(Bytes.zeros(BLOCK), 0, Block.ascii("verity\0\0"));
    head = Sample.overwritten(head, 8, Bytes.of(1, 0, 0, 0, 1));
    head = Sample.overwritten(head, 32, Block.ascii("sha256"));
    head = Sample.overwritten(head, 64, Bytes.of(0, 0x10, 0, 0, 0, 0x10));
    int blocks = data.size() / BLOCK;
    head = Sample.overwritten(head, 72, Bytes.of(blocks & 0xff, blocks >> 8));
    return Sample.overwritten(Sample.overwritten(head, 80, Bytes.of(32)), 88, SALT);
  }

  private static Bytes hashes(Bytes below) {
    var hashes = new ArrayList<Bytes>();
    for (int at = 0; at < below.size(); at += BLOCK) {
      hashes.add(Sha256.of(Bytes.concat(SALT, below.slice(at, BLOCK))));
    }
    var all = Bytes.concat(hashes.toArray(Bytes[]::new));
    return all.paddedTo((all.size() + BLOCK - 1) / BLOCK * BLOCK);
  }

  /** Of a tree that was written here. */
  static VerityTree parsed(Bytes tree) {
    int blocks = tree.at(72) | tree.at(73) << 8;
    return new VerityTree(SeekableBytes.of(tree), "sha256", SALT, BLOCK, BLOCK, blocks);
  }

  private static Bytes random(int size) {
    var octets = new byte[size];
    new Random(size).nextBytes(octets);
    return Bytes.copyOf(octets);
  }
}
