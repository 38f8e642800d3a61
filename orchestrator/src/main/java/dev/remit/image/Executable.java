package dev.remit.image;

import dev.remit.bytes.MalformedException;
import dev.remit.bytes.SeekableBytes;
import dev.remit.diagnostic.HostText;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A program for the firmware (Microsoft, PE Format), above all a unified kernel image (UAPI Group
 * Specification 5; systemd-stub(7)).
 */
final class Executable implements Format {
  /** What the stub looks for; other programs have sections for their version and the like, too. */
  private static final Set<String> MARKS =
      Set.of(".cmdline", ".dtb", ".dtbauto", ".initrd", ".linux", ".profile", ".ucode");

  private static final String CMDLINE = ".cmdline";
  private static final Set<String> INITRDS = Set.of(".initrd", ".ucode");

  @Override
  public String title() {
    return "an EFI program";
  }

  @Override
  public Optional<Content> recognise(SeekableBytes region, Examination examination)
      throws MalformedException, IOException {
    var found = PeSection.all(region, examination.budget());
    if (found.isEmpty()) {
      return Optional.empty();
    }
    var sections = found.get();
    if (sections.stream().map(PeSection::name).noneMatch(MARKS::contains)) {
      // A kernel that is such a program is told of as a kernel.
      return Linux.isMarked(region) ? Optional.empty() : Optional.of(new Content.EfiProgram());
    }
    PeSection.requireApart(sections);
    List<HostText> cmdlines = new ArrayList<>();
    List<Region> initrds = new ArrayList<>();
    for (var section : sections) {
      Rule.require(
          !MARKS.contains(section.name()) || section.used() == section.size(),
          section.at(),
          "a section is larger than what the file has of it");
      if (section.name().equals(CMDLINE)) {
        cmdlines.add(text(section, region, examination.budget()));
      } else if (INITRDS.contains(section.name())) {
        initrds.add(
            examination.region(section.start(), region.slice(section.start(), section.used())));
      }
    }
    return Optional.of(
        new Content.Uki(
            sections.stream().map(section -> new HostText(section.name())).toList(),
            cmdlines,
            initrds));
  }

  private static HostText text(PeSection section, SeekableBytes region, Budget budget)
      throws MalformedException, IOException {
    Rule.require(
        section.used() <= Interest.LARGEST, section.at(), "a kernel command line is too long");
    budget.keep(section.used(), section.at());
    String text =
        new String(
                region.read(section.start(), (int) section.used()).toArray(),
                StandardCharsets.UTF_8)
            .replaceFirst("\0+$", "");
    Rule.require(
        text.indexOf('\0') < 0, section.start(), "a kernel command line goes on after its end");
    return new HostText(text.strip());
  }
}
