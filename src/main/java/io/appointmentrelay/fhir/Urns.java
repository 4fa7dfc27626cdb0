package io.appointmentrelay.fhir;

import org.hl7.fhir.r4.model.Identifier;
import org.jspecify.annotations.Nullable;

/** The systems that make a name of one clinic, or of one source, unique among all of them. */
final class Urns {

  private static final String OURS = "urn:appointment-relay:";

  private Urns() {}

  /** What an appointment is called where its source names no system. */
  static String group(String group) {
    return OURS + "group:" + group;
  }

  static String source(String source) {
    return OURS + "source:" + source;
  }

  /** A reference as the sender wrote it, {@code system|value} or a bare id. */
  static Identifier identifier(String reference) {
    int bar = reference.indexOf('|');
    Identifier identifier = new Identifier().setValue(reference.substring(bar + 1));
    return bar > 0 ? identifier.setSystem(reference.substring(0, bar)) : identifier;
  }

  static String system(@Nullable String said, String group) {
    return said == null ? group(group) : said;
  }
}
