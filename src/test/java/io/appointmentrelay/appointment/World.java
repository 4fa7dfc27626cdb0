package io.appointmentrelay.appointment;

import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What is known of a clinic's appointments, for tests: judges one notice after another and
 * remembers what came of it, as the store does.
 */
public final class World {

  public static final String GROUP = "clinic";

  private final Map<String, AppointmentRecord> records = new HashMap<>();
  private Instant arrival = Instant.parse("2026-08-01T08:00:00Z");
  private int notifications;

  /** Judges a notice that arrives a minute after the one before it. */
  public AppointmentEvent hears(Claim claim, NoticeBuilder said) {
    arrival = arrival.plusSeconds(60);
    return hears(claim, said, arrival);
  }

  public AppointmentEvent hears(Claim claim, NoticeBuilder said, Instant arrived) {
    return hears(nextNotification(), claim, said, arrived);
  }

  /** The id of one that comes now and is judged when the test says so. */
  public String nextNotification() {
    return ++notifications + "-1";
  }

  public AppointmentEvent hears(
      String notification, Claim claim, NoticeBuilder said, Instant arrived) {
    AppointmentNotice notice = said.build();
    AppointmentEvent event =
        Timeline.judge(
            new Timeline.Question(
                claim,
                notice,
                GROUP,
                "a-source",
                notification,
                arrived,
                records.get(notice.identifier()),
                notice.replaces() == null ? null : records.get(notice.replaces())));
    if (event.replaced() != null) {
      records.put(event.replaced().identifier(), event.replaced());
    }
    records.put(event.after().identifier(), event.after());
    return event;
  }

  /** What is known, which must be something. */
  public AppointmentRecord knows(String identifier) {
    return Optional.ofNullable(records.get(identifier)).orElseThrow();
  }

  public boolean hasSeen(String identifier) {
    return records.containsKey(identifier);
  }

  /** The arrival of the notice that was heard last. */
  public Instant now() {
    return arrival;
  }
}
