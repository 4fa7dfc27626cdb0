package io.appointmentrelay.enrichment;

import ca.uhn.fhir.rest.param.ParameterUtil;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What is searched for.
 *
 * @param parameters by name; several values of one name must all hold
 * @param isWhole whether every element is wanted, not only those that look-ups read
 */
record Question(String type, Map<String, List<String>> parameters, boolean isWhole) {

  Question(String type, Map<String, List<String>> parameters) {
    this(type, parameters, false);
  }

  /** The same, for all that the resources say. */
  Question whole() {
    return new Question(type, parameters, true);
  }

  /** By identifier, {@code system|value} or a value alone. */
  static Question identifier(String type, String token) {
    int bar = token.indexOf('|');
    String value =
        bar < 0
            ? ParameterUtil.escape(token)
            : ParameterUtil.escape(token.substring(0, bar))
                + '|'
                + ParameterUtil.escape(token.substring(bar + 1));
    return new Question(type, Map.of("identifier", List.of(value)));
  }

  static Question of(String type) {
    return new Question(type, Map.of());
  }

  /** The same, with a further condition. */
  Question with(String parameter, String... values) {
    Map<String, List<String>> all = new LinkedHashMap<>(parameters);
    all.put(parameter, List.of(values));
    return new Question(type, all, isWhole);
  }

  /** The elements of a resource that are read, as {@code _elements} has them. */
  String[] elements() {
    return switch (type) {
      case "Patient" ->
          new String[] {
            "identifier",
            "name",
            "birthDate",
            "communication",
            "telecom",
            "contact",
            "active",
            "deceased",
            "extension"
          };
      case "Appointment" ->
          new String[] {
            "contained",
            "identifier",
            "status",
            "start",
            "end",
            "appointmentType",
            "serviceType",
            "participant",
            "supportingInformation",
            "extension"
          };
      default -> new String[] {"identifier", "name"};
    };
  }
}
