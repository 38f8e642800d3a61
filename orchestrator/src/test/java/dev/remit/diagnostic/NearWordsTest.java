package dev.remit.diagnostic;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

final class NearWordsTest {
  private static final List<String> KNOWN = List.of("DISK-01", "DISK-11", "FW-01", "DEV");

  @Test
  void namesTheNearestFirst() {
    assertThat(NearWords.of("DISK-1", KNOWN)).containsExactly("DISK-01", "DISK-11");
    assertThat(NearWords.of("DISK-21", KNOWN)).containsExactly("DISK-01", "DISK-11");
    assertThat(NearWords.of("DISK-12", KNOWN)).containsExactly("DISK-11", "DISK-01");
  }

  @Test
  void ignoresCase() {
    assertThat(NearWords.nearest("disk-01", KNOWN)).contains("DISK-01");
  }

  @Test
  void allowsAThirdOfTheLetters() {
    assertThat(NearWords.nearest("DEX", KNOWN)).contains("DEV");
    assertThat(NearWords.nearest("DXX", KNOWN)).isEmpty();
    assertThat(NearWords.nearest("something", KNOWN)).isEmpty();
  }
}
