package dev.remit.cli;

import picocli.CommandLine.Help.Visibility;
import picocli.CommandLine.Option;

/** How findings are given, and help. */
final class CheckOutput {
  enum Form {
    text,
    json,
    sarif,
    junit
  }

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Show this text.")
  boolean help;

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FORM",
      defaultValue = "text",
      showDefaultValue = Visibility.ALWAYS,
      description = "Form of the answer: ${COMPLETION-CANDIDATES}.")
  Form form = Form.text;

  @Option(
      names = {"-q", "--quiet"},
      description = "Say nothing but the answer and errors.")
  boolean quiet;

  @Option(
      names = {"-v", "--verbose"},
      description = "List the risks that remain in any case; log what is done, on stderr.")
  boolean verbose;
}
