package io.appointmentrelay.intake.fhir;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A reference or fullUrl as senders write it: {@code …/Patient?identifier=system|value}, the
 * malformed {@code …/Appointment?system|identifier=value}, a plain {@code …/Appointment/123}.
 * java.net.URI refuses the raw bar (CONTRACTS §1.8), so it is taken apart by hand.
 *
 * @param type the resource type it points to, if it shows one
 * @param identifier what it calls the resource; absent for urn:uuid and the like, which mean
 *     nothing outside of their bundle
 * @param relative the part from the type on: equal for an absolute and a relative reference
 * @param conditional whether it is a query
 */
public record ConditionalUrl(
    @Nullable String type,
    @Nullable Identifier identifier,
    @Nullable String relative,
    boolean conditional) {

  private static final ConditionalUrl NOWHERE = new ConditionalUrl(null, null, null, false);

  private static final Set<String> TYPES =
      Set.of(
          "Appointment",
          "Device",
          "Endpoint",
          "HealthcareService",
          "Location",
          "Organization",
          "Patient",
          "Practitioner",
          "PractitionerRole",
          "RelatedPerson",
          "Schedule",
          "Slot");

  /** Takes a reference or fullUrl apart. Never throws. */
  public static ConditionalUrl of(@Nullable String reference) {
    if (reference == null || reference.startsWith("urn:") || reference.startsWith("#")) {
      return NOWHERE;
    }
    boolean whollyEncoded =
        reference.indexOf('?') < 0 && reference.toUpperCase(Locale.ROOT).contains("%3F");
    String url = whollyEncoded ? decoded(reference) : reference;
    int question = url.indexOf('?');
    String path = question < 0 ? url : url.substring(0, question);

    int end = path.length();
    String after = null;
    while (end > 0) {
      int start = path.lastIndexOf('/', end - 1) + 1;
      String segment = path.substring(start, end);
      if (TYPES.contains(segment)) {
        Identifier identifier =
            question < 0 ? Identifier.of(null, after) : inQuery(url.substring(question + 1));
        return new ConditionalUrl(segment, identifier, url.substring(start), question >= 0);
      }
      after = segment.isEmpty() ? after : decoded(segment);
      end = start - 1;
    }
    return NOWHERE;
  }

  private static @Nullable Identifier inQuery(String query) {
    for (String parameter : query.split("&", -1)) {
      int equals = parameter.indexOf('=');
      String name = decoded(equals < 0 ? "" : parameter.substring(0, equals));
      String value = decoded(parameter.substring(equals + 1));
      Identifier identifier = null;
      if (name.equals("identifier") || (name.isEmpty() && value.indexOf('|') >= 0)) {
        identifier = token(value);
      } else if (name.endsWith("|identifier")) {
        // Redox's samples put the system before the parameter's name.
        String system = name.substring(0, name.length() - "|identifier".length());
        identifier = Identifier.of(system, value);
      } else if (name.equals("_id")) {
        identifier = Identifier.of(null, value);
      }
      if (identifier != null) {
        return identifier;
      }
    }
    return null;
  }

  private static @Nullable Identifier token(String token) {
    int bar = token.indexOf('|');
    return bar < 0
        ? Identifier.of(null, token)
        : Identifier.of(token.substring(0, bar), token.substring(bar + 1));
  }

  private static String decoded(String text) {
    if (text.indexOf('%') < 0) {
      return text;
    }
    try {
      return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException notEncoded) {
      return text;
    }
  }
}
