package dev.remit.cli;

import dev.remit.app.Remit;
import dev.remit.diagnostic.BadInput;
import dev.remit.diagnostic.Failure;
import dev.remit.launch.Launches;
import dev.remit.report.Answer;

/**
 * Work on what was launched at one host, after what killed launches left there was ended. What
 * cannot be ended is said, and does not keep anybody from looking.
 */
interface AtHost {
  Answer answer(Remit remit, Launches launches) throws Failure, BadInput;

  static Answer run(RemitCommand command, HostOptions options, boolean dryRun, AtHost work)
      throws Failure, BadInput {
    var remit = command.program.remit();
    var named = new SpecFiles(remit.files(), remit.clock()).host(options);
    try (var host = remit.connect(named.spec(), options.timeout)) {
      LeftOvers.tellUnreadable(remit, named.spec(), command::tell);
      try {
        if (dryRun) {
          LeftOvers.name(remit, named.spec(), command::say);
        } else {
          LeftOvers.end(remit, host, named.spec(), command::say);
          LeftOvers.recordEnds(remit, host, named.spec(), command::say);
        }
      } catch (Failure notEnded) {
        command.tell(notEnded);
      }
      return work.answer(remit, new Launches(remit.journals(), host, named.spec().uri()));
    }
  }
}
