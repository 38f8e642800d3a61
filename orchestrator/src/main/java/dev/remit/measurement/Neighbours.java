package dev.remit.measurement;

import static java.util.stream.Collectors.joining;

import dev.remit.bytes.Bytes;
import dev.remit.bytes.SecretBytes;
import dev.remit.firmware.KnownFirmware;
import dev.remit.measurement.Change.Input;
import dev.remit.measurement.SevLaunchDigest.Pages;
import dev.remit.platform.CpuModel;
import dev.remit.platform.CpuSignature;
import dev.remit.platform.Protection;
import dev.remit.platform.SevFirmwareVersion;
import dev.remit.platform.SevPolicy;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Which input is wrong, where a launch measurement differs from what was expected.
 *
 * <p>A MAC says nothing about what it covers, but every guess can be computed again: those near the
 * inputs that were used are few, and one whose MAC of 256 bits is the reported one is no guess any
 * more. One change is tried before two, and the cheap before the dear. The work is bounded by
 * numbers and not by a clock, so that the same question has the same answer everywhere.
 */
public final class Neighbours {
  /** Some tenths of a second of one core each. */
  static final int MACS_AT_MOST = 600_000;

  static final int PAGES_AT_MOST = 100_000;

  /** libvirt and QEMU start more; a sum of their pages is no cheap guess. */
  private static final int VCPUS_AT_MOST = 255;

  private Neighbours() {}

  /** What came of a search. */
  public sealed interface Finding {
    /** These inputs were something else, all of them together; at least one. */
    record Fits(List<Change> changes) implements Finding {
      public Fits {
        changes = List.copyOf(changes);
        if (changes.isEmpty()) {
          throw new IllegalArgumentException("a measurement that fits needs no search");
        }
      }

      public String sentence() {
        return String.join(", and ", changes.stream().map(Change::sentence).toList());
      }
    }

    /**
     * No neighbour fits: something is quite different.
     *
     * @param tried how many MACs were computed
     */
    record NothingNear(int tried) implements Finding {}
  }

  /**
   * What was expected, and what was reported instead.
   *
   * @param launchDigests that were expected, 32 bytes each, under any name
   * @param recipe how they were computed; empty where somebody gave them
   * @param cmdline the command line of the recipe, where it has kernel hashes
   * @param flavours of the vCPU state that would have been right
   * @param requested the guest policy that was asked for
   * @param firmware as reported
   * @param reported the guest policy as reported
   * @param nonce as reported, 16 bytes
   * @param measure as reported, 32 bytes
   */
  public record Question(
      List<Bytes> launchDigests,
      Optional<SevLaunchDigest> recipe,
      Optional<String> cmdline,
      Set<VmsaFlavour> flavours,
      SevPolicy requested,
      SevFirmwareVersion firmware,
      SevPolicy reported,
      Bytes nonce,
      Bytes measure) {
    public Question {
      launchDigests = List.copyOf(launchDigests);
      flavours = Set.copyOf(flavours);
      if (launchDigests.isEmpty()) {
        throw new IllegalArgumentException("something was expected");
      }
    }
  }

  /**
   * Searches where one key is at hand.
   *
   * @param tik transport integrity key, 16 bytes
   * @param known firmware that may have been used in the place of the expected one
   */
  public static Finding search(Question question, SecretBytes tik, List<KnownFirmware> known) {
    return search(question, tik, Optional.empty(), known);
  }

  /**
   * Searches where both keys may be: they may have been exchanged.
   *
   * @param tik transport integrity key, 16 bytes
   * @param tek transport encryption key, 16 bytes
   * @param known firmware that may have been used in the place of the expected one
   */
  public static Finding search(
      Question question, SecretBytes tik, Optional<SecretBytes> tek, List<KnownFirmware> known) {
    var others = known.stream().map(each -> new Other(each, HashedFirmware.of(each))).toList();
    var first =
        SevLaunchMac.search(
            tik,
            question.nonce(),
            question.measure(),
            guesses -> new Search(question, guesses, others, List.of()).run(true));
    var found = first.found();
    int tried = first.macs();
    if (found.isEmpty() && tek.isPresent()) {
      var exchanged =
          new Change(Input.KEYS, "TEK, then TIK", "TIK, then TEK", "TIK and TEK were exchanged");
      var second =
          SevLaunchMac.search(
              tek.get(),
              question.nonce(),
              question.measure(),
              guesses -> new Search(question, guesses, others, List.of(exchanged)).run(false));
      found = second.found();
      tried += second.macs();
    }
    return found.isPresent() ? new Finding.Fits(found.get()) : new Finding.NothingNear(tried);
  }

  private record Other(KnownFirmware known, HashedFirmware hashed) {}

  private record Outcome(Optional<List<Change>> found, int macs) {}

  /** A recipe with one part of it changed. */
  private record Variation(Change change, SevLaunchDigest recipe) {}

  /** Everything that one part of a recipe can be instead. */
  private interface Axis extends Function<SevLaunchDigest, List<Variation>> {}

  /** A launch digest, and by which changes one comes to it. */
  private record Guess(List<Change> changes, Bytes launchDigest) {}

  /** One pass over the neighbours, under one key. Every loop ends where something fits. */
  private static final class Search {
    private final Question question;
    private final SevLaunchMac.Guesses guesses;
    private final List<Other> others;
    private final List<Change> always;
    // The few before the many, so that the bounds cut off the least.
    private final List<Axis> axes =
        List.of(
            this::kernelHashes, this::protections, this::models, this::firmwares, this::cmdlines);
    private int macs;
    private int pages;
    private @Nullable List<Change> found;

    Search(
        Question question, SevLaunchMac.Guesses guesses, List<Other> others, List<Change> always) {
      this.question = question;
      this.guesses = guesses;
      this.others = others;
      this.always = always;
    }

    /**
     * @param deep whether to try two changes too
     */
    Outcome run(boolean deep) {
      var expected = question.launchDigests().stream().map(d -> new Guess(List.of(), d)).toList();
      var near = new ArrayList<>(expected);
      var single = new ArrayList<List<Variation>>();
      tryAll(expected);
      expected.forEach(this::tryPolicies);
      question
          .recipe()
          .ifPresent(recipe -> {
            tryRecipe(List.of(), recipe, near);
            for (var axis : axes) {
              single.add(axis.apply(recipe));
              single
                  .getLast()
                  .forEach(each -> tryRecipe(List.of(each.change()), each.recipe(), near));
            }
            tryCounts(List.of(), recipe);
          });
      expected.forEach(this::tryVersions);
      if (deep) {
        near.forEach(this::tryPolicies);
        near.forEach(this::tryBuilds);
        single.stream()
            .flatMap(List::stream)
            .forEach(each -> tryCounts(List.of(each.change()), each.recipe()));
        tryPairs(single);
      }
      return new Outcome(Optional.ofNullable(found), macs);
    }

    private boolean over() {
      return found != null || macs >= MACS_AT_MOST || pages >= PAGES_AT_MOST;
    }

    private void tryAll(List<Guess> all) {
      all.forEach(
          guess -> tryGuess(guess, question.firmware(), question.reported().bits(), List.of()));
    }

    /** The one place where something is found: the MAC was computed, and is the reported one. */
    private void tryGuess(
        Guess guess, SevFirmwareVersion firmware, int policy, List<Change> further) {
      if (over()) {
        return;
      }
      macs++;
      if (guesses.fits(firmware, policy, guess.launchDigest())) {
        var changes = Stream.of(always, guess.changes(), further).flatMap(List::stream).toList();
        // Nothing changed is what the caller has tried.
        found = changes.isEmpty() ? null : changes;
      }
    }

    /** The guest policy is in the MAC: the requested one, or the reported one but for a bit. */
    private void tryPolicies(Guess guess) {
      int reported = question.reported().bits();
      tryPolicy(guess, question.requested().bits());
      for (int bit = 0; bit < Integer.SIZE; bit++) {
        tryPolicy(guess, reported ^ 1 << bit);
      }
    }

    private void tryPolicy(Guess guess, int policy) {
      var reported = question.reported();
      if (policy == reported.bits()) {
        return;
      }
      var change =
          new Change(
              Input.GUEST_POLICY,
              reported.toString(),
              "0x%08x".formatted(policy),
              "the guest policy was 0x%08x, and %s was reported".formatted(policy, reported));
      tryGuess(guess, question.firmware(), policy, List.of(change));
    }

    /** Every build of every minor version of the APIs that there are. */
    private void tryVersions(Guess guess) {
      for (int major = 0; major <= 1; major++) {
        for (int minor = 0; minor <= 0xff; minor++) {
          for (int build = 0; build <= 0xff && !over(); build++) {
            tryVersion(guess, new SevFirmwareVersion(major, minor, build));
          }
        }
      }
    }

    private void tryBuilds(Guess guess) {
      for (int build = 0; build <= 0xff && !over(); build++) {
        var reported = question.firmware();
        tryVersion(guess, new SevFirmwareVersion(reported.apiMajor(), reported.apiMinor(), build));
      }
    }

    private void tryVersion(Guess guess, SevFirmwareVersion version) {
      if (version.equals(question.firmware())) {
        return;
      }
      var change =
          new Change(
              Input.FIRMWARE_VERSION,
              question.firmware().toString(),
              version.toString(),
              "the SEV firmware was " + version + ", and " + question.firmware() + " was reported");
      tryGuess(guess, version, question.reported().bits(), List.of(change));
    }

    /** Tries the launch digests of a recipe, and keeps them for what may be changed besides. */
    private void tryRecipe(List<Change> changes, SevLaunchDigest recipe, List<Guess> near) {
      if (over()) {
        return;
      }
      var withoutVcpus = recipe.withoutVcpus();
      switch (recipe.protection()) {
        case SEV -> keep(new Guess(changes, Sha256.soFar(withoutVcpus)), near);
        case SEV_ES -> {
          for (var pages : recipe.pages()) {
            this.pages += recipe.vcpus().count();
            keep(
                new Guess(
                    withFlavour(changes, pages),
                    pages.digest(withoutVcpus, recipe.vcpus().count())),
                near);
          }
        }
      }
    }

    private void keep(Guess guess, List<Guess> near) {
      near.add(guess);
      tryAll(List.of(guess));
    }

    /** All numbers of vCPUs: the pages are hashed one after the other, each of them once. */
    private void tryCounts(List<Change> changes, SevLaunchDigest recipe) {
      if (recipe.protection() == Protection.SEV) {
        return;
      }
      var withoutVcpus = recipe.withoutVcpus();
      for (var pages : recipe.pages()) {
        if (over()) {
          return;
        }
        this.pages += VCPUS_AT_MOST;
        var digests = pages.digests(withoutVcpus, VCPUS_AT_MOST);
        for (int count = 1; count <= digests.size(); count++) {
          if (count != recipe.vcpus().count()) {
            var counted = new ArrayList<>(withFlavour(changes, pages));
            counted.add(vcpus(recipe.vcpus().count(), count));
            tryAll(List.of(new Guess(counted, digests.get(count - 1))));
          }
        }
      }
    }

    private static Change vcpus(int expected, int found) {
      return new Change(
          Input.VCPUS,
          String.valueOf(expected),
          String.valueOf(found),
          "the guest was started with %d vCPU%s, not %d"
              .formatted(found, found == 1 ? "" : "s", expected));
    }

    private List<Change> withFlavour(List<Change> changes, Pages pages) {
      var flavour = pages.flavour();
      if (flavour.isEmpty() || question.flavours().contains(flavour.get())) {
        return changes;
      }
      var both = new ArrayList<>(changes);
      both.add(
          new Change(
              Input.VMSA,
              question.flavours().stream().map(VmsaFlavour::id).sorted().collect(joining(" or ")),
              flavour.get().id(),
              "the vCPU state has the " + flavour.get().id() + " form"));
      return both;
    }

    /** Changes of two parts; each pair once. */
    private void tryPairs(List<List<Variation>> single) {
      for (int one = 0; one < single.size(); one++) {
        for (var first : single.get(one)) {
          for (int other = one + 1; other < axes.size() && !over(); other++) {
            for (var second : axes.get(other).apply(first.recipe())) {
              tryRecipe(
                  List.of(first.change(), second.change()), second.recipe(), new ArrayList<>());
            }
          }
        }
      }
    }

    private List<Variation> cmdlines(SevLaunchDigest recipe) {
      if (recipe.kernelHashes().isEmpty() || question.cmdline().isEmpty()) {
        return List.of();
      }
      var hashes = recipe.kernelHashes().get();
      String expected = question.cmdline().get();
      if (!hashes.cmdline().equals(KernelHashes.ofCmdline(expected))) {
        return List.of(); // another change took it away
      }
      return CommandLines.near(expected).entrySet().stream()
          .map(near ->
              new Variation(
                  new Change(
                      Input.COMMAND_LINE,
                      expected,
                      near.getKey(),
                      "the command line was measured " + near.getValue()),
                  with(
                      recipe,
                      new KernelHashes(
                          hashes.kernel(),
                          hashes.initrd(),
                          KernelHashes.ofMeasured(near.getKey())))))
          .toList();
    }

    private List<Variation> kernelHashes(SevLaunchDigest recipe) {
      if (recipe.kernelHashes().isEmpty()) {
        return List.of();
      }
      var given = recipe.kernelHashes().get();
      var noInitrd = Sha256.of(Bytes.EMPTY);
      var noCmdline = KernelHashes.ofCmdline("");
      var otherwise = new LinkedHashMap<KernelHashes, String>();
      otherwise.put(
          new KernelHashes(given.kernel(), noInitrd, given.cmdline()), "no initrd was measured");
      otherwise.put(
          new KernelHashes(given.kernel(), given.initrd(), noCmdline),
          "no command line was measured");
      otherwise.putIfAbsent(
          new KernelHashes(given.kernel(), noInitrd, noCmdline),
          "neither an initrd nor a command line was measured");
      otherwise.put(
          new KernelHashes(given.initrd(), given.kernel(), given.cmdline()),
          "kernel and initrd were measured in each other's place");
      otherwise.remove(given);
      var variations = new ArrayList<Variation>();
      variations.add(
          new Variation(
              hashes("neither kernel, initrd nor command line was measured"),
              new SevLaunchDigest(
                  recipe.protection(), recipe.firmware(), Optional.empty(), recipe.vcpus())));
      otherwise.forEach((hashes, sentence) ->
          variations.add(new Variation(hashes(sentence), with(recipe, hashes))));
      return variations;
    }

    private static Change hashes(String sentence) {
      return new Change(Input.KERNEL_HASHES, "kernel, initrd and command line", sentence, sentence);
    }

    private List<Variation> protections(SevLaunchDigest recipe) {
      return switch (recipe.protection()) {
        case SEV_ES ->
            List.of(
                new Variation(
                    new Change(
                        Input.PROTECTION,
                        Protection.SEV_ES.title(),
                        Protection.SEV.title(),
                        "no vCPU was measured, as on plain SEV"),
                    new SevLaunchDigest(
                        Protection.SEV, recipe.firmware(), recipe.kernelHashes(), recipe.vcpus())));
        case SEV ->
            signatures(recipe.vcpus()).stream()
                .flatMap(cpu ->
                    withVcpus(
                        Protection.SEV_ES,
                        recipe.firmware(),
                        recipe.kernelHashes(),
                        new VcpuState.Started(recipe.vcpus().count(), cpu))
                        .map(other ->
                            new Variation(
                                new Change(
                                    Input.PROTECTION,
                                    Protection.SEV.title(),
                                    Protection.SEV_ES.title() + " on " + shown(cpu),
                                    "the vCPUs were measured, as on SEV-ES, with the CPU "
                                        + shown(cpu)),
                                other))
                        .stream())
                .toList();
      };
    }

    /** The guest's own, where one is known, and then the others that are known. */
    private static List<CpuSignature> signatures(VcpuState vcpus) {
      var own =
          switch (vcpus) {
            case VcpuState.Started started -> Stream.of(started.cpu());
            case VcpuState.Given given -> Stream.<CpuSignature>empty();
          };
      return Stream.concat(own, CpuModel.known().stream().map(CpuModel::signature))
          .distinct()
          .toList();
    }

    private List<Variation> models(SevLaunchDigest recipe) {
      if (recipe.protection() == Protection.SEV
          || !(recipe.vcpus() instanceof VcpuState.Started(int count, CpuSignature cpu))) {
        return List.of();
      }
      return signatures(recipe.vcpus()).stream()
          .filter(other -> !other.equals(cpu))
          .flatMap(other ->
              withVcpus(
                  recipe.protection(),
                  recipe.firmware(),
                  recipe.kernelHashes(),
                  new VcpuState.Started(count, other))
                  .map(changed ->
                      new Variation(
                          new Change(
                              Input.CPU_MODEL,
                              shown(cpu),
                              shown(other),
                              "the CPU was %s, not %s".formatted(shown(other), shown(cpu))),
                          changed))
                  .stream())
          .toList();
    }

    private List<Variation> firmwares(SevLaunchDigest recipe) {
      return others.stream()
          .filter(other -> !other.hashed().digest().equals(recipe.firmware().digest()))
          .flatMap(other ->
              withVcpus(recipe.protection(), other.hashed(), recipe.kernelHashes(), recipe.vcpus())
                  .map(changed ->
                      new Variation(
                          new Change(
                              Input.FIRMWARE,
                              "sha256:" + recipe.firmware().digest().hex(),
                              "sha256:" + other.hashed().digest().hex(),
                              "the firmware was " + other.known()),
                          changed))
                  .stream())
          .toList();
    }

    private static SevLaunchDigest with(SevLaunchDigest recipe, KernelHashes hashes) {
      return new SevLaunchDigest(
          recipe.protection(), recipe.firmware(), Optional.of(hashes), recipe.vcpus());
    }

    private static Optional<SevLaunchDigest> withVcpus(
        Protection protection,
        HashedFirmware firmware,
        Optional<KernelHashes> hashes,
        VcpuState vcpus) {
      return SevLaunchDigest.fits(protection, firmware, hashes, vcpus)
          ? Optional.of(new SevLaunchDigest(protection, firmware, hashes, vcpus))
          : Optional.empty();
    }

    /** The shortest of QEMU's names, and the numbers. */
    private static String shown(CpuSignature cpu) {
      String numbers =
          "family %d, model %d, stepping %d".formatted(cpu.family(), cpu.model(), cpu.stepping());
      return CpuModel.known().stream()
          .filter(model -> model.signature().equals(cpu))
          .findFirst()
          .map(model -> model.name() + " (" + numbers + ")")
          .orElse(numbers);
    }
  }
}
