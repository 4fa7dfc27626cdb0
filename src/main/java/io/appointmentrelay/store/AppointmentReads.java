package io.appointmentrelay.store;

import io.appointmentrelay.appointment.AppointmentRecord;
import io.appointmentrelay.appointment.Change;
import io.appointmentrelay.appointment.Details;
import io.appointmentrelay.appointment.Party;
import io.appointmentrelay.store.ConsoleReads.Appointment;
import io.appointmentrelay.store.ConsoleReads.AppointmentFilter;
import io.appointmentrelay.store.ConsoleReads.AppointmentWithLife;
import io.appointmentrelay.store.ConsoleReads.TimelineEntry;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Query;
import org.jspecify.annotations.Nullable;

/**
 * Reads what is known of appointments for the console: by time of the visit when a time is asked
 * for, else the latest heard of first. Shows nothing of the patient.
 */
final class AppointmentReads {

  private static final String COLUMNS =
      "id, root, starts_at, state, source, feed_group, identifier, status";

  private static final String LIST =
      "SELECT ((:source IS NULL OR source = :source) AND (:status IS NULL OR status = :status)"
          + " AND (:patient IS NULL OR patient = :patient)"
          + " AND (:from IS NULL OR starts_at >= :from) AND (:to IS NULL OR starts_at < :to)) AS wanted, "
          + COLUMNS
          + " FROM appointment WHERE ";

  private static final String LATEST_HEARD_OF = "id < :id ORDER BY id DESC" + Scan.NO_FURTHER;
  private static final String OF_PATIENT =
      "patient = :patient AND id < :id ORDER BY id DESC" + Scan.NO_FURTHER;
  private static final String BY_START =
      "starts_at >= :earliest AND starts_at < :latest AND (starts_at, id) > (:start, :id)"
          + " ORDER BY starts_at, id"
          + Scan.NO_FURTHER;

  private final Handle handle;
  private final Seal seal;

  AppointmentReads(Handle handle, Seal seal) {
    this.handle = handle;
    this.seal = seal;
  }

  /**
   * @param patient the code of the one the filter asks for
   */
  Page<Appointment> page(AppointmentFilter filter, @Nullable String patient, PageRequest page) {
    boolean asksForTime = filter.from() != null || filter.to() != null;
    return asksForTime && filter.patient() == null
        ? byStart(filter, page)
        : byArrival(filter, patient, page);
  }

  private Page<Appointment> byArrival(
      AppointmentFilter filter, @Nullable String patient, PageRequest page) {
    String order = filter.patient() == null ? LATEST_HEARD_OF : OF_PATIENT;
    long id = page.after() == null ? Long.MAX_VALUE : Cursor.number(page.after());
    return Scan.page(
        filtered(LIST + order, filter, patient).bind("id", id),
        page.limit(),
        this::appointment,
        rows -> rows.getString("id"));
  }

  private Page<Appointment> byStart(AppointmentFilter filter, PageRequest page) {
    long start = Long.MIN_VALUE;
    long id = 0;
    if (page.after() != null) {
      String[] key = Cursor.columns(page.after(), 2);
      start = Cursor.number(key[0]);
      id = Cursor.number(key[1]);
    }
    Long from = Scan.millis(filter.from());
    Long latest = Scan.millis(filter.to());
    return Scan.page(
        filtered(LIST + BY_START, filter, null)
            .bind("earliest", from == null ? start : Math.max(from, start))
            .bind("latest", latest == null ? Long.MAX_VALUE : latest)
            .bind("start", start)
            .bind("id", id),
        page.limit(),
        this::appointment,
        rows -> Cursor.of(rows.getLong("starts_at"), rows.getLong("id")));
  }

  private Query filtered(String sql, AppointmentFilter filter, @Nullable String patient) {
    return handle
        .createQuery(sql)
        .bind("source", filter.source())
        .bind("status", filter.status())
        .bind("patient", patient)
        .bind("from", Scan.millis(filter.from()))
        .bind("to", Scan.millis(filter.to()));
  }

  private record Stored(long id, long root, Appointment appointment) {}

  Optional<AppointmentWithLife> one(String group, String identifier) {
    return handle
        .createQuery(
            "SELECT "
                + COLUMNS
                + " FROM appointment"
                + " WHERE feed_group = :feedGroup AND identifier = :identifier")
        .bind("feedGroup", group)
        .bind("identifier", identifier)
        .map(
            (rows, context) ->
                new Stored(rows.getLong("id"), rows.getLong("root"), appointment(rows)))
        .findOne()
        .map(this::withLife);
  }

  private AppointmentWithLife withLife(Stored stored) {
    Appointment known = stored.appointment();
    return new AppointmentWithLife(
        known.source(),
        known.identifier(),
        known.status(),
        known.start(),
        known.end(),
        known.zone(),
        known.location(),
        known.practitioner(),
        known.type(),
        known.version(),
        known.replaces(),
        known.replacedBy(),
        timeline(stored.id()),
        new DeliveryReads(handle, seal).ofAppointment(stored.root(), stored.id()));
  }

  private List<TimelineEntry> timeline(long appointment) {
    return handle
        .createQuery(
            "SELECT at, event, message, part, changes FROM timeline"
                + " WHERE appointment = :appointment ORDER BY revision")
        .bind("appointment", appointment)
        .map((rows, context) -> entry(rows))
        .list();
  }

  private TimelineEntry entry(ResultSet rows) throws SQLException {
    String changes = rows.getString("changes");
    Position cause = new Position(rows.getLong("message"), rows.getInt("part"));
    return new TimelineEntry(
        Scan.instant(rows, "at"),
        rows.getString("event"),
        cause.id(),
        changes == null
            ? List.of()
            : List.of(seal.read(changes, Change[].class, Place.changes(cause))));
  }

  private Appointment appointment(ResultSet rows) throws SQLException {
    String state = rows.getString("state");
    String identifier = rows.getString("identifier");
    if (state == null) {
      return emptied(rows, identifier);
    }
    AppointmentRecord known =
        seal.read(
            state, AppointmentRecord.class, Place.state(rows.getString("feed_group"), identifier));
    Details details = known.details();
    ZoneId zone = details.zone();
    return new Appointment(
        known.source(),
        known.identifier(),
        known.status(),
        local(details.start(), zone),
        local(details.end(), zone),
        zone == null ? null : zone.getId(),
        shown(details.location()),
        shown(details.practitioner()),
        details.type(),
        known.version(),
        known.replaces(),
        known.replacedBy());
  }

  /** Of which nothing is kept but that it was. */
  private static Appointment emptied(ResultSet rows, String identifier) throws SQLException {
    return new Appointment(
        rows.getString("source"),
        identifier,
        rows.getString("status"),
        null,
        null,
        null,
        null,
        null,
        null,
        0,
        null,
        null);
  }

  private static @Nullable OffsetDateTime local(@Nullable Instant time, @Nullable ZoneId zone) {
    return time == null
        ? null
        : time.atZone(zone == null ? ZoneOffset.UTC : zone).toOffsetDateTime();
  }

  private static @Nullable String shown(@Nullable Party party) {
    return party == null ? null : party.shown();
  }
}
