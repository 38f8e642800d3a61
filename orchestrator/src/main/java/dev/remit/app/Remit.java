package dev.remit.app;

import dev.remit.adapter.host.HostFiles;
import dev.remit.adapter.host.JournalFolder;
import dev.remit.adapter.host.SystemEntropy;
import dev.remit.adapter.libvirt.LibvirtHost;
import dev.remit.diagnostic.Failure;
import dev.remit.identity.Entropy;
import dev.remit.launch.Hypervisor;
import dev.remit.launch.Journals;
import dev.remit.launch.Launcher;
import dev.remit.launch.Progress;
import dev.remit.plan.InputFiles;
import dev.remit.plan.Planner;
import dev.remit.secret.SecretSource;
import dev.remit.spec.HostSpec;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;

/** The composition root: which adapter serves which port. */
public final class Remit {
  private final Path state;
  private final InstantSource clock;
  private final HostFiles files = new HostFiles();

  /**
   * @param state folder of this user's launches, made when something is written
   */
  public Remit(Path state, InstantSource clock) {
    this.state = state;
    this.clock = clock;
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
    return new Planner(files);
  }

  public Journals journals() {
    return new JournalFolder(state.resolve("launches"), clock);
  }

  public BundleStore bundles() {
    return new BundleStore(state.resolve("bundles"), files);
  }

  /** Connects; the caller closes it. */
  public LibvirtHost connect(HostSpec host, Duration deadline) throws Failure {
    return LibvirtHost.connect(host.uri(), host.emulator(), deadline);
  }

  public Launcher launcher(Hypervisor hypervisor, Progress progress) {
    return new Launcher(hypervisor, journals(), files, entropy(), clock, progress);
  }
}
