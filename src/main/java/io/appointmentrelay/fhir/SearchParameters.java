package io.appointmentrelay.fhir;

import io.appointmentrelay.store.PageRequest;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A search's parameters held against those that are supported: the rest is refused, or passed over
 * and remembered, as the asker wishes. Values are read strictly either way.
 */
final class SearchParameters {

  /** Where the next page begins; the asker takes it from a link. */
  static final String PAGE = "_page";

  private static final String COUNT = "_count";
  private static final String SORT = "_sort";

  /** What every search may say about its answer; dealt with before the search. */
  private static final Set<String> ABOUT_THE_ANSWER = Set.of("_format", "_pretty");

  private static final Set<String> OF_EVERY_SEARCH = Set.of(COUNT, PAGE);
  private static final int LONGEST_VALUE = 1_000;
  private static final int VALUES_AT_MOST = 50;

  private final FhirQuestion question;
  private final Map<String, List<String>> known = new LinkedHashMap<>();
  private final Set<String> passedOver = new LinkedHashSet<>();

  /**
   * @param supported names with their modifiers, such as {@code patient:identifier}
   */
  SearchParameters(FhirQuestion question, Set<String> supported) {
    this.question = question;
    question.parameters().forEach((name, values) -> sort(name, values, supported));
    if (question.strict() && !passedOver.isEmpty()) {
      throw FhirRefusal.unsupported(
          "Expected the parameters "
              + Stream.concat(supported.stream(), OF_EVERY_SEARCH.stream())
                  .filter(name -> !name.equals(PAGE))
                  .sorted()
                  .collect(Collectors.joining(", "))
              + "; found "
              + passedOver.size()
              + " other. Leave it out, or ask with Prefer: handling=lenient.");
    }
  }

  private void sort(String name, List<String> values, Set<String> supported) {
    if (supported.contains(name) || OF_EVERY_SEARCH.contains(name)) {
      List<String> said = values.stream().filter(value -> !value.isBlank()).toList();
      boolean tooMuch =
          said.size() > VALUES_AT_MOST
              || said.stream().anyMatch(value -> value.length() > LONGEST_VALUE);
      if (tooMuch) {
        throw FhirRefusal.wrong(
            name + "= expects few and short values; found more. Ask for less at a time.");
      }
      if (!said.isEmpty()) {
        known.put(name, said);
      }
    } else if (!ABOUT_THE_ANSWER.contains(name)) {
      passedOver.add(name);
    }
  }

  List<String> all(String name) {
    return known.getOrDefault(name, List.of());
  }

  /** The value; null if absent. */
  @Nullable String one(String name) {
    List<String> values = all(name);
    if (values.size() > 1) {
      throw FhirRefusal.unsupported(
          name + "= is expected once; found it several times. Ask for one at a time.");
    }
    return values.isEmpty() ? null : values.get(0);
  }

  /** The values of a token or reference that may be several by commas: any of them. */
  List<String> anyOf(String name) {
    String value = one(name);
    return value == null
        ? List.of()
        : Stream.of(value.split(",", -1)).map(String::strip).filter(one -> !one.isEmpty()).toList();
  }

  /** One of these sorts; null if none is asked for, or one that is passed over. */
  @Nullable String sort(Set<String> sorts) {
    String sort = one(SORT);
    if (sort == null || sorts.contains(sort)) {
      return sort;
    }
    if (question.strict()) {
      throw FhirRefusal.unsupported(
          "_sort= expects one of "
              + sorts.stream().sorted().toList()
              + "; found another. Leave it out, or ask with Prefer: handling=lenient.");
    }
    known.remove(SORT);
    passedOver.add(SORT);
    return null;
  }

  PageRequest page(int atMost) {
    String count = one(COUNT);
    return new PageRequest(
        count == null ? PageRequest.USUAL : Math.min(count(count), atMost), one(PAGE));
  }

  private static int count(String text) {
    try {
      int count = Integer.parseInt(text);
      if (count >= 1) {
        return count;
      }
    } catch (NumberFormatException e) {
      throw wrongCount();
    }
    throw wrongCount();
  }

  private static FhirRefusal wrongCount() {
    return FhirRefusal.wrong(
        "_count= expects a number from 1; found something else. Correct it, and ask again.");
  }

  /** The names of what was passed over; never values. */
  Set<String> passedOver() {
    return passedOver;
  }

  /** The search as it was understood. */
  String self(String type) {
    return link(type, one(PAGE));
  }

  /** The same search from there on. */
  String link(String type, @Nullable String page) {
    List<String> pairs = new ArrayList<>();
    known.forEach(
        (name, values) ->
            values.forEach(
                value -> {
                  if (!name.equals(PAGE)) {
                    pairs.add(encoded(name) + "=" + encoded(value));
                  }
                }));
    if (page != null) {
      pairs.add(PAGE + "=" + encoded(page));
    }
    String query = pairs.isEmpty() ? "" : "?" + String.join("&", pairs);
    return question.base() + "/" + type + query;
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }
}
