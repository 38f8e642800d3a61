package dev.remit.cli;

import picocli.CommandLine.Help.Visibility;
import picocli.CommandLine.Option;

/** How an answer is given, and help; the same in every command. */
final class OutputOptions {
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
  Terminal.Form form = Terminal.Form.text;

  @Option(
      names = {"-q", "--quiet"},
      description = "Say nothing but the answer and errors.")
  boolean quiet;

  @Option(
      names = {"-v", "--verbose"},
      description = "Log what is done, on stderr.")
  boolean verbose;
}
