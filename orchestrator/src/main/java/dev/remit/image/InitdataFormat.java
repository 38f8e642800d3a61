package dev.remit.image;

import static dev.remit.image.Rule.require;

import dev.remit.bytes.Bytes;
import dev.remit.bytes.MalformedException;
import dev.remit.bytes.SeekableBytes;
import java.io.IOException;
import java.util.Optional;

/**
 * The disk on which a guest of Kata Containers gets its initdata: a mark, a length in eight octets,
 * and so many octets of gzip (kata-containers, src/agent/src/initdata.rs).
 */
final class InitdataFormat implements Format {
  private static final Bytes MARK = Block.ascii("initdata");
  private static final int HEAD = 16;

  @Override
  public String title() {
    return "a disk with initdata";
  }

  @Override
  public Optional<Content> recognise(SeekableBytes region, Examination examination)
      throws MalformedException, IOException {
    if (Block.of(region, 0, MARK.size()).filter(block -> block.has(0, MARK)).isEmpty()) {
      return Optional.empty();
    }
    var head =
        Block.of(region, 0, HEAD)
            .orElseThrow(() -> new MalformedException(0, "it ends inside its header"));
    long size = head.u64le(MARK.size());
    require(size > 0 && size <= region.size() - HEAD, MARK.size(), "it ends before its document");
    var stream = new RegionStream(region.slice(HEAD, size));
    try (var gzip = new GzipMember(stream)) {
      byte[] document = gzip.readNBytes(Interest.LARGEST + 1);
      require(
          document.length <= Interest.LARGEST,
          HEAD,
          "its document is larger than " + Interest.LARGEST + " bytes");
      examination.budget().keep(document.length, HEAD);
      return Optional.of(new Content.Initdata(Bytes.copyOf(document)));
    } catch (IOException damaged) {
      if (stream.failure().isPresent()) {
        throw stream.failure().get();
      }
      throw new MalformedException(HEAD, "its document is not a whole gzip file");
    }
  }
}
