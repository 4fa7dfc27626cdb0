package io.appointmentrelay.store;

import io.appointmentrelay.appointment.Why;
import io.appointmentrelay.store.ConsoleReads.Delivery;
import io.appointmentrelay.store.ConsoleReads.DeliveryFilter;
import io.appointmentrelay.store.ConsoleReads.DeliveryWithWhy;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jdbi.v3.core.Handle;

/** Reads the outbox for the console, the newest first. Recipients are masked in the store. */
final class DeliveryReads {

  private static final String COLUMNS =
      "d.id, a.source, a.identifier, d.version, d.text, d.channel, d.audience, d.recipient, d.due, d.status,"
          + " d.reason, d.attempts, d.sent_at, d.provider_id";

  /** A delivery is shown also when its appointment is gone: that is when it is looked for. */
  private static final String FROM =
      " FROM delivery d LEFT JOIN appointment a ON a.id = d.appointment ";

  private static final String LIST =
      "SELECT ((:status IS NULL OR d.status = :status) AND (:channel IS NULL OR d.channel = :channel)"
          + " AND (:appointment IS NULL OR a.identifier = :appointment)) AS wanted, "
          + COLUMNS
          + FROM
          + "WHERE d.id < :id";

  /**
   * An identifier is unique only within a group of feeds: the groups are walked by the index, one
   * step each, so that the identifier is looked up instead of looked for.
   */
  private static final String ROOTS_OF_APPOINTMENT =
      " AND d.root IN (WITH RECURSIVE feeds (name) AS (SELECT MIN(feed_group) FROM appointment UNION ALL"
          + " SELECT (SELECT MIN(n.feed_group) FROM appointment n WHERE n.feed_group > feeds.name) FROM feeds"
          + " WHERE feeds.name IS NOT NULL) SELECT o.root FROM feeds JOIN appointment o"
          + " ON o.feed_group = feeds.name AND o.identifier = :appointment)";

  private static final String NEWEST_FIRST = " ORDER BY d.id DESC" + Scan.NO_FURTHER;

  private final Handle handle;
  private final Seal seal;

  DeliveryReads(Handle handle, Seal seal) {
    this.handle = handle;
    this.seal = seal;
  }

  Page<Delivery> page(DeliveryFilter filter, PageRequest page) {
    return Scan.page(
        handle
            .createQuery(LIST + narrowed(filter) + NEWEST_FIRST)
            .bind("status", filter.status())
            .bind("channel", filter.channel())
            .bind("appointment", filter.appointment())
            .bind("id", page.after() == null ? Long.MAX_VALUE : Cursor.number(page.after())),
        page.limit(),
        this::delivery,
        rows -> rows.getString("id"));
  }

  /** What an index can find; a partial index is used only if its condition stands in the query. */
  private static String narrowed(DeliveryFilter filter) {
    if (filter.appointment() != null) {
      return ROOTS_OF_APPOINTMENT;
    }
    if ("dead".equals(filter.status())) {
      return " AND d.status = 'dead'";
    }
    boolean isInFlight = "sending".equals(filter.status()) || "uncertain".equals(filter.status());
    return isInFlight ? " AND d.status IN ('sending', 'uncertain')" : "";
  }

  List<Delivery> ofAppointment(long root, long appointment) {
    return handle
        .createQuery(
            "SELECT "
                + COLUMNS
                + FROM
                + "WHERE d.root = :root AND d.appointment = :appointment ORDER BY d.id")
        .bind("root", root)
        .bind("appointment", appointment)
        .map((rows, context) -> delivery(rows))
        .list();
  }

  Optional<DeliveryWithWhy> one(long id) {
    return handle
        .createQuery("SELECT d.why, " + COLUMNS + FROM + "WHERE d.id = :id")
        .bind("id", id)
        .map((rows, context) -> withWhy(rows, replanned(id)))
        .findOne();
  }

  private List<Why> replanned(long id) {
    return handle
        .createQuery("SELECT why FROM replanned WHERE delivery = :id ORDER BY at")
        .bind("id", id)
        .map((rows, context) -> Json.read(rows.getString(1), Why.class))
        .list();
  }

  private Delivery delivery(ResultSet rows) throws SQLException {
    return new Delivery(
        rows.getLong("id"),
        rows.getString("source"),
        rows.getString("identifier"),
        rows.getInt("version"),
        rows.getString("text"),
        rows.getString("channel"),
        rows.getString("audience"),
        seal.openOrNull(
            rows.getString("recipient"), Place.delivery("recipient", rows.getLong("id"))),
        Scan.instant(rows, "due"),
        rows.getString("status"),
        rows.getString("reason"),
        rows.getInt("attempts"),
        Scan.instantOrNull(rows, "sent_at"),
        rows.getString("provider_id"));
  }

  private DeliveryWithWhy withWhy(ResultSet rows, List<Why> replanned) throws SQLException {
    Delivery delivery = delivery(rows);
    return new DeliveryWithWhy(
        delivery.id(),
        delivery.source(),
        delivery.appointment(),
        delivery.appointmentVersion(),
        delivery.text(),
        delivery.channel(),
        delivery.audience(),
        delivery.recipient(),
        delivery.due(),
        delivery.status(),
        delivery.reason(),
        delivery.attempts(),
        delivery.sentAt(),
        delivery.providerId(),
        inOrder(replanned, WhyColumn.read(rows.getString("why"), delivery.id(), seal)));
  }

  private static List<Why> inOrder(List<Why> some, List<Why> others) {
    return Stream.concat(some.stream(), others.stream())
        .sorted(Comparator.comparing(Why::at))
        .toList();
  }
}
