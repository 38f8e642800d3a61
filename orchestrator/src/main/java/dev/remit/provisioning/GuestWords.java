package dev.remit.provisioning;

import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The words of a measured command line that the guest's own scripts obey, parted as a shell parts
 * them: at every blank, quotes or not.
 */
public record GuestWords(String cmdline) {
  private static final String OURS = "remit.";
  private static final String SEED = "remit.seed";

  /**
   * The name of a word that must not stand twice and does. Scripts, kernel and initramfs-tools need
   * not take the same one of two, and the last {@code panic=} is what keeps a shell away.
   */
  public Optional<String> repeated() {
    Set<String> seen = new HashSet<>();
    return words()
        .map(GuestWords::name)
        .filter(name -> name.startsWith(OURS) || name.equals("panic"))
        .filter(name -> !seen.add(name))
        .findFirst();
  }

  /** Whether the guest halts because it cannot tell if there is user data. */
  public boolean hasWrongSeed() {
    return words().anyMatch(word -> name(word).equals(SEED) && !word.equals(SealedVolume.WORD));
  }

  /** Whether the guest brings the user data in. */
  public boolean askForSeed() {
    return words().anyMatch(SealedVolume.WORD::equals);
  }

  private Stream<String> words() {
    return List.of(cmdline.split(" ")).stream();
  }

  /** Without quotes: the kernel takes {@code "panic=0"} for the word that it is in them. */
  private static String name(String word) {
    return word.replace("\"", "").split("=", 2)[0];
  }
}
