package dev.remit.plan;

import dev.remit.bytes.Bytes;
import dev.remit.bytes.MalformedException;
import dev.remit.bytes.Sample;
import dev.remit.bytes.SeekableBytes;
import dev.remit.diagnostic.Failure;
import dev.remit.diagnostic.Location;
import dev.remit.endorsement.FakeAmd;
import dev.remit.endorsement.FakePlatform;
import dev.remit.endorsement.SevEndorser;
import dev.remit.exposure.Exposure;
import dev.remit.firmware.FirmwareImage;
import dev.remit.measurement.HashedFirmware;
import dev.remit.measurement.KernelHashes;
import dev.remit.measurement.SevExpectation;
import dev.remit.measurement.SevLaunchDigest;
import dev.remit.measurement.VcpuState;
import dev.remit.measurement.VmsaFlavour;
import dev.remit.platform.ChipId;
import dev.remit.platform.CpuModel;
import dev.remit.platform.Generation;
import dev.remit.platform.Protection;
import dev.remit.platform.SevPolicy;
import dev.remit.provisioning.SealedVolume;
import dev.remit.spec.HostSpec;
import dev.remit.spec.Profile;
import dev.remit.spec.Risk;
import dev.remit.spec.Spec;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/** A spec, a host of {@link FakeAmd}'s make and the files between them, and the plan they make. */
public final class PlanFixtures {
  public static final Path FIRMWARE = Path.of("/vm/OVMF.fd");
  public static final Path KERNEL = Path.of("/vm/vmlinuz");
  public static final Path INITRD = Path.of("/vm/initrd.img");
  public static final Path KEY = Path.of("/vm/disk.key");
  public static final Path DISK = Path.of("/vm/disk.luks");
  public static final Path HEADER = Path.of("/vm/disk.header");
  public static final Path ROOT = Path.of("/host/simulated-ca.cert");
  public static final String CMDLINE = "console=ttyS0 quoted=\"a b\"";
  public static final UUID DISK_KEY_GUID = UUID.fromString("736869e5-84f0-4973-92ec-06879ce3da0b");
  public static final Bytes DISK_KEY = Bytes.ofHex("70617373776f7264");
  public static final Bytes LAUNCH_DIGEST = Bytes.ofHex("5a".repeat(32));
  public static final Bytes LEGACY_DIGEST = Bytes.ofHex("a5".repeat(32));

  private PlanFixtures() {}

  public static FakePlatform platform() {
    return FakeAmd.believed().platform();
  }

  /** The insecure root as a simulator writes it: ASK, then ARK. */
  public static Bytes insecureRoot() {
    return Bytes.concat(FakeAmd.believed().ask(), FakeAmd.believed().ark());
  }

  /** The root and the disk's key; no measured file. */
  public static FakeFiles files() {
    return new FakeFiles().put(ROOT, insecureRoot()).put(KEY, DISK_KEY);
  }

  public static SevPolicy guestPolicy(Protection protection) {
    return new SevPolicy(true, true, protection == Protection.SEV_ES, true, false, false, 1, 51);
  }

  public static Spec spec(Protection protection) {
    return new Spec(
        "web-1",
        Map.of(),
        Profile.LAB,
        new Spec.Resources(2, 512L << 20, CpuModel.named("EPYC-Milan").orElseThrow()),
        new Spec.Tee(protection, guestPolicy(protection)),
        new Spec.TrustDemand(Set.of(Generation.SIMULATED), List.of()),
        new Spec.Boot(input(FIRMWARE), input(KERNEL), input(INITRD), CMDLINE),
        List.of(new Spec.SecretReference("disk", KEY, DISK_KEY_GUID, at())),
        List.of(new Spec.Disk("root", input(DISK), input(HEADER), at())),
        new Spec.Provisioning.InImage(),
        new Spec.Devices(Spec.Console.NONE),
        protection == Protection.SEV
            ? List.of(taken(Risk.NO_DISK_INTEGRITY), taken(Risk.SEV_WITHOUT_ES))
            : List.of(taken(Risk.NO_DISK_INTEGRITY)));
  }

  private static Spec.Acknowledgment taken(Risk risk) {
    return new Spec.Acknowledgment(risk, "a test", LocalDate.of(2030, 12, 31), at());
  }

  public static Spec.InputFile input(Path path) {
    return new Spec.InputFile(path, Optional.empty(), at());
  }

  public static Location at() {
    return new Location.InFile("/vm/web.yaml");
  }

  public static HostSpec host() {
    return new HostSpec(
        "simulated",
        "qemu:///embed?root=/host/root",
        Optional.of(Path.of("/host/qemu")),
        Optional.of(ROOT),
        Optional.empty());
  }

  public static Documents documents(Spec spec, HostSpec host) {
    return new Documents(
        new SourceDocument(Path.of("/vm/web.yaml"), Bytes.ofHex("11".repeat(32))),
        spec,
        Optional.of(new SourceDocument(Path.of("/vm/host.yaml"), Bytes.ofHex("22".repeat(32)))),
        host);
  }

  public static Inputs inputs(Protection protection) {
    return new Inputs(
        List.of(
            new MeasuredInput("firmware", FIRMWARE, 4096, Bytes.ofHex("01".repeat(32))),
            new MeasuredInput("kernel", KERNEL, 13, Bytes.ofHex("02".repeat(32))),
            new MeasuredInput("initrd", INITRD, 12, Bytes.ofHex("03".repeat(32)))),
        recipe(protection),
        new SevExpectation(
            protection, Bytes.ofHex("01".repeat(32)), Optional.empty(), candidates(protection)),
        3072,
        Optional.empty(),
        Exposure.of(protection));
  }

  /** Of another firmware than the one that is listed: the expectation beside it is made up. */
  public static SevLaunchDigest recipe(Protection protection) {
    var firmware = Sample.of("firmware/ovmf_AmdSev_suffix.bin");
    try {
      return new SevLaunchDigest(
          protection,
          HashedFirmware.of(
              FirmwareImage.parse(SeekableBytes.of(firmware)),
              () -> new ByteArrayInputStream(firmware.toArray())),
          Optional.of(
              new KernelHashes(
                  Bytes.ofHex("02".repeat(32)),
                  Bytes.ofHex("03".repeat(32)),
                  KernelHashes.ofCmdline(CMDLINE))),
          new VcpuState.Started(2, CpuModel.named("EPYC-Milan").orElseThrow().signature()));
    } catch (IOException | MalformedException e) {
      throw new AssertionError(e);
    }
  }

  private static List<SevExpectation.Candidate> candidates(Protection protection) {
    return switch (protection) {
      case SEV -> List.of(new SevExpectation.Candidate(Optional.empty(), LAUNCH_DIGEST));
      case SEV_ES ->
          Arrays.stream(VmsaFlavour.values())
              .map(flavour ->
                  new SevExpectation.Candidate(
                      Optional.of(
                          new SevExpectation.Vcpus(
                              Optional.of(flavour),
                              2,
                              Bytes.ofHex("0b".repeat(32)),
                              Optional.of(Bytes.ofHex("0a".repeat(32))))),
                      flavour == VmsaFlavour.CURRENT ? LAUNCH_DIGEST : LEGACY_DIGEST))
              .toList();
    };
  }

  public static HostFacts facts() {
    return facts(platform().pdh(), platform().certChain());
  }

  public static HostFacts facts(Bytes pdh, Bytes certChain) {
    return new HostFacts(
        "qemu:///embed",
        "11.3.0",
        "10.0.2",
        false,
        "pc-q35-10.0",
        Optional.of(new HostFacts.Sev(true, 51, 1, pdh, certChain, Optional.empty())));
  }

  /** A plan that a host of {@link #platform()} can fulfil. */
  public static Plan plan(Protection protection) {
    return plan(spec(protection), host(), facts());
  }

  /** The same host, which says which chip it has. */
  public static HostFacts telling(HostFacts facts, ChipId chip) {
    return new HostFacts(
        facts.uri(),
        facts.libvirt(),
        facts.qemu(),
        facts.kvm(),
        facts.machine(),
        facts
            .sev()
            .map(sev ->
                new HostFacts.Sev(
                    sev.es(),
                    sev.cbitpos(),
                    sev.reducedPhysBits(),
                    sev.pdh(),
                    sev.certChain(),
                    Optional.of(chip))));
  }

  public static Plan plan(Spec spec, HostSpec host, HostFacts facts) {
    return plan(spec, host, facts, SevEndorser.ofNobody());
  }

  public static Plan plan(Spec spec, HostSpec host, HostFacts facts, SevEndorser endorser) {
    try {
      return switch (new Planner(files(), endorser)
          .plan(documents(spec, host), inputs(spec.tee().protection()), facts)) {
        case Planned.Ready<Plan>(Plan plan) -> plan;
        case Planned.Impossible<Plan> impossible ->
            throw new AssertionError(impossible.problems().toString());
      };
    } catch (Failure failure) {
      throw new AssertionError(failure);
    }
  }

  public static Spec named(Spec spec, String name) {
    return changed(spec, Map.of("name", name));
  }

  public static Spec with(Spec spec, Profile profile) {
    return changed(spec, Map.of("profile", profile));
  }

  public static Spec with(Spec spec, Spec.Devices devices) {
    return changed(spec, Map.of("devices", devices));
  }

  public static Spec acknowledging(Spec spec, Risk... risks) {
    return changed(
        spec, Map.of("acknowledgments", Arrays.stream(risks).map(PlanFixtures::taken).toList()));
  }

  public static Spec with(Spec spec, Spec.Resources resources) {
    return changed(spec, Map.of("resources", resources));
  }

  public static Spec with(Spec spec, Spec.Tee tee) {
    return changed(spec, Map.of("tee", tee));
  }

  public static Spec with(Spec spec, Spec.TrustDemand trust) {
    return changed(spec, Map.of("trust", trust));
  }

  public static Spec with(Spec spec, Spec.Boot boot) {
    return changed(spec, Map.of("boot", boot));
  }

  public static Spec with(Spec spec, List<Spec.SecretReference> secrets) {
    return changed(spec, Map.of("secrets", secrets));
  }

  /** With user data in a folder, as a reader lists what follows from it. */
  public static Spec sealed(Spec spec, Path userData, Path folder) {
    var volume = new SealedVolume(folder);
    var secrets = new ArrayList<>(spec.secrets());
    secrets.add(
        new Spec.SecretReference(
            SealedVolume.NAME, volume.key(), SealedVolume.SECRET, PlanFixtures.at()));
    var disks = new ArrayList<>(spec.disks());
    disks.add(
        new Spec.Disk(
            SealedVolume.NAME, input(volume.image()), input(volume.header()), PlanFixtures.at()));
    return changed(
        spec,
        Map.of(
            "secrets",
            secrets,
            "disks",
            disks,
            "provisioning",
            new Spec.Provisioning.Sealed(userData, volume, at())));
  }

  public static Spec withDisks(Spec spec, List<Spec.Disk> disks) {
    return changed(spec, Map.of("disks", disks));
  }

  /** A copy with other components, by their names. */
  private static Spec changed(Spec spec, Map<String, Object> changes) {
    try {
      var values = new LinkedHashMap<String, Object>();
      var types = new ArrayList<Class<?>>();
      for (var component : Spec.class.getRecordComponents()) {
        values.put(component.getName(), component.getAccessor().invoke(spec));
        types.add(component.getType());
      }
      if (!values.keySet().containsAll(changes.keySet())) {
        throw new AssertionError("a spec has no " + changes.keySet());
      }
      values.putAll(changes);
      return Spec.class
          .getDeclaredConstructor(types.toArray(Class<?>[]::new))
          .newInstance(values.values().toArray());
    } catch (ReflectiveOperationException e) {
      throw new LinkageError("specs cannot be copied", e);
    }
  }
}
