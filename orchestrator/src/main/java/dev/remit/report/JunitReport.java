package dev.remit.report;

import dev.remit.diagnostic.Diagnostic;
import dev.remit.diagnostic.HostText;
import dev.remit.exposure.Checked;
import dev.remit.exposure.Technology;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Set;
import javax.xml.stream.XMLOutputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamWriter;

/**
 * What was found in files, for programs that show tests: a test for each file and rule that was
 * tripped, and one that passes for each file without any.
 */
public final class JunitReport {
  private record Case(String file, String name, boolean failed, String text) {}

  private JunitReport() {}

  /**
   * The report as XML, which is the text of the answer.
   *
   * @param tee the one technology that counts; empty where each file says it by itself
   */
  public static Answer of(List<Checked> files, Set<Technology> tee) {
    var cases = new ArrayList<Case>();
    for (var file : files) {
      cases.addAll(cases(file, tee));
    }
    return new Answer(CheckReport.status(files, tee), xml(cases), Json.of("remit.check/1"));
  }

  private static List<Case> cases(Checked checked, Set<Technology> tee) {
    String file = HostText.line(checked.file());
    var cases = new ArrayList<Case>();
    for (var problem : checked.unreadable()) {
      cases.add(new Case(file, problem.code().id(), true, text(problem)));
    }
    var byRule = new LinkedHashMap<String, List<CheckReport.Judged>>();
    for (var judged : CheckReport.judged(checked, tee)) {
      byRule.computeIfAbsent(judged.entry().id(), _ -> new ArrayList<>()).add(judged);
    }
    byRule.forEach((id, same) -> {
      boolean failed = same.stream().anyMatch(each -> each.ruling().stops());
      cases.add(new Case(file, id + " " + same.getFirst().entry().title(), failed, text(same)));
    });
    if (cases.isEmpty()) {
      cases.add(new Case(file, "nothing found", false, ""));
    }
    return cases;
  }

  private static String text(Diagnostic problem) {
    return problem.what() + "\n" + problem.why() + "\n" + problem.fix();
  }

  private static String text(List<CheckReport.Judged> same) {
    var entry = same.getFirst().entry();
    var text = new StringBuilder(entry.gets());
    for (var each : same) {
      text.append('\n')
          .append(CheckReport.place(each.finding().at()))
          .append(": ")
          .append(each.finding().found());
    }
    return text.append("\ndo this instead: ").append(entry.instead()).toString();
  }

  private static String xml(List<Case> cases) {
    var text = new StringWriter();
    try {
      var xml = XMLOutputFactory.newDefaultFactory().createXMLStreamWriter(text);
      xml.writeStartDocument("UTF-8", "1.0");
      xml.writeCharacters("\n");
      xml.writeStartElement("testsuites");
      xml.writeCharacters("\n  ");
      xml.writeStartElement("testsuite");
      xml.writeAttribute("name", "remit check");
      xml.writeAttribute("tests", Integer.toString(cases.size()));
      xml.writeAttribute("failures", Long.toString(cases.stream().filter(Case::failed).count()));
      xml.writeAttribute("errors", "0");
      for (var each : cases) {
        write(each, xml);
      }
      xml.writeCharacters("\n  ");
      xml.writeEndElement();
      xml.writeCharacters("\n");
      xml.writeEndElement();
      xml.writeEndDocument();
      xml.close();
    } catch (XMLStreamException e) {
      throw new IllegalStateException("a text in memory cannot fail to be written", e);
    }
    return text.toString();
  }

  private static void write(Case each, XMLStreamWriter xml) throws XMLStreamException {
    xml.writeCharacters("\n    ");
    xml.writeStartElement("testcase");
    xml.writeAttribute("classname", each.file());
    xml.writeAttribute("name", each.name());
    if (!each.text().isEmpty()) {
      xml.writeStartElement(each.failed() ? "failure" : "system-out");
      if (each.failed()) {
        xml.writeAttribute("message", each.text().lines().findFirst().orElse(""));
      }
      xml.writeCharacters(HostText.lines(each.text()));
      xml.writeEndElement();
    }
    xml.writeEndElement();
  }
}
