package io.appointmentrelay.acceptance;

import com.fasterxml.jackson.databind.JsonNode;
import io.appointmentrelay.command.Sample;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** What the shipped samples say of patients: names, numbers, addresses, dates of birth. */
final class People {

  private static final Set<String> SAID_OF_PEOPLE =
      Set.of(
          "FirstName",
          "LastName",
          "DOB",
          "StreetAddress",
          "EmailAddresses",
          "Mobile",
          "Home",
          "Instructions",
          "CancelReason",
          "given",
          "family",
          "birthDate",
          "line",
          "canvas_patient_key");

  /** Of the practitioner, who is named in the slots that are offered, where no patient is. */
  private static final Set<String> PRACTITIONERS = Set.of("Pat", "Granite", "Dr.");

  private People() {}

  static Set<String> in(List<Sample> samples) {
    Set<String> said = new TreeSet<>();
    for (Sample sample : samples) {
      if (sample.body()[0] != '{') {
        // A text message of a patient: nothing but words to answer with.
        continue;
      }
      try {
        collect(RunningRelay.JSON.readTree(sample.body()), "", said);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    said.removeAll(PRACTITIONERS);
    return said;
  }

  private static void collect(JsonNode node, String name, Set<String> said) {
    if (node.isTextual() && isOfPeople(name, node.asText())) {
      said.add(node.asText());
    } else if (node.isArray()) {
      node.forEach(item -> collect(item, name, said));
    } else {
      node.properties().forEach(field -> collect(field.getValue(), field.getKey(), said));
    }
  }

  private static boolean isOfPeople(String name, String text) {
    boolean isNumber = name.equals("value") && text.matches("[+(][0-9() -]{9,}|.*@.*|0{4,}\\d+");
    return text.length() > 3 && (isNumber || SAID_OF_PEOPLE.contains(name));
  }
}
