package io.appointmentrelay.store;

import io.appointmentrelay.appointment.AppointmentRecord;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What patients were written, so that what they reply is known by what it answers. */
public final class ReplyStore {

  /** Nobody answers what is further back. */
  private static final int LOOKED_AT = 50;

  private final Readers readers;
  private final RecipientCode code;
  private final Seal seal;

  ReplyStore(Readers readers, RecipientCode code, Seal seal) {
    this.readers = readers;
    this.code = code;
    this.seal = seal;
  }

  /**
   * A message that may be answered.
   *
   * @param version of the appointment that it spoke of
   * @param asks whether it asked for a reply
   * @param at when it left
   * @param appointment as it is now
   */
  public record Message(
      long delivery, int version, boolean asks, Instant at, AppointmentRecord appointment) {}

  /**
   * What went to a number by text message, the latest first.
   *
   * @param recipient in the one form in which it is compared
   */
  public List<Message> textedTo(String recipient) {
    return readers.query(
        "SELECT t.delivery, t.version, t.asks, t.at, a.state, a.feed_group, a.identifier FROM texted t JOIN delivery d ON d.id = t.delivery"
            + " JOIN appointment a ON a.id = d.appointment WHERE t.recipient = ? AND d.status <> 'dead' AND a.state IS NOT NULL"
            + " ORDER BY t.at DESC, t.delivery DESC LIMIT ?",
        this::messages,
        code.of(recipient),
        LOOKED_AT);
  }

  /**
   * What a delivery is about.
   *
   * @param channel of the delivery
   * @param appointment as it is now
   */
  public record Subject(String channel, AppointmentRecord appointment) {}

  /** What a delivery is about; empty if there is none of that id. */
  public Optional<Subject> subject(long delivery) {
    return readers.query(
        "SELECT d.channel, a.state, a.feed_group, a.identifier FROM delivery d JOIN appointment a"
            + " ON a.id = d.appointment WHERE d.id = ? AND a.state IS NOT NULL",
        rows ->
            rows.next()
                ? Optional.of(new Subject(rows.getString(1), record(rows, 2)))
                : Optional.empty(),
        delivery);
  }

  /** The state in that column, and in those behind it whose it is. */
  private AppointmentRecord record(ResultSet rows, int column) throws SQLException {
    return seal.read(
        rows.getString(column),
        AppointmentRecord.class,
        Place.state(rows.getString(column + 1), rows.getString(column + 2)));
  }

  private List<Message> messages(ResultSet rows) throws SQLException {
    List<Message> messages = new ArrayList<>();
    while (rows.next()) {
      messages.add(
          new Message(
              rows.getLong(1),
              rows.getInt(2),
              rows.getInt(3) == 1,
              Instant.ofEpochMilli(rows.getLong(4)),
              record(rows, 5)));
    }
    return messages;
  }

  /** Remembers a message that is about to leave; tried again, it counts as of then. */
  static void keep(
      Statements statements,
      RecipientCode code,
      long delivery,
      OutboxStore.Texted texted,
      Instant now)
      throws SQLException {
    statements.update(
        "INSERT INTO texted (delivery, recipient, version, asks, at) VALUES (?, ?, ?, ?, ?)"
            + " ON CONFLICT (delivery) DO UPDATE SET recipient = excluded.recipient, version = excluded.version,"
            + " asks = excluded.asks, at = excluded.at",
        delivery,
        code.of(texted.recipient()),
        texted.version(),
        texted.asks() ? 1 : 0,
        now);
  }
}
