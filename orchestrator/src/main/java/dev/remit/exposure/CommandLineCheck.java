package dev.remit.exposure;

/** Rules over the command line of a kernel. */
@FunctionalInterface
public interface CommandLineCheck {
  void check(String words, TextPlace place, Findings findings);
}
