package io.appointmentrelay.process;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.mapping;
import static java.util.stream.Collectors.toList;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.appointmentrelay.process.StoreView.Kept;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What the clinic's own system makes of the webhooks it got. */
public final class Webhooks {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Set<String> NOT_TOLD = Set.of("UNCHANGED", "STALE");

  private Webhooks() {}

  /** The id of the notification that a webhook tells of. */
  public static String notification(Arrival webhook) {
    return field(webhook, "/data/notification");
  }

  /** The appointment that a webhook tells of, by its name in the source. */
  public static String appointment(Arrival webhook) {
    return field(webhook, "/data/appointment/identifier");
  }

  private static String field(Arrival webhook, String path) {
    try {
      return JSON.readTree(webhook.content()).at(path).asText();
    } catch (JsonProcessingException e) {
      throw new AssertionError(e);
    }
  }

  /**
   * Every event that was to be told has arrived, each appointment's in the order of their
   * notifications, by their first arrivals.
   */
  public static void assertCompleteAndInOrder(List<Arrival> webhooks, List<Kept> kept) {
    List<String> arrived = webhooks.stream().map(Webhooks::notification).distinct().toList();
    Map<String, List<String>> expected =
        kept.stream()
            .filter(row -> row.event() != null && !NOT_TOLD.contains(row.event()))
            .collect(groupingBy(Kept::appointment, mapping(Kept::id, toList())));
    assertThat(arrived)
        .containsExactlyInAnyOrderElementsOf(
            expected.values().stream().flatMap(List::stream).toList());
    Map<String, Integer> placeOf = new HashMap<>();
    arrived.forEach(id -> placeOf.put(id, placeOf.size()));
    List<String> overtaken = new ArrayList<>();
    expected.forEach(
        (appointment, ids) -> {
          List<Integer> places = ids.stream().map(placeOf::get).toList();
          if (!places.equals(places.stream().sorted().toList())) {
            overtaken.add(appointment + " at " + places);
          }
        });
    assertThat(overtaken).as("appointments whose events overtook each other").isEmpty();
  }
}
