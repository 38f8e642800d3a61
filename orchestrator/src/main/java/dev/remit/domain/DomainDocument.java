package dev.remit.domain;

import dev.remit.bytes.Bytes;

/**
 * A libvirt domain document, ready to send.
 *
 * @param text XML
 * @param digest SHA-256 of the text in UTF-8, 32 bytes
 */
public record DomainDocument(String text, Bytes digest) {}
