package dev.remit.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.remit.diagnostic.HostText;
import dev.remit.identity.LaunchId;
import dev.remit.launch.GuestConsole.Said;
import dev.remit.launch.Journals;
import dev.remit.launch.LaunchEvent;
import dev.remit.platform.Protection;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

final class ConsoleReportTest {
  private static final Instant GREW = Instant.parse("2026-11-23T12:00:00Z");
  private static final Journals.Entry ENTRY =
      new Journals.Entry(
          new Journals.Intent(
              new LaunchId(new UUID(0, 1)), "web-1", "u", Protection.SEV, true, GREW),
          LaunchEvent.RELEASED,
          GREW,
          false);

  @Test
  void showsTheLastLinesAsTheHostsWordAndForHowLongThereWasNothing() {
    var answer =
        ConsoleReport.of(
            ENTRY, Path.of("/c/web-1.log"), said("one", "two", "three"), 2, GREW.plusSeconds(73));
    assertThat(answer.text())
        .isEqualTo(
            """
            web-1 (00000000-0000-0000-0000-000000000001, SIMULATED), host's word: it said 9 bytes, nothing for 73 s
              | two
              | three\
            """);
    assertThat(answer.json())
        .hasToString(
            "{\"schema\":\"remit.console/1\",\"name\":\"web-1\","
                + "\"launch\":\"00000000-0000-0000-0000-000000000001\",\"simulated\":true,"
                + "\"file\":\"/c/web-1.log\",\"grewAtClaimedByHost\":\"2026-11-23T12:00:00Z\","
                + "\"silentSeconds\":73,\"linesClaimedByHost\":[\"two\",\"three\"]}");
  }

  @Test
  void showsNothingThatATerminalCouldObey() {
    var answer =
        ConsoleReport.of(
            ENTRY, Path.of("/c"), said("\u001b[2J", "\r\u202e", "<script>\u009b"), 9, GREW);
    assertThat(answer.text().chars()).allMatch(c -> c == '\n' || (c >= ' ' && c < 0x7f));
    assertThat(Json.print(answer.json()).chars())
        .allMatch(c -> c == '\n' || (c >= ' ' && c < 0x7f));
  }

  @Test
  void showsNoNegativeAgeWhereTheClocksDiffer() {
    assertThat(ConsoleReport.silence(said("one"), GREW.minusSeconds(5))).isZero();
  }

  @Test
  void showsALineThatHasNotEndedToo() {
    var said = new Said(List.of(), new HostText("login: "), 0, 7, false, GREW);
    assertThat(ConsoleReport.last(said, 5)).containsExactly("  | login: ");
  }

  private static Said said(String... lines) {
    return new Said(
        List.of(lines).stream().map(HostText::new).toList(), new HostText(""), 9, 9, false, GREW);
  }
}
