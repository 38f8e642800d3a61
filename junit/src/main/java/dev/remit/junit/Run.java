package dev.remit.junit;

/**
 * How a program ended.
 *
 * @param status its exit status
 */
public record Run(int status, String stdout, String stderr) {}
