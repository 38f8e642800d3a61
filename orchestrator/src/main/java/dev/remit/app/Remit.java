package dev.remit.app;

import dev.remit.adapter.host.ConsoleFile;
import dev.remit.adapter.host.EndorsementFolder;
import dev.remit.adapter.host.HostFiles;
import dev.remit.adapter.host.JournalFolder;
import dev.remit.adapter.host.SystemEntropy;
import dev.remit.adapter.host.SystemWaiting;
import dev.remit.adapter.libvirt.LibvirtHost;
import dev.remit.adapter.vendor.AmdKeyServer;
import dev.remit.adapter.vendor.KeyServerUrl;
import dev.remit.diagnostic.Failure;
import dev.remit.endorsement.CekAnswer;
import dev.remit.endorsement.CekEndorsement;
import dev.remit.endorsement.EndorsementSource;
import dev.remit.endorsement.SevEndorser;
import dev.remit.identity.Entropy;
import dev.remit.launch.GuestConsole;
import dev.remit.launch.Hypervisor;
import dev.remit.launch.Journals;
import dev.remit.launch.Launcher;
import dev.remit.launch.Progress;
import dev.remit.launch.Waiting;
import dev.remit.plan.InputFiles;
import dev.remit.plan.Planner;
import dev.remit.root.Anchor;
import dev.remit.root.Anchors;
import dev.remit.secret.SecretSource;
import dev.remit.spec.HostSpec;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** The composition root: which adapter serves which port. */
public final class Remit {
  private static final Duration KEY_SERVER_DEADLINE = Duration.ofSeconds(20);
  private static final String IMPORT = "import it by \"remit endorsements import\"";

  private static final EndorsementSource NOBODY =
      chip -> new CekAnswer.NotHad("no key server is asked", IMPORT);
  private static final EndorsementSource NOBODY_FOR_SIMULATED =
      chip -> new CekAnswer.NotHad("AMD is not asked for a simulated chip", IMPORT);

  private final Path state;
  private final InstantSource clock;
  private final KeyServer keyServer;
  private final Consumer<String> told;
  private final HostFiles files = new HostFiles();

  /** One that asks no key server, and keeps to itself what no verdict says. */
  public Remit(Path state, InstantSource clock) {
    this(state, clock, new KeyServer.Nobody(), line -> {});
  }

  /**
   * @param state folder of this user's launches, made when something is written
   * @param told takes what the user should know beside the answer
   */
  public Remit(Path state, InstantSource clock, KeyServer keyServer, Consumer<String> told) {
    this.state = state;
    this.clock = clock;
    this.keyServer = keyServer;
    this.told = told;
  }

  public InstantSource clock() {
    return clock;
  }

  public InputFiles files() {
    return files;
  }

  public SecretSource secrets() {
    return files;
  }

  public Entropy entropy() {
    return new SystemEntropy();
  }

  public Planner planner() {
    return new Planner(files, endorser(Optional.empty()));
  }

  /** Signed CEKs that were fetched or imported. */
  public EndorsementFolder endorsements() {
    return new EndorsementFolder(state.resolve("endorsements"), told);
  }

  /**
   * Looks a chip up in what is kept, then at the key server, and keeps what that has.
   *
   * @param brought asked before what is kept
   */
  public SevEndorser endorser(Optional<EndorsementSource> brought) {
    var sources =
        Stream.concat(brought.stream(), Stream.<EndorsementSource>of(endorsements())).toList();
    return new SevEndorser(sources, this::server, this::keep, told);
  }

  /**
   * Looks a chip up in what is kept, and asks no server.
   *
   * @param brought asked before what is kept
   * @param own what the judged evidence says of itself, asked last
   */
  public SevEndorser offlineEndorser(
      Optional<EndorsementSource> brought, Optional<EndorsementSource> own) {
    var sources =
        Stream.of(brought.stream(), Stream.<EndorsementSource>of(endorsements()), own.stream())
            .flatMap(each -> each)
            .toList();
    // What the evidence found at a server breaks its chain again, where it did then.
    return new SevEndorser(sources, anchors -> own.orElse(NOBODY), endorsement -> {}, told);
  }

  private EndorsementSource server(Anchors anchors) {
    return switch (keyServer) {
      case KeyServer.Nobody nobody -> NOBODY;
      case KeyServer.Amd amd ->
          anchors.all().stream().anyMatch(Anchor::simulated)
              ? NOBODY_FOR_SIMULATED
              : asking(KeyServerUrl.AMD);
      case KeyServer.Named named -> asking(named.url());
    };
  }

  private EndorsementSource asking(KeyServerUrl url) {
    return chip -> {
      told.accept("asking " + url + " for the signed CEK of the chip");
      return new AmdKeyServer(url, KEY_SERVER_DEADLINE).signedCek(chip);
    };
  }

  private void keep(CekEndorsement fetched) {
    try {
      endorsements().keep(List.of(fetched));
    } catch (Failure failure) {
      told.accept(
          "the fetched CEK is not kept: %s: %s"
              .formatted(failure.diagnostic().what(), failure.diagnostic().why()));
    }
  }

  public Journals journals() {
    return new JournalFolder(state.resolve("launches"), clock);
  }

  public BundleStore bundles() {
    return new BundleStore(state.resolve("bundles"), files);
  }

  /** A wait that ends after a time. */
  public Waiting waiting(Duration limit) {
    return new SystemWaiting(limit);
  }

  /**
   * What a guest said.
   *
   * @param limit for each look
   */
  public GuestConsole console(Path file, Duration limit) {
    return new ConsoleFile(file, limit);
  }

  /** Connects; the caller closes it. */
  public LibvirtHost connect(HostSpec host, Duration deadline) throws Failure {
    return LibvirtHost.connect(host.uri(), host.emulator(), deadline);
  }

  public Launcher launcher(Hypervisor hypervisor, Progress progress) {
    return new Launcher(hypervisor, journals(), files, entropy(), clock, progress);
  }
}
