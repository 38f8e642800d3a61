package dev.remit.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.remit.app.Remit;
import dev.remit.diagnostic.Failure;
import dev.remit.identity.LaunchId;
import dev.remit.launch.Journals;
import dev.remit.plan.PlanFixtures;
import dev.remit.platform.Protection;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class LeftOversTest {
  @TempDir private Path folder;

  @Test
  void areNamedAndLeftAloneInADryRun() throws Failure {
    var remit = new Remit(folder, InstantSource.system());
    var host = PlanFixtures.host();
    remit
        .journals()
        .begin(
            new Journals.Intent(
                new LaunchId(new UUID(0, 1)),
                "web-1",
                host.uri(),
                Protection.SEV,
                true,
                Instant.EPOCH))
        .close();
    var said = new ArrayList<String>();

    LeftOvers.name(remit, host, said::add);

    assertThat(said)
        .containsExactly(
            "would destroy what an interrupted launch left: web-1"
                + " (00000000-0000-0000-0000-000000000001)");
    assertThat(remit.journals().entries()).singleElement().matches(Journals.Entry::isLeftOver);
  }

  @Test
  void namesJournalsThatNobodyCanReadAndStopsAtNone() throws Exception {
    var remit = new Remit(folder, InstantSource.system());
    var host = PlanFixtures.host();
    var launches = Files.createDirectories(folder.resolve("launches"));
    Files.writeString(launches.resolve(new UUID(0, 1) + ".jsonl"), "not JSON\n");
    Files.writeString(
        launches.resolve(new UUID(0, 2) + ".jsonl"),
        "{\"schema\":\"remit.journal/99\",\"name\":\"web-1\",\"uri\":\"qemu:///elsewhere\"}\n");
    var told = new ArrayList<Failure>();

    LeftOvers.tellUnreadable(remit, host, told::add);

    assertThat(told)
        .singleElement()
        .satisfies(
            failure -> assertThat(failure.diagnostic().what()).contains(new UUID(0, 1).toString()));
    LeftOvers.name(remit, host, line -> assertThat(line).isEmpty());
  }
}
