package dev.remit.report;

import dev.remit.diagnostic.ExitStatus;
import tools.jackson.databind.node.ObjectNode;

/**
 * What a command has to say.
 *
 * @param text for people, without a line end at its end
 * @param json for programs; its first member names schema and version
 */
public record Answer(ExitStatus status, String text, ObjectNode json) {}
