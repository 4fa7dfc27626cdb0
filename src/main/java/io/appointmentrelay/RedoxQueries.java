package io.appointmentrelay;

import com.fasterxml.jackson.databind.JsonNode;
import io.appointmentrelay.appointment.AppointmentNotice;
import io.appointmentrelay.appointment.AppointmentRecord;
import io.appointmentrelay.appointment.EhrAnswer;
import io.appointmentrelay.appointment.EhrQuestion;
import io.appointmentrelay.appointment.OfferedSlot;
import io.appointmentrelay.appointment.Party;
import io.appointmentrelay.appointment.SlotsNotice;
import io.appointmentrelay.appointment.StatusGroup;
import io.appointmentrelay.appointment.UnusableAnswer;
import io.appointmentrelay.enrichment.DataModelEndpoint;
import io.appointmentrelay.inbox.Reception;
import io.appointmentrelay.intake.ReadingContext;
import io.appointmentrelay.intake.SourceKinds;
import io.appointmentrelay.intake.UnreadableNotification;
import io.appointmentrelay.intake.redox.SchedulingAnswer;
import io.appointmentrelay.intake.redox.SchedulingQuestion;
import io.appointmentrelay.intake.redox.SlotsToPush;
import io.appointmentrelay.settings.InvalidSettings;
import io.appointmentrelay.settings.Settings.Query;
import io.appointmentrelay.settings.Settings.Source;
import io.appointmentrelay.store.ConsoleReads;
import io.appointmentrelay.store.ConsoleReads.CalendarSlot;
import io.appointmentrelay.store.ConsoleReads.SlotFilter;
import io.appointmentrelay.store.Page;
import io.appointmentrelay.store.PageRequest;
import io.appointmentrelay.store.Store;
import io.appointmentrelay.store.WaitingPart;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Asks Redox's Data Model for slots and visits, and takes what it answers into the inbox, as
 * notifications of our own; sends it slots. Fails as {@link DataModelEndpoint} does.
 */
final class RedoxQueries implements AutoCloseable {

  /** An answer that says it is not all is asked for further, so often. */
  private static final int PAGES_AT_MOST = 20;

  private static final int SLOTS_AT_MOST = 10_000;

  private final Map<String, Source> sources;
  private final Map<String, DataModelEndpoint> endpoints = new LinkedHashMap<>();
  private final Reception reception;
  private final Store store;
  private final ConsoleReads reads;
  private final Clock clock;

  /**
   * Builds it; nothing is asked yet.
   *
   * @throws InvalidSettings naming every private key that cannot be used
   */
  RedoxQueries(
      Map<String, Source> sources,
      Reception reception,
      Store store,
      ConsoleReads reads,
      Clock clock) {
    this.sources = Map.copyOf(sources);
    this.reception = reception;
    this.store = store;
    this.reads = reads;
    this.clock = clock;
    List<String> problems = new ArrayList<>();
    for (Source source : sources.values()) {
      Query query = source.query();
      if (query != null) {
        try {
          endpoints.put(source.name(), new DataModelEndpoint(source, query, clock));
        } catch (IllegalArgumentException unusableKey) {
          problems.add(
              "relay.source." + source.name() + ".fhir.private-key: " + unusableKey.getMessage());
        }
      }
    }
    if (!problems.isEmpty()) {
      throw new InvalidSettings(problems);
    }
  }

  /** All that Redox has, over its pages. */
  private record Gathered(
      SchedulingAnswer last, Map<String, JsonNode> items, int unreadable, @Nullable Instant upTo) {}

  /** Asks for free slots; all of those times take the place of what was known of them. */
  EhrAnswer slots(EhrQuestion question) {
    Source source = source(question);
    Gathered gathered = gather(SchedulingQuestion.AVAILABLE_SLOTS, question, source);
    Instant upTo = gathered.upTo() == null ? question.to() : gathered.upTo();
    // What is known of other places and people is not asked for, and stays.
    boolean isOfAllPlaces = question.location() == null;
    SlotsNotice.Asked asked =
        isOfAllPlaces
            ? new SlotsNotice.Asked(question.from(), upTo, question.provider())
            : new SlotsNotice.Asked(question.from(), question.from(), question.provider());
    List<JsonNode> slots = List.copyOf(gathered.items().values());
    List<String> notifications =
        takeIn(source, SchedulingAnswer.notification(asked, slots, clock.instant()));
    return new EhrAnswer(
        source.name(),
        slots.size(),
        slots.size(),
        gathered.unreadable(),
        gathered.upTo() != null,
        notifications);
  }

  /** Asks for booked visits; what is not as it is known is taken in. */
  EhrAnswer booked(EhrQuestion question) {
    Source source = source(question);
    Gathered gathered = gather(SchedulingQuestion.BOOKED, question, source);
    List<String> notifications = new ArrayList<>();
    int unreadable = gathered.unreadable();
    int differing = 0;
    for (JsonNode visit : gathered.items().values()) {
      String number = SchedulingAnswer.visitNumber(visit);
      if (number == null) {
        unreadable++;
        continue;
      }
      Optional<AppointmentRecord> known = store.appointment(source.group(), number);
      byte[] notification =
          gathered.last().notification(visit, known.map(AppointmentRecord::revision).orElse(0));
      if (differs(source, notification, known)) {
        differing++;
        notifications.addAll(takeIn(source, notification));
      }
    }
    return new EhrAnswer(
        source.name(),
        gathered.items().size(),
        differing,
        unreadable,
        gathered.upTo() != null,
        notifications);
  }

  /** Sends the slots that are offered in these times. */
  EhrAnswer push(EhrQuestion question) {
    Source source = source(question);
    DataModelEndpoint endpoint = endpoint(source);
    List<OfferedSlot> slots = offered(question);
    String batch = UUID.randomUUID().toString();
    for (byte[] message : SlotsToPush.of(slots, endpoint.destination(), batch, clock.instant())) {
      endpoint.ask(message);
    }
    return new EhrAnswer(source.name(), slots.size(), 0, 0, false, List.of());
  }

  private Source source(EhrQuestion question) {
    Source source = sources.get(question.source());
    if (source == null) {
      throw new UnusableAnswer(
          "A question names a configured source "
              + sources.keySet()
              + "; this one names another. Correct it, and ask again");
    }
    if (!question.from().isBefore(question.to())) {
      throw new UnusableAnswer(
          "A question's from is before its to; this one's is not. Correct it, and ask again");
    }
    return source;
  }

  private DataModelEndpoint endpoint(Source source) {
    DataModelEndpoint endpoint = endpoints.get(source.name());
    if (endpoint == null) {
      throw new UnusableAnswer(
          "A source that is asked by Redox's Data Model says where; source "
              + source.name()
              + " does not. Set relay.source."
              + source.name()
              + ".query.base-url");
    }
    return endpoint;
  }

  private Gathered gather(String event, EhrQuestion question, Source source) {
    DataModelEndpoint endpoint = endpoint(source);
    Map<String, JsonNode> items = new LinkedHashMap<>();
    int unreadable = 0;
    Instant from = question.from();
    for (int page = 1; ; page++) {
      SchedulingAnswer answer =
          endpoint.ask(
              SchedulingQuestion.of(
                  event, question, from, endpoint.destination(), clock.instant()));
      if (!answer.hasList()) {
        throw new UnusableAnswer(
            "Redox was expected to answer " + event + " with a list, empty or not; found none");
      }
      Instant latest = from;
      for (JsonNode item : answer.items()) {
        Instant start = SchedulingAnswer.start(item, source.zone());
        if (start == null) {
          unreadable++;
          continue;
        }
        items.putIfAbsent(SchedulingAnswer.key(item), item);
        latest = start.isAfter(latest) ? start : latest;
      }
      if (!answer.isIncomplete()) {
        return new Gathered(answer, items, unreadable, null);
      }
      boolean isFurther = latest.isAfter(from) && latest.isBefore(question.to());
      if (!isFurther || page == PAGES_AT_MOST) {
        return new Gathered(answer, items, unreadable, latest);
      }
      // There may be more at the same time as the last one; what comes again is known by its key.
      from = latest;
    }
  }

  /** Whether the timeline may find something in it that a person or a system would be told. */
  private static boolean differs(
      Source source, byte[] notification, Optional<AppointmentRecord> known) {
    AppointmentNotice notice;
    try {
      notice =
          (AppointmentNotice)
              SourceKinds.reader(source.kind())
                  .read(notification, 1, new ReadingContext(source.zone(), Instant.EPOCH));
    } catch (UnreadableNotification e) {
      return false;
    }
    StatusGroup now = StatusGroup.of(notice.status());
    if (known.isEmpty()) {
      return now == StatusGroup.OPEN || now == StatusGroup.PRESENT;
    }
    AppointmentRecord record = known.get();
    StatusGroup before = record.statusGroup();
    boolean isOpenAgain = now == StatusGroup.OPEN && before != StatusGroup.OPEN;
    if (before == StatusGroup.REPLACED || isOpenAgain) {
      // The sender's word that a visit is over stands: only "booked" or "restored" revives it.
      return false;
    }
    return before != now || record.details().differsIn(notice.details());
  }

  private List<String> takeIn(Source source, byte[] notification) {
    return reception.accept(source, notification).join().stream().map(WaitingPart::id).toList();
  }

  private List<OfferedSlot> offered(EhrQuestion question) {
    List<OfferedSlot> slots = new ArrayList<>();
    SlotFilter filter =
        new SlotFilter(question.from(), question.to(), question.provider(), question.location());
    String after = null;
    do {
      Page<CalendarSlot> page = reads.calendar(filter, new PageRequest(PageRequest.AT_MOST, after));
      page.items().forEach(slot -> slots.add(offered(slot)));
      after = page.next();
    } while (after != null && slots.size() < SLOTS_AT_MOST);
    return slots;
  }

  private static OfferedSlot offered(CalendarSlot slot) {
    return new OfferedSlot(
        slot.id(),
        slot.start(),
        slot.minutes(),
        slot.reason(),
        slot.provider(),
        slot.location() == null ? null : Party.named(slot.location()));
  }

  @Override
  public void close() {
    endpoints.values().forEach(DataModelEndpoint::close);
  }
}
