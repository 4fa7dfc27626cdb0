package io.appointmentrelay.enrichment;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.appointmentrelay.appointment.AppointmentEvent;
import io.appointmentrelay.appointment.AppointmentNotice;
import io.appointmentrelay.appointment.AppointmentRecord;
import io.appointmentrelay.appointment.Change;
import io.appointmentrelay.appointment.Claim;
import io.appointmentrelay.appointment.StatusGroup;
import io.appointmentrelay.appointment.Timeline;
import io.appointmentrelay.intake.ReadingContext;
import io.appointmentrelay.intake.UnreadableNotification;
import io.appointmentrelay.intake.fhir.FhirAppointment;
import io.appointmentrelay.intake.fhir.Identifier;
import io.appointmentrelay.intake.fhir.LenientTime;
import io.appointmentrelay.intake.fhir.PolledNotification;
import io.appointmentrelay.intake.fhir.TestMark;
import io.appointmentrelay.intake.json.Json;
import io.appointmentrelay.intake.subscription.AppointmentName;
import io.appointmentrelay.settings.Settings.Source;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Holds what a FHIR server has against what is known. Whether it differs, the timeline's own rules
 * say: what they would call unchanged is as known, and no notification is made of it.
 */
public final class Comparison {

  /**
   * The server's version is older than what a notification told. It may lag behind: it is believed
   * when it has said the same for so long.
   */
  static final Duration CATCHES_UP = Duration.ofMinutes(5);

  /** What came of an appointment. */
  public enum Kind {
    AS_KNOWN,
    /** Nothing was known of it. */
    UNKNOWN,
    DIFFERS,
    /** The status differs, and what is known stands: the server's version is the older one. */
    LEFT
  }

  /**
   * What came of an appointment.
   *
   * @param identifier what it is known by, or is to be
   * @param fields what differs
   * @param notification for the inbox; absent: there is nothing to tell
   */
  @SuppressWarnings("ArrayRecordComponent") // handed on once, never compared
  public record Finding(
      Kind kind, String identifier, List<String> fields, byte @Nullable [] notification) {}

  private final Source source;
  private final AppointmentSearch search;
  private final Function<String, Optional<AppointmentRecord>> known;
  private final Instant firstAt;
  private final boolean presumesOld;

  /**
   * @param known what is known, by identifier
   * @param firstAt when the source was first listened to: what was there before is news to nobody
   * @param presumesOld whether what does not say how old it is counts as older than that
   */
  public Comparison(
      Source source,
      AppointmentSearch search,
      Function<String, Optional<AppointmentRecord>> known,
      Instant firstAt,
      boolean presumesOld) {
    this.source = source;
    this.search = search;
    this.known = known;
    this.firstAt = firstAt;
    this.presumesOld = presumesOld;
  }

  /**
   * Compares one that the server has; empty: it has no name that lasts.
   *
   * @param askedAt when the server was asked
   */
  public Optional<Finding> of(JsonNode appointment, Instant askedAt) {
    Identifier name = name(appointment);
    if (name == null) {
      return Optional.empty();
    }
    AppointmentRecord record = record(appointment, name);
    return Optional.of(
        record == null
            ? unknown(name, appointment, askedAt)
            : compared(record, appointment, askedAt));
  }

  /** One that is known to be to come, and that the server does not have any more. */
  public Finding gone(AppointmentRecord record, Instant askedAt) {
    ObjectNode appointment = JsonNodeFactory.instance.objectNode();
    appointment.put("resourceType", "Appointment").put("status", "entered-in-error");
    return compared(record, appointment, askedAt);
  }

  private Finding unknown(Identifier name, JsonNode appointment, Instant askedAt) {
    Instant updated = AppointmentSearch.updated(appointment);
    PolledNotification.Subject subject =
        new PolledNotification.Subject(
            name,
            0,
            TestMark.isOn(appointment),
            updated == null ? askedAt : updated,
            wasThereBefore(appointment, updated));
    return new Finding(
        Kind.UNKNOWN,
        name.value(),
        List.of(),
        PolledNotification.of(subject, appointment, search.patientOf(appointment)));
  }

  private boolean wasThereBefore(JsonNode appointment, @Nullable Instant updated) {
    Instant created = LenientTime.instant(Json.text(appointment, "created"), source.zone());
    Instant since = created == null ? updated : created;
    return since == null ? presumesOld : since.isBefore(firstAt);
  }

  private Finding compared(AppointmentRecord record, JsonNode appointment, Instant askedAt) {
    Instant updated = AppointmentSearch.updated(appointment);
    boolean isOlder = updated == null || updated.isBefore(record.eventTime());
    boolean lags = isOlder && record.eventTime().isAfter(askedAt.minus(CATCHES_UP));
    Finding asKnown = new Finding(Kind.AS_KNOWN, record.identifier(), List.of(), null);
    if (lags) {
      return asKnown;
    }
    if (updated != null && isOlder && revives(record, appointment)) {
      return new Finding(Kind.LEFT, record.identifier(), List.of("status"), null);
    }
    PolledNotification.Subject subject =
        new PolledNotification.Subject(
            new Identifier(record.system(), record.identifier()),
            record.revision(),
            record.test(),
            isOlder ? record.eventTime() : updated,
            false);
    JsonNode comparable = comparable(appointment, record);
    byte[] notification = PolledNotification.of(subject, comparable, null);
    List<String> fields = effect(notification, record, askedAt);
    return fields.isEmpty()
        ? asKnown
        : new Finding(Kind.DIFFERS, record.identifier(), fields, notification);
  }

  private static boolean revives(AppointmentRecord record, JsonNode appointment) {
    String status = FhirAppointment.status(appointment);
    StatusGroup before = record.statusGroup();
    boolean isOver = before == StatusGroup.CANCELLED || before == StatusGroup.NOSHOW;
    return isOver && status != null && StatusGroup.of(status) == StatusGroup.OPEN;
  }

  /**
   * Notifications name a kind of visit in other words than their FHIR server: that is no change.
   */
  private JsonNode comparable(JsonNode appointment, AppointmentRecord record) {
    JsonNode comparable = SecondLook.comparable(appointment, record.details());
    boolean saysItself = source.kind().startsWith("fhir");
    if (saysItself || record.details().type() == null || !comparable.isObject()) {
      return comparable;
    }
    ObjectNode copy = comparable.deepCopy();
    copy.remove(List.of("appointmentType", "serviceType"));
    return copy;
  }

  /** The fields that the timeline would change; none: it would change nothing. */
  private List<String> effect(byte[] notification, AppointmentRecord record, Instant askedAt) {
    AppointmentEvent event =
        Timeline.judge(
            new Timeline.Question(
                claim(notice(notification, askedAt)),
                notice(notification, askedAt),
                record.group(),
                source.name(),
                "asked",
                askedAt,
                record,
                null));
    if (!event.kind().isChange()) {
      return List.of();
    }
    List<String> fields = new ArrayList<>();
    if (event.after().statusGroup() != record.statusGroup()) {
      fields.add("status");
    }
    event.changes().stream().map(Change::field).forEach(fields::add);
    return fields;
  }

  private AppointmentNotice notice(byte[] notification, Instant askedAt) {
    try {
      return new PolledNotification()
          .read(notification, 0, new ReadingContext(source.zone(), askedAt));
    } catch (UnreadableNotification impossible) {
      throw new IllegalStateException("What was written here can be read", impossible);
    }
  }

  /** As routes/intake/polled.camel.yaml has it. */
  private static Claim claim(AppointmentNotice notice) {
    StatusGroup group =
        notice.status() == null ? StatusGroup.OPEN : StatusGroup.of(notice.status());
    return switch (group) {
      case NOSHOW -> Claim.NO_SHOW;
      case CANCELLED -> Claim.CANCELLED;
      case PRESENT -> Claim.CHECKED_IN;
      default -> Claim.BOOKED;
    };
  }

  /** By which of its names the appointment is known; null: by none. */
  private @Nullable AppointmentRecord record(JsonNode appointment, Identifier name) {
    AppointmentRecord record = known.apply(name.value()).orElse(null);
    if (record != null && named(record).agreesWith(name)) {
      return record;
    }
    for (JsonNode element : Json.items(appointment.path("identifier"))) {
      Identifier other = Identifier.of(element);
      AppointmentRecord found = other == null ? null : known.apply(other.value()).orElse(null);
      boolean isSame =
          found != null && Objects.equals(found.system(), Objects.requireNonNull(other).system());
      if (isSame) {
        return found;
      }
    }
    return null;
  }

  private static Identifier named(AppointmentRecord record) {
    return new Identifier(record.system(), record.identifier());
  }

  /** As the source's own notifications would call it. */
  private @Nullable Identifier name(JsonNode appointment) {
    Identifier name = AppointmentName.of(appointment);
    boolean isVisitNumber = name != null && name.system() != null;
    if (isVisitNumber || !search.knowsIdentifiersOnly()) {
      return name;
    }
    for (JsonNode element : Json.items(appointment.path("identifier"))) {
      Identifier identifier = Identifier.of(element);
      if (identifier != null) {
        return identifier;
      }
    }
    return name;
  }
}
