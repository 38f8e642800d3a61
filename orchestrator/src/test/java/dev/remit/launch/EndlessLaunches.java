package dev.remit.launch;

import dev.remit.adapter.host.JournalFolder;
import dev.remit.diagnostic.Failure;
import dev.remit.identity.FakeEntropy;
import dev.remit.identity.LaunchId;
import dev.remit.plan.PlanFixtures;
import dev.remit.platform.Protection;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Optional;
import java.util.UUID;

/** Another process: launches in a folder, several at once and without end, until it is killed. */
final class EndlessLaunches {
  private EndlessLaunches() {}

  /** Says "ready" when all classes are loaded, and begins at the first byte of its input. */
  public static void main(String[] arguments) throws Failure, IOException {
    Path folder = Path.of(arguments[0]);
    int atOnce = Integer.parseInt(arguments[1]);
    launch(folder.resolve("warm"));
    System.out.println("ready");
    if (System.in.read() == -1) {
      return;
    }
    for (int launching = 0; launching < atOnce; launching++) {
      Thread.ofPlatform().start(() -> launchWithoutEnd(folder));
    }
  }

  private static void launchWithoutEnd(Path folder) {
    try {
      while (true) {
        launch(folder);
      }
    } catch (Failure failure) {
      throw new IllegalStateException(failure);
    }
  }

  /** Each under a name of its own. */
  private static void launch(Path folder) throws Failure {
    var launchId = new LaunchId(UUID.randomUUID());
    var plan =
        PlanFixtures.plan(
            PlanFixtures.named(
                PlanFixtures.spec(Protection.SEV), "vm-" + launchId.toString().substring(0, 8)),
            PlanFixtures.host(),
            PlanFixtures.facts());
    var launcher =
        new Launcher(
            new HostInAFile(
                folder.resolveSibling(folder.getFileName() + ".effects"),
                Optional.of(PlanFixtures.platform()),
                PlanFixtures.LAUNCH_DIGEST),
            new JournalFolder(folder, InstantSource.system()),
            PlanFixtures.files(),
            FakeEntropy.seeded(System.nanoTime()),
            InstantSource.system(),
            stage -> {});
    launcher.launch(launchId, plan);
  }
}
