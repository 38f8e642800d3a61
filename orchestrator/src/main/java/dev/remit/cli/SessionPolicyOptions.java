package dev.remit.cli;

import dev.remit.diagnostic.BadInput;
import dev.remit.platform.ApiVersion;
import dev.remit.platform.Protection;
import dev.remit.platform.SevPolicy;
import dev.remit.report.Given;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** A guest policy by the names that a spec has for its parts, as a number, or as both. */
final class SessionPolicyOptions {
  @Option(
      names = "--policy",
      paramLabel = "P",
      description = "The policy as 32 bits, decimal or 0x and hex; debug is never allowed.")
  @Nullable GivenPolicy number;

  @Option(names = "--tee", paramLabel = "KIND", description = "By name: sev or sev-es.")
  @Nullable Protection tee;

  @Option(
      names = "--min-api",
      paramLabel = "VERSION",
      description = "By name: the oldest SEV firmware that may run the guest, for example 1.51.")
  @Nullable ApiVersion minApi;

  @Option(
      names = "--key-sharing",
      description = "By name: another guest may get the same memory key.")
  boolean keySharing;

  @Option(names = "--migration", description = "By name: the guest may be sent elsewhere.")
  boolean migration;

  SevPolicy policy() throws BadInput {
    if (number == null) {
      return named();
    }
    if (!number.value().noDebug()) {
      throw WrongUsage.of(
          "policy " + number.value() + " lets the host debug the guest",
          "with bit 0 clear the host may read and write the guest's memory by debug commands",
          "set bit 0");
    }
    boolean alsoNamed = tee != null || minApi != null || keySharing || migration;
    if (alsoNamed && !named().equals(number.value())) {
      throw WrongUsage.of(
          "--policy is %s, and the other options make %s".formatted(number.value(), named()),
          "a policy is given by names or as a number; where both are given they say the same",
          "leave out one of the two, or correct it");
    }
    return number.value();
  }

  private SevPolicy named() throws BadInput {
    if (tee == null || minApi == null) {
      throw WrongUsage.of(
          "a policy needs --tee and --min-api, or --policy",
          "the session is bound to the policy, and what is left out would be decided by nobody",
          "write for example \"--tee sev-es --min-api 1.51\"");
    }
    return new SevPolicy(
        true,
        !keySharing,
        tee == Protection.SEV_ES,
        !migration,
        false,
        false,
        minApi.major(),
        minApi.minor());
  }

  List<Given> given() {
    var given = new ArrayList<Given>();
    if (number != null) {
      given.add(number.given("--policy"));
    }
    if (tee != null) {
      given.add(new Given("--tee", "text", tee.id()));
    }
    if (minApi != null) {
      given.add(new Given("--min-api", "text", minApi.toString()));
    }
    if (keySharing) {
      given.add(new Given("--key-sharing", "text", "true"));
    }
    if (migration) {
      given.add(new Given("--migration", "text", "true"));
    }
    return List.copyOf(given);
  }
}
