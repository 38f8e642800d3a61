package dev.remit.exposure;

import dev.remit.bytes.Bytes;
import dev.remit.bytes.MalformedException;
import dev.remit.bytes.SeekableBytes;
import dev.remit.diagnostic.Code;
import dev.remit.diagnostic.Diagnostic;
import dev.remit.diagnostic.HostText;
import dev.remit.diagnostic.Location;
import dev.remit.firmware.FirmwareImage;
import dev.remit.image.Companions;
import dev.remit.image.Examination;
import dev.remit.spec.HostReader;
import dev.remit.spec.Read;
import dev.remit.spec.Spec;
import dev.remit.spec.SpecReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Looks files through for leaks, whatever they are. */
public final class Checks {
  /** Bytes of a text; documents of this kind have some thousands. */
  public static final int LARGEST_TEXT = 4 << 20;

  private static final Set<Technology> ALL = EnumSet.allOf(Technology.class);

  private static final Pattern HOST = Pattern.compile("(?m)^[\"']?kind[\"']?:\\s*[\"']?Host\\b");

  private final LocalDate today;
  private final Companions given;

  /**
   * All rules, for the files of one run.
   *
   * @param today in UTC; an acknowledgment of a spec counts up to its last day
   * @param given the files of the run, which an image may refer to
   */
  public Checks(LocalDate today, Companions given) {
    this.today = today;
    this.given = given;
  }

  /**
   * Looks one file through.
   *
   * @param as what its owner says it is
   */
  public Checked check(String file, SeekableBytes content, Optional<SubjectKind> as)
      throws IOException {
    var look = new Look(file);
    if (content.size() == 0) {
      return look.nothing("the file is empty", as);
    }
    if (content.size() > LARGEST_TEXT) {
      if (as.isPresent() && as.get() != SubjectKind.IMAGE && as.get() != SubjectKind.FIRMWARE) {
        return look.nothing(
            "%s has at most %d bytes, and the file has %d"
                .formatted(as.get().title(), LARGEST_TEXT, content.size()),
            as);
      }
      return look.octets(content, as.orElseGet(() -> ofLarge(content)));
    }
    var whole = content.read(0, (int) content.size());
    var text = Detection.text(whole);
    var kinds =
        as.map(List::of)
            .orElseGet(() ->
                text.map(each -> List.copyOf(Detection.ofText(each)))
                    .orElseGet(() -> List.of(ofOctets(whole))));
    if (kinds.isEmpty()) {
      return look.nothing("nothing in it says what it is", as);
    }
    return switch (kinds.getFirst()) {
      case IMAGE, FIRMWARE -> look.octets(content, kinds.getFirst());
      case USER_DATA, DOMAIN, KUBEVIRT, KCLI, COMMAND_LINE, KERNEL_COMMAND_LINE, SPEC -> {
        if (text.isEmpty() && kinds.getFirst() != SubjectKind.USER_DATA) {
          yield look.nothing(
              kinds.getFirst().title() + " is text in UTF-8, and the file is not", as);
        }
        yield look.all(whole, text, kinds);
      }
    };
  }

  private static SubjectKind ofOctets(Bytes whole) {
    return isFirmware(whole) ? SubjectKind.FIRMWARE : Detection.ofOctets(whole);
  }

  private static SubjectKind ofLarge(SeekableBytes content) {
    return isFirmware(content) ? SubjectKind.FIRMWARE : SubjectKind.IMAGE;
  }

  private static boolean isFirmware(Bytes whole) {
    return isFirmware(SeekableBytes.of(whole));
  }

  private static boolean isFirmware(SeekableBytes content) {
    try {
      FirmwareImage.parse(content);
      return true;
    } catch (MalformedException | IOException notFirmware) {
      return false;
    }
  }

  /** One file under way. */
  private final class Look {
    private final String file;
    private final Findings findings = new Findings();
    private final List<Diagnostic> unreadable = new ArrayList<>();

    Look(String file) {
      this.file = file;
    }

    Checked nothing(String why, Optional<SubjectKind> as) {
      unreadable.add(
          Diagnostic.at(
              new Location.InFile(file),
              Code.UNKNOWN_FILE,
              "the file is nothing that Remit looks through",
              why,
              "give one of these, or say which by --as: "
                  + Stream.of(SubjectKind.values())
                      .map(kind -> kind.id() + " (" + kind.title() + ")")
                      .collect(Collectors.joining(", "))));
      return checked(as, ALL, Optional.empty());
    }

    private Checked checked(
        Optional<SubjectKind> kind, Set<Technology> used, Optional<ImageVerdict> verdict) {
      return new Checked(file, kind, used, verdict, findings.all(), unreadable);
    }

    Checked octets(SeekableBytes content, SubjectKind kind) throws IOException {
      if (kind == SubjectKind.FIRMWARE) {
        try {
          FirmwareRules.check(FirmwareImage.parse(content), file, findings);
        } catch (MalformedException malformed) {
          unreadable.add(
              notOfItsKind(malformed, kind, new Location.InBytes(file, malformed.offset())));
        }
        return checked(Optional.of(kind), ALL, Optional.empty());
      }
      var verdict =
          ImageRules.check(Examination.of(content, given), file, findings, unreadable::add, given);
      return checked(Optional.of(kind), ALL, verdict);
    }

    /**
     * By the rules of each kind, and named by the first.
     *
     * @param text empty for packed user data
     */
    Checked all(Bytes whole, Optional<String> text, List<SubjectKind> kinds) {
      var used = EnumSet.noneOf(Technology.class);
      for (var kind : kinds) {
        used.addAll(
            kind == SubjectKind.USER_DATA ? userData(whole, text) : text(text.orElseThrow(), kind));
      }
      return checked(Optional.of(kinds.getFirst()), used, Optional.empty());
    }

    private Set<Technology> userData(Bytes whole, Optional<String> text) {
      TextPlace place =
          text.<TextPlace>map(each -> new TextInFile(file, each))
              .orElseGet(() -> TextPlace.whole(new Location.InFile(file)));
      UserData.check(whole, place, "", findings, broken(place, SubjectKind.USER_DATA));
      return ALL;
    }

    private Set<Technology> text(String text, SubjectKind kind) {
      var place = new TextInFile(file, text);
      try {
        switch (kind) {
          case KUBEVIRT -> {
            return KubeVirtManifest.check(text, place, findings, broken(place, kind));
          }
          case KCLI -> KcliPlan.check(text, place, findings);
          case KERNEL_COMMAND_LINE ->
              KernelCommandLineRules.check(
                  text.strip(), UserData.shifted(place, leading(text)), findings);
          case DOMAIN -> {
            return domains(text);
          }
          case COMMAND_LINE -> {
            var line = EmulatorArguments.parse(file, text);
            CommandLineRules.check(line, findings);
            return CommandLineRules.technologies(line);
          }
          case SPEC -> spec(text);
          case USER_DATA, FIRMWARE, IMAGE ->
              throw new IllegalStateException(kind + " is no text for this");
        }
      } catch (MalformedException malformed) {
        broken(place, kind).accept(malformed);
      }
      return ALL;
    }

    private Set<Technology> domains(String text) throws MalformedException {
      var used = EnumSet.noneOf(Technology.class);
      for (String domain : WrappedDomains.in(text)) {
        var document = DomainXml.parse(file, domain);
        DomainRules.check(document, findings);
        used.addAll(DomainRules.technologies(document));
      }
      return used;
    }

    /** Remit's own documents: their readers and the rules, held against what the spec says. */
    private void spec(String text) {
      var content = Bytes.copyOf(text.getBytes(StandardCharsets.UTF_8));
      Path folder = Path.of("/");
      if (HOST.matcher(text).find()) {
        if (HostReader.read(file, folder, content) instanceof Read.Rejected<?> rejected) {
          unreadable.addAll(rejected.problems());
        }
        return;
      }
      switch (SpecReader.read(file, folder, content, today)) {
        case Read.Good<Spec>(var spec) -> SpecRules.checkOpen(spec, findings);
        case Read.Rejected<Spec>(var problems) -> unreadable.addAll(problems);
      }
    }

    private static int leading(String text) {
      return text.length() - text.stripLeading().length();
    }

    private Consumer<MalformedException> broken(TextPlace place, SubjectKind kind) {
      return malformed -> {
        int at = (int) Math.clamp(malformed.offset(), 0, Integer.MAX_VALUE - 1L);
        unreadable.add(notOfItsKind(malformed, kind, place.part(at, at + 1)));
      };
    }

    private static Diagnostic notOfItsKind(
        MalformedException malformed, SubjectKind kind, Location at) {
      return Diagnostic.at(
          at,
          Code.PART_UNREADABLE,
          "a part of the file cannot be read as " + kind.title(),
          new HostText(malformed.what()).toString(),
          "correct it, or say by --as what the file is; what is not read cannot be called clean");
    }
  }
}
