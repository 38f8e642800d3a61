/** The only code that knows libvirt's domain document. */
@NullMarked
@XmlAccessorType(XmlAccessType.FIELD)
package dev.remit.domain;

import jakarta.xml.bind.annotation.XmlAccessType;
import jakarta.xml.bind.annotation.XmlAccessorType;
import org.jspecify.annotations.NullMarked;
