package io.appointmentrelay.store;

import io.appointmentrelay.appointment.AppointmentRecord;
import io.appointmentrelay.appointment.Change;
import io.appointmentrelay.appointment.Party;
import io.appointmentrelay.appointment.Why;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.JdbiException;
import org.jspecify.annotations.Nullable;

/**
 * Everything the console shows, read from what was committed. Never waits for the writer, never
 * reads a whole table. Its records have the names of the API; every question fails with {@link
 * StoreUnavailable} when the store cannot be read, and with {@link WrongCursor} when a page is not
 * one of its own.
 */
public final class ConsoleReads {

  /** One part of a notification. */
  public record Notification(
      String id,
      String source,
      Instant receivedAt,
      String status,
      @Nullable String reason,
      @Nullable String appointment,
      @Nullable String event,
      int attempts) {}

  /**
   * One part of a notification with what was sent.
   *
   * @param body as text; absent: it is not kept any more
   * @param purgedAt when it went; absent: it is there
   */
  public record NotificationWithBody(
      String id,
      String source,
      Instant receivedAt,
      String status,
      @Nullable String reason,
      @Nullable String appointment,
      @Nullable String event,
      int attempts,
      @Nullable String body,
      @Nullable Instant purgedAt) {}

  /**
   * Which notifications; absent: any.
   *
   * @param from arrived then or later
   * @param to arrived before
   */
  public record NotificationFilter(
      @Nullable String source,
      @Nullable String status,
      @Nullable String appointment,
      @Nullable Instant from,
      @Nullable Instant to) {}

  /** What is known of an appointment, its times with the offset of its place. */
  public record Appointment(
      String source,
      String identifier,
      String status,
      @Nullable OffsetDateTime start,
      @Nullable OffsetDateTime end,
      @Nullable String zone,
      @Nullable String location,
      @Nullable String practitioner,
      @Nullable String type,
      int version,
      @Nullable String replaces,
      @Nullable String replacedBy) {}

  /** What is known of an appointment, how it came to be known, and what was sent. */
  public record AppointmentWithLife(
      String source,
      String identifier,
      String status,
      @Nullable OffsetDateTime start,
      @Nullable OffsetDateTime end,
      @Nullable String zone,
      @Nullable String location,
      @Nullable String practitioner,
      @Nullable String type,
      int version,
      @Nullable String replaces,
      @Nullable String replacedBy,
      List<TimelineEntry> timeline,
      List<Delivery> deliveries) {}

  /** What one notification told of an appointment. */
  public record TimelineEntry(
      Instant at, String event, String notification, List<Change> changes) {}

  /**
   * Which appointments; absent: any.
   *
   * @param patient the sender's reference to the patient
   * @param from visits that start then or later
   * @param to visits that start before
   */
  public record AppointmentFilter(
      @Nullable String source,
      @Nullable String status,
      @Nullable String patient,
      @Nullable Instant from,
      @Nullable Instant to) {}

  /**
   * One planned message.
   *
   * @param source the source that last spoke of its appointment: where the appointment is found
   * @param audience {@code patient}, {@code staff} or {@code system}
   * @param recipient masked
   */
  public record Delivery(
      long id,
      @Nullable String source,
      @Nullable String appointment,
      int appointmentVersion,
      @Nullable String text,
      String channel,
      String audience,
      @Nullable String recipient,
      Instant due,
      String status,
      @Nullable String reason,
      int attempts,
      @Nullable Instant sentAt,
      @Nullable String providerId) {}

  /** One planned message with what every rule said of it. */
  public record DeliveryWithWhy(
      long id,
      @Nullable String source,
      @Nullable String appointment,
      int appointmentVersion,
      @Nullable String text,
      String channel,
      String audience,
      @Nullable String recipient,
      Instant due,
      String status,
      @Nullable String reason,
      int attempts,
      @Nullable Instant sentAt,
      @Nullable String providerId,
      List<Why> why) {}

  /** Which deliveries; absent: any. */
  public record DeliveryFilter(
      @Nullable String status, @Nullable String channel, @Nullable String appointment) {}

  /** One slot as its source named it. */
  public record Slot(
      String source,
      @Nullable String id,
      Instant start,
      @Nullable Integer minutes,
      @Nullable String reason,
      @Nullable String provider,
      @Nullable String location) {}

  /**
   * Which slots; absent: any.
   *
   * @param provider by name or by the source's reference
   * @param taken only those that a visit takes up, or only those that none does
   */
  public record SlotFilter(
      @Nullable Instant from,
      @Nullable Instant to,
      @Nullable String provider,
      @Nullable String location,
      @Nullable Boolean taken) {

    /** Slots that are offered: no visit takes them up. */
    public SlotFilter(
        @Nullable Instant from,
        @Nullable Instant to,
        @Nullable String provider,
        @Nullable String location) {
      this(from, to, provider, location, false);
    }
  }

  /**
   * One slot of a calendar.
   *
   * @param key what it is known by within its source
   * @param taken a visit that is on takes some of it up
   */
  public record CalendarSlot(
      String source,
      String key,
      @Nullable String id,
      Instant start,
      @Nullable Integer minutes,
      @Nullable String reason,
      @Nullable Party provider,
      @Nullable String location,
      boolean taken) {}

  /**
   * An appointment as it is known, with its patient.
   *
   * @param id the store's own, the same for ever
   * @param updatedAt when it was written last
   * @param replaces the id of the one that it replaces; absent: none, or none that is known
   * @param replacedBy the id of the one that has taken its place
   */
  public record KnownRecord(
      long id,
      AppointmentRecord record,
      Instant updatedAt,
      @Nullable Long replaces,
      @Nullable Long replacedBy) {}

  /**
   * Which appointments are wanted whole; absent and empty: any.
   *
   * @param patients any of these references to a patient
   * @param from visits that start then or later
   * @param to visits that start before
   * @param statuses any of these
   * @param updatedFrom written then or later
   * @param updatedTo written before
   */
  public record RecordFilter(
      List<String> patients,
      @Nullable Instant from,
      @Nullable Instant to,
      List<String> statuses,
      @Nullable Instant updatedFrom,
      @Nullable Instant updatedTo) {
    public RecordFilter {
      patients = List.copyOf(patients);
      statuses = List.copyOf(statuses);
    }
  }

  /** In which order; by start only those that have one. */
  public enum RecordOrder {
    START,
    START_DESCENDING,
    UPDATED,
    UPDATED_DESCENDING
  }

  /**
   * A subscription whose events are numbered.
   *
   * @param lastEvent the highest number that is here, or that was heard of
   * @param gaps the open ones first, then the newest, at most 100
   */
  public record NumberedSubscription(
      String source,
      String subscription,
      long lastEvent,
      Instant lastSeenAt,
      List<EventGap> gaps) {}

  /**
   * Events that had not come when later ones had.
   *
   * @param closedAt absent: they are missing
   * @param how they came in the end: {@code arrived}, {@code asked for}, {@code searched for}; or
   *     {@code given up}, {@code begun anew}
   */
  public record EventGap(
      long from, long to, Instant openedAt, @Nullable Instant closedAt, @Nullable String how) {}

  /**
   * Something of patients was seen, or erased.
   *
   * @param user a console user; or {@code loopback}: whoever was on this machine
   * @param what {@code NOTIFICATION}, {@code DELIVERY}, {@code APPOINTMENT} or {@code ERASURE};
   *     {@code DELIVERIES}, {@code APPOINTMENTS} or {@code OPT_OUTS}: a page of the list
   * @param which its id; of a list, by what was searched
   * @param detail of an erasure: what of it, in numbers; of a list, how many and which
   */
  public record Access(
      Instant at, String user, String what, String which, @Nullable String detail) {}

  /**
   * Which accesses; absent: any.
   *
   * @param from then or later
   * @param to before
   */
  public record AccessFilter(@Nullable Instant from, @Nullable Instant to, @Nullable String user) {}

  private interface Reading<T> {
    T read(Handle handle);
  }

  private final Jdbi jdbi;
  private final Seal seal;
  private @Nullable RecipientCode code;

  public ConsoleReads(Database database) {
    this(Jdbi.create(database.readers()), database.seal());
  }

  ConsoleReads(Jdbi jdbi) {
    this(jdbi, Seal.NONE);
  }

  private ConsoleReads(Jdbi jdbi, Seal seal) {
    this.jdbi = jdbi;
    this.seal = seal;
  }

  /** The inbox, the newest first. */
  public Page<Notification> notifications(NotificationFilter filter, PageRequest page) {
    return read(handle -> NotificationReads.page(handle, filter, page));
  }

  /** One part of a notification, without its body; empty if there is none. */
  public Optional<Notification> notification(Position position) {
    return read(handle -> NotificationReads.one(handle, position));
  }

  /** One part of a notification with its body; empty if there is none. */
  public Optional<NotificationWithBody> notificationWithBody(Position position) {
    return read(handle -> NotificationReads.withBody(handle, position, seal));
  }

  /** The appointments: by start if a time is asked for, else the latest heard of first. */
  public Page<Appointment> appointments(AppointmentFilter filter, PageRequest page) {
    return read(
        handle -> new AppointmentReads(handle, seal).page(filter, patient(handle, filter), page));
  }

  /**
   * One appointment with its life; empty if there is none.
   *
   * @param group the group of the source that speaks of it
   */
  public Optional<AppointmentWithLife> appointment(String group, String identifier) {
    return read(handle -> new AppointmentReads(handle, seal).one(group, identifier));
  }

  /** The outbox, the newest first. */
  public Page<Delivery> deliveries(DeliveryFilter filter, PageRequest page) {
    return read(handle -> new DeliveryReads(handle, seal).page(filter, page));
  }

  /** One delivery with what every rule said of it; empty if there is none. */
  public Optional<DeliveryWithWhy> delivery(long id) {
    return read(handle -> new DeliveryReads(handle, seal).one(id));
  }

  /** The slots, the earliest first. */
  public Page<Slot> slots(SlotFilter filter, PageRequest page) {
    Page<CalendarSlot> found = calendar(filter, page);
    return new Page<>(found.items().stream().map(ConsoleReads::shown).toList(), found.next());
  }

  /** The slots with whose they are, the earliest first. */
  public Page<CalendarSlot> calendar(SlotFilter filter, PageRequest page) {
    return read(handle -> SlotReads.page(handle, seal, filter, page));
  }

  private static Slot shown(CalendarSlot slot) {
    return new Slot(
        slot.source(),
        slot.id(),
        slot.start(),
        slot.minutes(),
        slot.reason(),
        slot.provider() == null ? null : slot.provider().shown(),
        slot.location());
  }

  /** The appointments whole. */
  public Page<KnownRecord> records(RecordFilter filter, RecordOrder order, PageRequest page) {
    return read(
        handle ->
            RecordReads.page(
                handle, seal, patient -> code(handle).ofPatient(patient), filter, order, page));
  }

  /** The appointments of that identifier in these groups, whole; one of a group at most. */
  public List<KnownRecord> records(String identifier, List<String> groups) {
    return read(handle -> RecordReads.named(handle, seal, identifier, groups));
  }

  /** One appointment whole, by the store's own id; empty if there is none. */
  public Optional<KnownRecord> record(long id) {
    return read(handle -> RecordReads.one(handle, seal, id));
  }

  /** The subscriptions that number their events, and what is missing. */
  public Page<NumberedSubscription> subscriptions() {
    return read(SubscriptionReads::all);
  }

  /** Who saw what of patients, the latest first. */
  public Page<Access> accesses(AccessFilter filter, PageRequest page) {
    return read(handle -> AccessReads.page(handle, filter, page));
  }

  /** By what a patient is found; absent: none is asked for. */
  private @Nullable String patient(Handle handle, AppointmentFilter filter) {
    String reference = filter.patient();
    return reference == null ? null : code(handle).ofPatient(reference);
  }

  private RecipientCode code(Handle handle) {
    RecipientCode coding = code;
    if (coding == null) {
      String key =
          handle
              .createQuery("SELECT value FROM installation WHERE name = :name")
              .bind("name", Installation.RECIPIENT_KEY)
              .mapTo(String.class)
              .one();
      coding = new RecipientCode(seal.open(key, Place.RECIPIENT_KEY));
      code = coding;
    }
    return coding;
  }

  private <T> T read(Reading<T> reading) {
    try {
      return jdbi.inTransaction(reading::read);
    } catch (JdbiException e) {
      // Its message would quote the question with its values.
      throw new StoreUnavailable("The store cannot be read now; try again later");
    }
  }
}
