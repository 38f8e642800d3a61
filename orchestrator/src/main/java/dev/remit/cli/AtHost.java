package dev.remit.cli;

import dev.remit.app.Remit;
import dev.remit.diagnostic.BadInput;
import dev.remit.diagnostic.Failure;
import dev.remit.launch.Launches;
import dev.remit.report.Answer;

/** Work on what was launched at one host, after what killed launches left there was ended. */
interface AtHost {
  Answer answer(Remit remit, Launches launches) throws Failure, BadInput;

  static Answer run(RemitCommand command, HostOptions options, AtHost work)
      throws Failure, BadInput {
    var remit = command.program.remit();
    var named = new SpecFiles(remit.files(), remit.clock()).host(options);
    try (var host = remit.connect(named.spec(), options.timeout)) {
      LeftOvers.end(remit, host, named.spec(), command::say);
      return work.answer(remit, new Launches(remit.journals(), host, named.spec().uri()));
    }
  }
}
