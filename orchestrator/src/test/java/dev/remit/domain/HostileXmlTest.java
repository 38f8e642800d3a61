package dev.remit.domain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertTimeout;

import dev.remit.bytes.MalformedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class HostileXmlTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "<!DOCTYPE domain><domain/>",
        "<!DOCTYPE domain SYSTEM \"http://127.0.0.1:9/x.dtd\"><domain/>",
        "<!DOCTYPE domain [<!ENTITY a 'aaaa'>]><domain>&a;</domain>",
        "<!DOCTYPE d [<!ENTITY a 'aa'><!ENTITY b '&a;&a;'><!ENTITY c '&b;&b;'>]><d>&c;</d>",
        "<!DOCTYPE d [<!ENTITY % p SYSTEM 'file:///etc/passwd'> %p;]><d/>"
      })
  void refusesADocumentType(String text) {
    assertRefused(text);
  }

  @Test
  void opensNoFileThatADocumentNames(@TempDir Path folder) throws Exception {
    var file = Files.writeString(folder.resolve("secret"), "of the tenant");
    assertRefused("<!DOCTYPE d [<!ENTITY e SYSTEM '%s'>]><d>&e;</d>".formatted(file.toUri()));

    var included =
        HostileXml.parse(
            "<d xmlns:xi='http://www.w3.org/2001/XInclude'><xi:include href='%s' parse='text'/></d>"
                .formatted(file.toUri()));
    assertThat(included.getDocumentElement().getTextContent()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "text",
        "<a>",
        "<a></b>",
        "<a/><b/>",
        "<a>&b;</a>",
        "\0",
        "<a b='1' b='2'/>",
        "<q:a/>"
      })
  void refusesWhatIsNotXml(String text) {
    assertRefused(text);
  }

  @Test
  void acceptsTheDeepestAndRefusesDeeper() throws Exception {
    String deepest = "<a>".repeat(HostileXml.DEEPEST) + "</a>".repeat(HostileXml.DEEPEST);

    assertThat(HostileXml.parse(deepest).getDocumentElement().getNodeName()).isEqualTo("a");
    assertRefused("<a>" + deepest + "</a>");
    assertRefused("<a>".repeat(1_000_000));
  }

  @Test
  void acceptsTheLongestAndRefusesLonger() throws Exception {
    String longest = "<a>" + "x".repeat(HostileXml.LONGEST - 7) + "</a>";

    assertThat(HostileXml.parse(longest).getDocumentElement().getTextContent())
        .hasSize(HostileXml.LONGEST - 7);
    assertRefused(longest + " ");
  }

  @ParameterizedTest
  @ValueSource(strings = {"<a/>", "<a b='c'/>", "&lt;", "<!-- -->", "<?p?>", "<![CDATA[]]>", " "})
  void endsSoonWhateverTheTextRepeats(String part) {
    String text = "<r>" + part.repeat((HostileXml.LONGEST - 10) / part.length()) + "</r>";

    assertTimeout(
        Duration.ofSeconds(5),
        () -> {
          try {
            assertThat(HostileXml.parse(text).getDocumentElement().getNodeName()).isEqualTo("r");
          } catch (MalformedException refused) {
            assertThat(refused).hasMessageContaining("not XML as libvirt writes it");
          }
        });
  }

  @Test
  void refusesAnElementWithAttributesWithoutEnd() {
    var text = new StringBuilder("<r");
    for (int i = 0; i < 100_000; i++) {
      text.append(" a").append(i).append("='1'");
    }
    assertRefused(text.append("/>").toString());
  }

  @Test
  void quotesNothingOfTheTextInItsMessage() {
    assertThatThrownBy(() -> HostileXml.parse("<domain><evil-name></domain>"))
        .isInstanceOf(MalformedException.class)
        .hasMessage("not XML as libvirt writes it, in line 1, column 22 (at byte 0)");
  }

  private static void assertRefused(String text) {
    assertTimeout(
        Duration.ofSeconds(5),
        () ->
            assertThatThrownBy(() -> HostileXml.parse(text))
                .isInstanceOf(MalformedException.class));
  }
}
