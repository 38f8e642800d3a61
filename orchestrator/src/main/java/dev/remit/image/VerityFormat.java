package dev.remit.image;

import static dev.remit.image.Rule.require;

import dev.remit.bytes.Bytes;
import dev.remit.bytes.MalformedException;
import dev.remit.bytes.SeekableBytes;
import java.io.IOException;
import java.util.Optional;

/** A tree of hashes behind its superblock (cryptsetup, lib/verity/verity.c). */
final class VerityFormat implements Format {
  private static final Bytes MARK = Block.ascii("verity\0\0");
  static final int SIZE = 512;
  private static final int SALT_OFFSET = 88;
  private static final int MOST_SALT = 256;

  @Override
  public String title() {
    return "a tree of dm-verity hashes";
  }

  @Override
  public Optional<Content> recognise(SeekableBytes region, Examination examination)
      throws MalformedException, IOException {
    if (Block.of(region, 0, MARK.size()).filter(block -> block.has(0, MARK)).isEmpty()) {
      return Optional.empty();
    }
    var block =
        Block.of(region, 0, SIZE)
            .orElseThrow(() -> new MalformedException(0, "it ends inside its superblock"));
    require(block.u32le(8) == 1, 8, "its version is not 1");
    require(block.u32le(12) <= 1, 12, "its kind of hashes is neither 0 nor 1");
    long dataBlock = block.u32le(64);
    long hashBlock = block.u32le(68);
    require(isBlockSize(dataBlock), 64, "its data blocks have a size that none have");
    require(isBlockSize(hashBlock), 68, "its hash blocks have a size that none have");
    long blocks = block.u64le(72);
    require(
        blocks > 0 && blocks <= Long.MAX_VALUE / dataBlock, 72, "it covers no number of blocks");
    int salt = block.u16le(80);
    require(salt <= MOST_SALT, 80, "its salt is too long");
    require(block.raw().slice(82, 6).isZero(), 82, "a reserved field is not zero");
    require(
        block.raw().slice(SALT_OFFSET + salt, SIZE - SALT_OFFSET - salt).isZero(),
        SALT_OFFSET + salt,
        "a reserved field is not zero");
    var algorithm = block.text(32, 32);
    require(!algorithm.raw().isEmpty(), 32, "it names no hash");
    var tree =
        new VerityTree(
            region,
            algorithm.raw(),
            block.raw().slice(SALT_OFFSET, salt),
            (int) dataBlock,
            (int) hashBlock,
            blocks);
    var flaw =
        block.u32le(12) == 1
            ? tree.flaw(examination.budget())
            : Optional.of("its hashes are of an old kind");
    if (flaw.isEmpty()) {
      examination.met(tree);
    }
    return Optional.of(new Content.Verity(algorithm, (int) dataBlock, blocks, flaw));
  }

  private static boolean isBlockSize(long size) {
    return size >= 512 && size <= 1 << 19 && Long.bitCount(size) == 1;
  }
}
