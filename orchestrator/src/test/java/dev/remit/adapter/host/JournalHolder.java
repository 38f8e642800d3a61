package dev.remit.adapter.host;

import dev.remit.diagnostic.Failure;
import dev.remit.identity.LaunchId;
import dev.remit.launch.LaunchEvent;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.UUID;

/** Another process: begins a journal, says so, and holds it until its input ends. */
final class JournalHolder {
  private JournalHolder() {}

  public static void main(String[] arguments) throws Failure, IOException {
    var folder = new JournalFolder(Path.of(arguments[0]), InstantSource.system());
    var launchId = new LaunchId(UUID.fromString(arguments[1]));
    try (var name = folder.reserve("web-1", "u").orElseThrow();
        var journal = folder.begin(JournalFolderTest.intent(launchId))) {
      journal.append(LaunchEvent.STARTED);
      System.out.println("held");
      int ended = System.in.read();
      if (ended != -1 && name.name().equals("web-1")) {
        journal.append(LaunchEvent.RELEASED);
      }
    }
  }
}
