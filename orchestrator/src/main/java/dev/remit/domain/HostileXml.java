package dev.remit.domain;

import dev.remit.bytes.MalformedException;
import java.io.IOException;
import java.io.StringReader;
import javax.xml.XMLConstants;
import javax.xml.parsers.DocumentBuilder;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.w3c.dom.Document;
import org.xml.sax.ErrorHandler;
import org.xml.sax.InputSource;
import org.xml.sax.SAXException;
import org.xml.sax.SAXParseException;

/**
 * Reads XML that a hostile host may have written: bounded in size and depth, without document type,
 * and so without entities, and without a look at anything outside the text.
 */
public final class HostileXml {
  /** Characters; an emulator's capabilities have about a tenth of it. */
  public static final int LONGEST = 1 << 20;

  /** Elements within elements; libvirt's own documents have about ten. */
  public static final int DEEPEST = 32;

  private HostileXml() {}

  /** A document without its comments. The exception's message quotes nothing of the text. */
  public static Document parse(String text) throws MalformedException {
    if (text.length() > LONGEST) {
      throw new MalformedException(LONGEST, "a document has at most " + LONGEST + " characters");
    }
    try {
      return parser().parse(new InputSource(new StringReader(text)));
    } catch (SAXParseException e) {
      throw new MalformedException(
          0,
          "not XML as libvirt writes it, in line %d, column %d"
              .formatted(e.getLineNumber(), e.getColumnNumber()));
    } catch (SAXException e) {
      throw new MalformedException(0, "not XML as libvirt writes it");
    } catch (IOException e) {
      throw new IllegalStateException("a text in memory cannot fail to be read", e);
    }
  }

  private static DocumentBuilder parser() {
    try {
      var factory = DocumentBuilderFactory.newDefaultNSInstance();
      factory.setFeature(XMLConstants.FEATURE_SECURE_PROCESSING, true);
      factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
      factory.setAttribute(XMLConstants.ACCESS_EXTERNAL_DTD, "");
      factory.setAttribute(XMLConstants.ACCESS_EXTERNAL_SCHEMA, "");
      factory.setAttribute("jdk.xml.maxElementDepth", Integer.toString(DEEPEST));
      factory.setXIncludeAware(false);
      factory.setExpandEntityReferences(false);
      factory.setIgnoringComments(true);
      factory.setCoalescing(true);
      var parser = factory.newDocumentBuilder();
      parser.setErrorHandler(new Strict());
      return parser;
    } catch (ParserConfigurationException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The default handler prints to stderr. */
  private static final class Strict implements ErrorHandler {
    @Override
    public void warning(SAXParseException problem) throws SAXException {
      throw problem;
    }

    @Override
    public void error(SAXParseException problem) throws SAXException {
      throw problem;
    }

    @Override
    public void fatalError(SAXParseException problem) throws SAXException {
      throw problem;
    }
  }
}
