package dev.remit.identity;

import dev.remit.bytes.Bytes;
import dev.remit.bytes.SecretBytes;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Random;
import java.util.function.IntFunction;

/** Entropy that a test knows beforehand. */
public final class FakeEntropy implements Entropy {
  private final IntFunction<Bytes> source;

  private FakeEntropy(IntFunction<Bytes> source) {
    this.source = source;
  }

  /** Any octets, the same in every run; another seed has others. */
  public static FakeEntropy seeded(long seed) {
    var random = new Random(seed);
    return new FakeEntropy(size -> {
      byte[] octets = new byte[size];
      random.nextBytes(octets);
      return Bytes.copyOf(octets);
    });
  }

  /** These and no more, in this order, each asked for by its exact size. */
  public static FakeEntropy of(Bytes... octets) {
    var left = new ArrayDeque<>(List.of(octets));
    return new FakeEntropy(size -> {
      var next = left.remove();
      if (next.size() != size) {
        throw new AssertionError("asked for " + size + " octets, next are " + next.size());
      }
      return next;
    });
  }

  @Override
  public Bytes bytes(int size) {
    return source.apply(size);
  }

  @Override
  public SecretBytes secret(int size) {
    return SecretBytes.takeFrom(source.apply(size).toArray());
  }
}
