package dev.remit.spec;

import static dev.remit.spec.YamlTree.quoted;

import dev.remit.bytes.Bytes;
import dev.remit.diagnostic.Code;
import dev.remit.platform.ApiVersion;
import dev.remit.platform.ChipId;
import dev.remit.platform.CpuModel;
import dev.remit.platform.Generation;
import dev.remit.platform.Protection;
import dev.remit.platform.SevPolicy;
import dev.remit.provisioning.GuestWords;
import dev.remit.provisioning.SealedVolume;
import dev.remit.spec.Spec.Acknowledgment;
import dev.remit.spec.Spec.Boot;
import dev.remit.spec.Spec.Console;
import dev.remit.spec.Spec.Devices;
import dev.remit.spec.Spec.Disk;
import dev.remit.spec.Spec.InputFile;
import dev.remit.spec.Spec.Provisioning;
import dev.remit.spec.Spec.Resources;
import dev.remit.spec.Spec.SecretReference;
import dev.remit.spec.Spec.Tee;
import dev.remit.spec.Spec.TrustDemand;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Reads the document of a VM: first its shape, then what it means, then its types. */
public final class SpecReader {
  private static final Shape SHAPE = new Shape("ConfidentialVm", Schema.VM);

  private static final long SMALLEST_MEMORY = 64L << 20;
  private static final long LARGEST_MEMORY = 16L << 40;

  // The GUID of the table itself, and the one by which Linux marks an entry as wiped
  // (drivers/virt/coco/efi_secret): no secret under either can be found.
  private static final Set<UUID> TAKEN =
      Set.of(UUID.fromString("1e74f542-71dd-4d66-963e-ef4287ff173b"), new UUID(0, 0));

  private static final Set<String> PROVISIONING = Set.of("mode", "userData", "volume");

  private final Field document;
  private final Field spec;
  private final Path folder;
  private final LocalDate today;
  private final Optional<Profile> profile;

  private SpecReader(Field document, Path folder, LocalDate today) {
    this.document = document;
    this.spec = document.at("spec");
    this.folder = folder;
    this.today = today;
    this.profile = spec.at("profile").text().map(id -> ofId(Profile.values(), Profile::id, id));
  }

  /**
   * Reads YAML into a spec, or says all that is wrong with it. Opens no file.
   *
   * @param fileName as the user named it, for messages
   * @param folder of the document, absolute; paths in it are resolved against this folder
   * @param today in UTC; an acknowledgment counts up to its last day
   */
  public static Read<Spec> read(String fileName, Path folder, Bytes content, LocalDate today) {
    var source = SourceText.of(fileName, content);
    Optional<SpecReader> reader =
        SHAPE.read(source).map(document -> new SpecReader(document, folder, today));
    reader.ifPresent(SpecReader::check);
    return reader.isPresent() && source.isGood()
        ? new Read.Good<>(reader.get().spec())
        : new Read.Rejected<>(source.diagnostics());
  }

  // What no schema can say. A field that its schema already refused is not looked at again.

  private void check() {
    checkMemory();
    checkTrust();
    checkFiles();
    checkCommandLine();
    checkProvisioning();
    checkNames("secrets");
    checkNames("disks");
    checkGuids();
    checkAcknowledgments();
  }

  private void checkMemory() {
    Field memory = spec.at("resources").at("memory");
    memory
        .text()
        .map(SpecReader::bytes)
        .filter(bytes -> bytes < SMALLEST_MEMORY || bytes > LARGEST_MEMORY)
        .ifPresent(bytes ->
            memory.problem(
                Code.WRONG_VALUE,
                "memory must be from 64Mi to 16384Gi",
                "firmware and kernel do not start with less, and no machine has more",
                "write the memory that the guest needs, for example 512Mi"));
  }

  private void checkTrust() {
    Field trust = spec.at("trust");
    boolean generations = generations().isWritten();
    boolean chips = chips().isWritten();
    if (trust.isMapping() && generations && chips) {
      chips()
          .problemAtKey(
              Code.CONTRADICTION,
              "trust names generations and chips",
              "where the two disagree, nothing says which holds",
              "keep the narrower of the two");
    } else if (trust.isMapping() && !generations && !chips) {
      trust.problemAtKey(
          Code.MISSING_KEY,
          "trust names neither generations nor chips",
          "there is no machine that may run the guest",
          "add generations: [milan, genoa], or chips with their ids");
    }
    for (Field generation : generations().items()) {
      if (generation.isText(Generation.SIMULATED.id()) && isProduction()) {
        generation.problem(
            Code.SIMULATED_HOST,
            "profile production refuses a simulated processor",
            "a processor made of software protects nothing",
            "remove simulated, or write profile: lab");
      }
    }
  }

  private void checkFiles() {
    Stream.of("firmware", "kernel", "initrd")
        .map(spec.at("boot")::at)
        .forEach(file -> pathOf(file).checkPath(folder));
    items("secrets").forEach(secret -> secret.at("from").at("file").checkPath(folder));
    Map<Path, Field> images = new HashMap<>();
    volume().ifPresent(volume -> images.put(volume.image(), mode()));
    for (Field disk : items("disks")) {
      pathOf(disk.at("header")).checkPath(folder);
      Field file = disk.at("file");
      file.checkPath(folder);
      if (file.path(folder).filter(path -> images.put(path, file) != null).isPresent()) {
        file.problem(
            Code.CONTRADICTION,
            "two disks are the same file",
            "each would destroy what the guest writes to the other",
            "name another file, or remove one of the disks");
      }
    }
  }

  private void checkCommandLine() {
    Field cmdline = spec.at("boot").at("cmdline");
    var words = cmdline.text().map(GuestWords::new);
    words
        .flatMap(GuestWords::repeated)
        .ifPresent(name ->
            cmdline.problem(
                Code.WRONG_VALUE,
                "the command line has the word %s twice".formatted(name),
                "one program in the guest takes the first of two and another the last",
                "leave one of them"));
    if (!cmdline.isFaulty() && words.filter(GuestWords::hasWrongSeed).isPresent()) {
      cmdline.problem(
          Code.WRONG_VALUE,
          "remit.seed on the command line has another value than 1",
          "the guest would halt, since it cannot tell whether there is user data",
          "write %s, or take the word out".formatted(SealedVolume.WORD));
    }
  }

  private void checkProvisioning() {
    Field cmdline = spec.at("boot").at("cmdline");
    if (isSealed()) {
      checkSealed();
      cmdline
          .text()
          .filter(text -> !cmdline.isFaulty() && !new GuestWords(text).askForSeed())
          .ifPresent(text ->
              cmdline.problem(
                  Code.CONTRADICTION,
                  "provisioning is sealed and the command line does not ask for it",
                  "the guest brings the user data in, or halts without it, only where the"
                      + " measured command line says "
                      + SealedVolume.WORD,
                  "add " + SealedVolume.WORD + " to cmdline"));
      return;
    }
    mode().text().ifPresent(this::checkWithoutUserData);
    if (!mode().isFaulty()
        && cmdline.text().map(GuestWords::new).filter(GuestWords::askForSeed).isPresent()) {
      cmdline.problem(
          Code.CONTRADICTION,
          "the command line asks for sealed user data and there is none",
          "with %s the guest halts where no user data comes".formatted(SealedVolume.WORD),
          "write provisioning: {mode: sealed, userData: FILE}, or take the word out");
    }
  }

  private void checkSealed() {
    userData().checkPath(folder);
    spec.at("provisioning").at("volume").checkPath(folder);
    Field provisioning = spec.at("provisioning");
    // With a key that nobody knows beside it, that one is what was meant.
    if (!userData().isWritten() && PROVISIONING.containsAll(provisioning.keys())) {
      provisioning.problemAtKey(
          Code.MISSING_KEY,
          "provisioning has no userData",
          "mode sealed brings a file of yours to the guest, and none is named",
          "add userData: user-data.yaml");
    }
  }

  private void checkWithoutUserData(String mode) {
    for (String key : List.of("userData", "volume")) {
      Field field = spec.at("provisioning").at(key);
      if (field.isWritten()) {
        field.problemAtKey(
            Code.CONTRADICTION,
            "mode %s has no %s".formatted(mode, key),
            "only mode sealed brings user data to a guest",
            "write mode: sealed, or remove " + key);
      }
    }
  }

  private void checkNames(String list) {
    Set<String> names = new HashSet<>();
    for (Field item : items(list)) {
      Field name = item.at("name");
      if (isSealed() && name.isText(SealedVolume.NAME)) {
        name.problem(
            Code.DUPLICATE_NAME,
            "%s has the name %s of the sealed user data".formatted(list, SealedVolume.NAME),
            "with mode sealed, the volume with the user data and its key are called so",
            "write another name");
        continue;
      }
      if (name.text().filter(text -> !names.add(text)).isPresent()) {
        name.problem(
            Code.DUPLICATE_NAME,
            "%s has the name %s twice".formatted(list, quoted(name.required())),
            "plans and reports tell them apart by name",
            "write another name");
      }
    }
  }

  private void checkGuids() {
    Set<UUID> guids = new HashSet<>();
    if (isSealed()) {
      guids.add(SealedVolume.SECRET);
    }
    for (Field secret : items("secrets")) {
      Field guid = secret.at("guid");
      Optional<UUID> value = guid.text().map(UUID::fromString);
      if (value.filter(TAKEN::contains).isPresent()) {
        guid.problem(
            Code.WRONG_VALUE,
            "the guid belongs to the table of secrets itself",
            "the guest would not find a secret under it",
            "write a guid of your own, or 736869e5-84f0-4973-92ec-06879ce3da0b for a disk key");
      } else if (value.filter(uuid -> !guids.add(uuid)).isPresent()) {
        guid.problem(
            Code.DUPLICATE_NAME,
            "two secrets have one guid",
            "the guest finds a secret by its guid, and would find only one",
            "write another guid");
      }
    }
  }

  private void checkAcknowledgments() {
    Set<Risk> named = EnumSet.noneOf(Risk.class);
    boolean unclear = spec.at("acknowledge").isFaulty();
    for (Field entry : items("acknowledge")) {
      Optional<Risk> risk = entry.at("risk").text().map(SpecReader::risk);
      unclear |= risk.isEmpty();
      risk.ifPresent(known -> checkAcknowledgment(entry, known, named.add(known)));
      checkUntil(entry.at("until"), risk);
    }
    if (unclear) {
      return; // what cannot be read may be what is missing
    }
    for (Risk risk : Risk.values()) {
      if (!named.contains(risk)) {
        takers(risk).forEach(place -> notAcknowledged(place, risk));
      }
    }
  }

  private void checkAcknowledgment(Field entry, Risk risk, boolean first) {
    Field field = entry.at("risk");
    if (!first) {
      field.problem(
          Code.ACKNOWLEDGMENT,
          "the risk %s is acknowledged twice".formatted(risk.id()),
          "two reasons and two dates for one risk leave open which holds",
          "remove one of the two");
    } else if (!mayBeTaken(risk)) {
      field.problem(
          Code.ACKNOWLEDGMENT,
          "nothing here takes the risk " + risk.id(),
          "an acknowledgment that waits for its risk lets it in unseen",
          "remove the acknowledgment");
    } else if (profile.filter(known -> !risk.mayBeAcknowledgedIn(known)).isPresent()) {
      field.problem(
          Code.ACKNOWLEDGMENT,
          "profile %s does not let %s be acknowledged".formatted(profile.get().id(), risk.id()),
          risk.sentence(),
          "remove what takes the risk, or choose profile lab");
    }
  }

  private void checkUntil(Field until, Optional<Risk> risk) {
    if (until.text().isEmpty()) {
      return;
    }
    try {
      LocalDate end = LocalDate.parse(until.required());
      if (end.isBefore(today)) {
        until.problem(
            Code.ACKNOWLEDGMENT,
            "the acknowledgment%s ended on %s"
                .formatted(risk.map(known -> " of " + known.id()).orElse(""), end),
            "today is " + today,
            "do away with the risk, or decide again and write a later date");
      }
    } catch (DateTimeException e) {
      until.problem(
          Code.WRONG_VALUE,
          "until must be a date such as 2030-12-31",
          "the calendar has no " + quoted(until.required()),
          "write the last day on which the acknowledgment counts");
    }
  }

  private void notAcknowledged(Field place, Risk risk) {
    boolean possible = profile.filter(known -> !risk.mayBeAcknowledgedIn(known)).isEmpty();
    place.problem(
        Code.NOT_ACKNOWLEDGED,
        possible
            ? "the risk %s must be acknowledged".formatted(risk.id())
            : "profile %s refuses the risk %s".formatted(profile.get().id(), risk.id()),
        risk.sentence(),
        possible
            ? "do away with it, or add to acknowledge: {risk: %s, reason: WHY, until: DATE}"
                .formatted(risk.id())
            : "write what does not take the risk");
  }

  /** Where this spec takes a risk, as far as it can be read. */
  private List<Field> takers(Risk risk) {
    return switch (risk) {
      case NO_DISK_INTEGRITY -> items("disks");
      case HOST_READS_CONSOLE ->
          Stream.of(console()).filter(field -> field.isText(Console.SERIAL.id())).toList();
      case EXTRACTED_KEYS ->
          generations().items().stream()
              .filter(field -> field.isText(Generation.NAPLES.id()))
              .toList();
      case SEV_WITHOUT_ES ->
          Stream.of(kind()).filter(field -> field.isText(Protection.SEV.id())).toList();
      case SEV_KEY_SHARING -> Stream.of(permission("keySharing")).filter(Field::isTrue).toList();
      case SEV_MIGRATION -> Stream.of(permission("migration")).filter(Field::isTrue).toList();
      // What the document names decides, and is not read here.
      case PUBLIC_CREDENTIAL_ON_CMDLINE,
          ROOT_BY_LABEL,
          PASSWORD_LOGIN,
          UNAUTHENTICATED_FETCH,
          IMAGE_OBEYS_HOST_PROVISIONING ->
          List.of();
    };
  }

  private boolean mayBeTaken(Risk risk) {
    return !takers(risk).isEmpty()
        || switch (risk) {
          case NO_DISK_INTEGRITY -> spec.at("disks").isFaulty();
          case HOST_READS_CONSOLE -> console().isFaulty();
          // With chips, only the evidence tells of which generation a platform is.
          case EXTRACTED_KEYS ->
              !generations().isList() || generations().items().stream().anyMatch(Field::isFaulty);
          case SEV_WITHOUT_ES -> kind().isFaulty();
          case SEV_KEY_SHARING -> permission("keySharing").isFaulty();
          case SEV_MIGRATION -> permission("migration").isFaulty();
          case PUBLIC_CREDENTIAL_ON_CMDLINE,
              ROOT_BY_LABEL,
              PASSWORD_LOGIN,
              UNAUTHENTICATED_FETCH,
              IMAGE_OBEYS_HOST_PROVISIONING ->
              true; // who reads those contents says whether it is
        };
  }

  // From here on the document has no problem, and every required field a value of its form.

  private Spec spec() {
    Field metadata = document.at("metadata");
    return new Spec(
        metadata.at("name").required(),
        metadata.at("labels").keys().stream()
            .collect(
                Collectors.toMap(
                    Function.identity(), key -> metadata.at("labels").at(key).required())),
        profile.orElseThrow(),
        resources(spec.at("resources")),
        tee(spec.at("tee")),
        new TrustDemand(
            generations().items().stream()
                .map(item -> ofId(Generation.values(), Generation::id, item.required()))
                .collect(Collectors.toSet()),
            chips().items().stream()
                .map(chip -> new ChipId(Bytes.ofHex(chip.required())))
                .toList()),
        boot(spec.at("boot")),
        secrets(),
        disks(),
        provisioning(),
        new Devices(
            ofId(
                Console.values(),
                Console::id,
                spec.at("devices").at("console").text().orElse(Console.NONE.id()))),
        items("acknowledge").stream().map(SpecReader::acknowledgment).toList());
  }

  private static Resources resources(Field resources) {
    return new Resources(
        resources.at("vcpus").number(),
        bytes(resources.at("memory").required()),
        CpuModel.named(resources.at("cpuModel").required()).orElseThrow());
  }

  private static long bytes(String size) {
    long number = Long.parseLong(size.substring(0, size.length() - 2));
    return size.endsWith("Gi") ? number << 30 : number << 20;
  }

  private static Tee tee(Field tee) {
    Protection kind = ofId(Protection.values(), Protection::id, tee.at("kind").required());
    Field policy = tee.at("policy");
    ApiVersion minApi = ApiVersion.parse(policy.at("minApi").required());
    return new Tee(
        kind,
        new SevPolicy(
            true,
            !policy.at("keySharing").isTrue(),
            kind == Protection.SEV_ES,
            !policy.at("migration").isTrue(),
            false,
            false,
            minApi.major(),
            minApi.minor()));
  }

  private Boot boot(Field boot) {
    return new Boot(
        inputFile(boot.at("firmware")),
        inputFile(boot.at("kernel")),
        inputFile(boot.at("initrd")),
        boot.at("cmdline").required());
  }

  private InputFile inputFile(Field file) {
    Field path = pathOf(file);
    return new InputFile(
        path.path(folder).orElseThrow(),
        file.at("digest").text().map(text -> Bytes.ofHex(text.substring("sha256:".length()))),
        path.location());
  }

  private List<SecretReference> secrets() {
    return Stream.concat(
            items("secrets").stream().map(this::secret),
            volume().stream()
                .map(volume ->
                    new SecretReference(
                        SealedVolume.NAME, volume.key(), SealedVolume.SECRET, mode().location())))
        .toList();
  }

  private List<Disk> disks() {
    return Stream.concat(
            items("disks").stream().map(this::disk),
            volume().stream()
                .map(volume ->
                    new Disk(
                        SealedVolume.NAME,
                        ownFile(volume.image()),
                        ownFile(volume.header()),
                        mode().location())))
        .toList();
  }

  /** One that the document does not name itself. */
  private InputFile ownFile(Path path) {
    return new InputFile(path, Optional.empty(), mode().location());
  }

  private Provisioning provisioning() {
    return switch (mode().text().map(SpecReader::mode).orElse(Provisioning.Mode.NONE)) {
      case NONE -> new Provisioning.None();
      case IN_IMAGE -> new Provisioning.InImage();
      case SEALED ->
          new Provisioning.Sealed(
              userData().path(folder).orElseThrow(), volume().orElseThrow(), mode().location());
    };
  }

  private static Provisioning.Mode mode(String id) {
    return ofId(Provisioning.Mode.values(), Provisioning.Mode::id, id);
  }

  private SecretReference secret(Field secret) {
    Field file = secret.at("from").at("file");
    return new SecretReference(
        secret.at("name").required(),
        file.path(folder).orElseThrow(),
        UUID.fromString(secret.at("guid").required()),
        file.location());
  }

  private Disk disk(Field disk) {
    return new Disk(
        disk.at("name").required(),
        inputFile(disk.at("file")),
        inputFile(disk.at("header")),
        disk.at("name").location());
  }

  private static Acknowledgment acknowledgment(Field entry) {
    return new Acknowledgment(
        risk(entry.at("risk").required()),
        entry.at("reason").required(),
        LocalDate.parse(entry.at("until").required()),
        entry.at("risk").location());
  }

  private static Risk risk(String id) {
    return ofId(Risk.values(), Risk::id, id);
  }

  private static <E> E ofId(E[] values, Function<E, String> id, String wanted) {
    return Arrays.stream(values)
        .filter(value -> id.apply(value).equals(wanted))
        .findFirst()
        .orElseThrow(() -> new IllegalStateException("the schema allows " + wanted));
  }

  /** A file is written as its path, or as a mapping with the path in it. */
  private static Field pathOf(Field file) {
    return file.isMapping() ? file.at("file") : file;
  }

  private Field generations() {
    return spec.at("trust").at("generations");
  }

  private Field chips() {
    return spec.at("trust").at("chips");
  }

  private Field kind() {
    return spec.at("tee").at("kind");
  }

  private Field permission(String name) {
    return spec.at("tee").at("policy").at(name);
  }

  private Field mode() {
    return spec.at("provisioning").at("mode");
  }

  private boolean isSealed() {
    return mode().isText(Provisioning.Mode.SEALED.id());
  }

  private Field userData() {
    return spec.at("provisioning").at("userData");
  }

  /** Where sealed user data lies: as written, or else beside its text. Empty in other modes. */
  private Optional<SealedVolume> volume() {
    if (!isSealed()) {
      return Optional.empty();
    }
    Field written = spec.at("provisioning").at("volume");
    return (written.isWritten()
            ? written.path(folder)
            : userData()
                .path(folder)
                .map(text -> text.resolveSibling(text.getFileName() + ".sealed")))
        .map(SealedVolume::new);
  }

  private Field console() {
    return spec.at("devices").at("console");
  }

  private List<Field> items(String list) {
    return spec.at(list).items();
  }

  private boolean isProduction() {
    return profile.filter(known -> known == Profile.PRODUCTION).isPresent();
  }
}
