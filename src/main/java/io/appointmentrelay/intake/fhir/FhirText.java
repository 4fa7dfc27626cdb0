package io.appointmentrelay.intake.fhir;

import com.fasterxml.jackson.databind.JsonNode;
import io.appointmentrelay.intake.json.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Looks into FHIR's general-purpose elements: names, concepts and extensions. */
public final class FhirText {

  private FhirText() {}

  /** The words of a CodeableConcept, or of the first in a list that has any. */
  static @Nullable String concept(JsonNode concepts) {
    for (JsonNode concept : Json.items(concepts)) {
      String text = Json.text(concept, "text");
      if (text != null) {
        return text;
      }
      for (JsonNode coding : Json.items(concept.path("coding"))) {
        String display = Json.text(coding, "display");
        if (display != null) {
          return display;
        }
      }
    }
    return null;
  }

  /** Whether a CodeableConcept, or one in a list, has a coding with this code, in any case. */
  static boolean hasCode(JsonNode concepts, String code) {
    for (JsonNode concept : Json.items(concepts)) {
      for (JsonNode coding : Json.items(concept.path("coding"))) {
        if (code.equalsIgnoreCase(Json.text(coding, "code"))) {
          return true;
        }
      }
    }
    return false;
  }

  /** A resource's name: a plain string, or a HumanName as its text or as given and family. */
  public static @Nullable String name(JsonNode name) {
    String plain = Json.text(name);
    if (plain != null) {
      return plain;
    }
    for (JsonNode human : Json.items(name)) {
      String text = Json.text(human, "text");
      String joined = text != null ? text : joined(human);
      if (joined != null) {
        return joined;
      }
    }
    return null;
  }

  /**
   * The value of the first extension whose url ends so, in any case, among {@code element}'s own
   * extensions; null if it has none.
   */
  static @Nullable JsonNode extension(JsonNode element, String urlEnd) {
    for (JsonNode extension : Json.items(element.path("extension"))) {
      if (urlEnds(extension, urlEnd)) {
        return value(extension);
      }
    }
    return null;
  }

  /** As {@link #extension}, at any depth below {@code element}. */
  static @Nullable JsonNode extensionAnywhere(JsonNode element, String urlEnd) {
    if (element.isObject() && urlEnds(element, urlEnd)) {
      JsonNode value = value(element);
      if (value != null) {
        return value;
      }
    }
    for (JsonNode child : element) {
      JsonNode found = child.isContainerNode() ? extensionAnywhere(child, urlEnd) : null;
      if (found != null) {
        return found;
      }
    }
    return null;
  }

  private static boolean urlEnds(JsonNode extension, String urlEnd) {
    JsonNode url = extension.path("url");
    return url.isTextual()
        && url.textValue().toLowerCase(Locale.ROOT).endsWith(urlEnd.toLowerCase(Locale.ROOT));
  }

  /** FHIR names the field by its type, {@code valueString}; the type tells nothing here. */
  private static @Nullable JsonNode value(JsonNode extension) {
    for (var field : extension.properties()) {
      if (field.getKey().startsWith("value") && !field.getValue().isNull()) {
        return field.getValue();
      }
    }
    return null;
  }

  private static @Nullable String joined(JsonNode human) {
    List<String> words = new ArrayList<>();
    for (String part : List.of("prefix", "given", "family", "suffix")) {
      words.addAll(words(human.path(part)));
    }
    return words.isEmpty() ? null : String.join(" ", words);
  }

  /** Strings of an array, or a lone string. */
  static List<String> words(JsonNode node) {
    List<String> words = new ArrayList<>();
    for (JsonNode word : node.isArray() ? node : List.of(node)) {
      String text = Json.text(word);
      if (text != null) {
        words.add(text);
      }
    }
    return words;
  }
}
