package dev.remit.plan;

import dev.remit.spec.HostSpec;
import dev.remit.spec.Spec;
import java.util.Optional;

/**
 * What the user wrote, and where.
 *
 * @param hostSource empty where the host was named by a URI only
 */
public record Documents(
    SourceDocument specSource, Spec spec, Optional<SourceDocument> hostSource, HostSpec host) {}
