package io.appointmentrelay.store;

import io.appointmentrelay.appointment.AppointmentRecord;
import io.appointmentrelay.appointment.Audience;
import io.appointmentrelay.appointment.Delivery;
import io.appointmentrelay.appointment.EventKind;
import io.appointmentrelay.appointment.InFlight;
import io.appointmentrelay.appointment.Nature;
import io.appointmentrelay.appointment.News;
import io.appointmentrelay.appointment.Pace;
import io.appointmentrelay.appointment.PlannedDelivery;
import io.appointmentrelay.appointment.ReachLimits;
import io.appointmentrelay.appointment.Reason;
import io.appointmentrelay.appointment.Told;
import io.appointmentrelay.appointment.Why;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * The outbox's rows through their lives. Every change says from which state it starts; a change
 * that comes too late changes nothing and says so.
 */
public final class OutboxStore {

  /** How long a claim holds before another may take the delivery over. */
  /** For deliveries that are not judged by what is known of the appointment. */
  public static final int ANY_REVISION = -1;

  /**
   * Events to a system leave in order: one that was due and not yet looked at, or that had no room
   * in memory, is not overtaken by a fresh one.
   */
  private static final String BEHIND_NO_OTHER_EVENT =
      " AND (nature <> 'EVENT' OR NOT EXISTS (SELECT 1 FROM delivery earlier WHERE earlier.root = delivery.root"
          + " AND earlier.channel = delivery.channel AND earlier.nature = 'EVENT' AND earlier.id < delivery.id"
          + " AND earlier.status IN ('planned', 'sending', 'uncertain')))";

  /** Two processes do not tell the same people of the same visit at once. */
  private static final String WHILE_NO_OTHER_SPEAKS =
      " AND (nature = 'EVENT' OR NOT EXISTS (SELECT 1 FROM delivery other WHERE other.root = delivery.root"
          + " AND other.channel = delivery.channel AND other.audience = delivery.audience AND other.nature <> 'EVENT' AND other.status = 'sending'"
          + " AND other.id <> delivery.id))";

  /** What is judged is due by the clock of the process that judges. */
  static final Duration CLOCKS_DIFFER = Duration.ofMinutes(1);

  /** Another process may have judged these by what was told before: it must judge again. */
  static final String JUDGED_BEFORE =
      "UPDATE delivery SET fence = fence + 1 WHERE status = 'planned' AND nature <> 'EVENT' AND due <= ?"
          + " AND root = (SELECT root FROM delivery WHERE id = ?)"
          + " AND (channel, audience) = (SELECT channel, audience FROM delivery WHERE id = ?)";

  /**
   * Who knows how long one in doubt is held: what must wait behind it is not looked at meanwhile.
   */
  private static final String BEHIND_NO_EVENT_IN_DOUBT =
      " AND (d.nature <> 'EVENT' OR NOT EXISTS (SELECT 1 FROM delivery earlier WHERE earlier.root = d.root"
          + " AND earlier.status = 'uncertain' AND earlier.nature = 'EVENT' AND earlier.channel || '' = d.channel"
          + " AND earlier.id < d.id))";

  static final String COLUMNS =
      "SELECT d.id, a.feed_group, a.identifier, r.identifier, d.version, d.event, d.channel, d.audience, d.nature,"
          + " d.text, d.start_offset, d.starts_at, d.planned, d.due, d.quiet_for, d.attempts, d.failures, d.fence, p.payload"
          + " FROM delivery d JOIN appointment a ON a.id = d.appointment JOIN appointment r ON r.id = d.root"
          + " LEFT JOIN delivery_payload p ON p.delivery = d.id ";

  /** News that has not arrived is left only to newer news that may still tell, or may have told. */
  private static final String LEFT_TO_NEWER_NEWS =
      "UPDATE delivery SET status = 'superseded' WHERE id = ? AND status = 'planned'"
          + andNewerNews(" AND newer.status IN ('planned', 'sending', 'uncertain')");

  private final GroupCommit commits;
  private final Readers readers;
  private final Ids ids;
  private final RecipientCode code;
  private final Seal seal;
  private final Crew crew;

  OutboxStore(GroupCommit commits, Readers readers, Ids ids, RecipientCode code, Seal seal) {
    this.commits = commits;
    this.readers = readers;
    this.ids = ids;
    this.code = code;
    this.seal = seal;
    this.crew = commits.crew();
  }

  /**
   * A delivery that counts towards what its recipient may get.
   *
   * @param recipient in the one form in which it is compared
   * @param day today, where the recipient is
   */
  public record Reach(long delivery, String recipient, LocalDate day, ReachLimits limits) {}

  /**
   * What a claim rests on.
   *
   * @param judgedRevision the revision of the appointment that was judged; {@link #ANY_REVISION}:
   *     not judged by it
   * @param reach absent: it counts towards no limit
   * @param inFlight what to know the message by; absent for events to systems
   * @param pace absent: the brake does not hold it
   * @param texted absent: no reply to it is awaited
   */
  public record Terms(
      int judgedRevision,
      @Nullable String maskedRecipient,
      List<Why> why,
      @Nullable Reach reach,
      @Nullable InFlight inFlight,
      @Nullable Pace pace,
      @Nullable Texted texted) {

    /** Of a message that nobody can reply to. */
    public Terms(
        int judgedRevision,
        @Nullable String maskedRecipient,
        List<Why> why,
        @Nullable Reach reach,
        @Nullable InFlight inFlight,
        @Nullable Pace pace) {
      this(judgedRevision, maskedRecipient, why, reach, inFlight, pace, null);
    }
  }

  /**
   * A text message that may be replied to.
   *
   * @param recipient in the one form in which it is compared
   * @param version of the appointment that it speaks of
   * @param asks whether it asks for a reply
   */
  public record Texted(String recipient, int version, boolean asks) {}

  /** What came of a claim. */
  public enum Verdict {
    CLAIMED,
    /** What it was judged by holds no more, or it is not planned any more. */
    JUDGE_AGAIN,
    /** Another message has reached the recipient meanwhile. */
    OVER_LIMIT,
    /** So many have left that the brake holds the rest. */
    BRAKED
  }

  /**
   * What came of a claim.
   *
   * @param delivery with its new fence, if it was claimed
   */
  public record Claim(Verdict verdict, @Nullable Delivery delivery) {
    static Claim refused(Verdict verdict) {
      return new Claim(verdict, null);
    }
  }

  /**
   * What a judgement of a delivery to a person rests on.
   *
   * @param knownAt when the source last said how things are
   * @param told what its recipient was last told, presumed or not; absent: nothing
   * @param perhapsTold what a later message may have told: it was in flight when a process ended,
   *     and never tried again because newer news took its place, or an operator decided so
   */
  public record Knowledge(
      AppointmentRecord appointment,
      Instant knownAt,
      @Nullable Told told,
      @Nullable Told perhapsTold) {

    /**
     * What the truth is compared with: who may have got the cut-off message must not be left with
     * it, and who did not get it misses nothing.
     */
    public @Nullable Told assumed() {
      return perhapsTold != null && News.decide(perhapsTold, appointment).silence() == null
          ? perhapsTold.notedAs(told)
          : told;
    }
  }

  /** How many processes share the work now. */
  public int members() {
    return crew.place().members();
  }

  /**
   * Deliveries of a channel that are due, the longest waiting first; where several processes share
   * the work, those of this one.
   */
  public List<Delivery> due(String channel, Instant now, int limit) {
    Crew.Place place = crew.place();
    return readers.query(
        COLUMNS
            + "WHERE d.status = 'planned' AND d.channel = ? AND d.due <= ?"
            + BEHIND_NO_EVENT_IN_DOUBT
            + (place.members() == 1
                ? ""
                : " AND d.root % " + place.members() + " = " + place.index())
            + " ORDER BY d.due, d.id LIMIT ?",
        this::deliveries,
        channel,
        now,
        limit);
  }

  /** One delivery as it is now; empty if there is none. */
  public Optional<Delivery> read(long id) {
    return readers.query(COLUMNS + "WHERE d.id = ?", this::deliveries, id).stream().findFirst();
  }

  /** What is known and was told, for judging a delivery. */
  public Knowledge knowledge(Delivery delivery) {
    return readers.query(
        "SELECT a.state, t.told, i.event, i.starts_at, a.known_at FROM delivery d JOIN appointment a ON a.id = d.appointment"
            + " LEFT JOIN told t ON t.root = d.root AND t.channel = d.channel AND t.audience = d.audience"
            // "+ 0" keeps the database from looking for it among all deliveries, the last one
            // first.
            + " LEFT JOIN delivery i ON i.id = (SELECT MAX(c.id + 0) FROM delivery c WHERE c.interrupted = 1"
            + " AND c.root = d.root AND c.channel = d.channel AND c.audience = d.audience AND c.nature = 'NEWS'"
            + " AND c.status IN ('superseded', 'cancelled')"
            + " AND NOT EXISTS (SELECT 1 FROM delivery s WHERE s.root = c.root AND s.channel = c.channel AND s.audience = c.audience"
            + " AND s.nature = 'NEWS' AND s.status = 'sent' AND s.id > c.id))"
            + " WHERE d.id = ?",
        rows -> {
          rows.next();
          AppointmentRecord record =
              seal.read(
                  rows.getString(1),
                  AppointmentRecord.class,
                  Place.state(delivery.group(), delivery.appointment()));
          String told = rows.getString(2);
          return new Knowledge(
              record,
              Instant.ofEpochMilli(rows.getLong(5)),
              told == null ? record.presumed() : seal.read(told, Told.class, Place.TOLD),
              perhapsTold(rows));
        },
        delivery.id());
  }

  /**
   * How many versions a visit has had: of this appointment and of those whose place it took. It
   * rises with every version, and never falls.
   */
  public int versions(AppointmentRecord appointment) {
    int versions = appointment.version();
    Set<String> counted = new HashSet<>(Set.of(appointment.identifier()));
    String replaces = appointment.replaces();
    while (replaces != null && counted.add(replaces)) {
      AppointmentRecord earlier = appointment(appointment.group(), replaces).orElse(null);
      versions += earlier == null ? 0 : earlier.version();
      replaces = earlier == null ? null : earlier.replaces();
    }
    return versions;
  }

  private Optional<AppointmentRecord> appointment(String group, String identifier) {
    return readers.query(
        "SELECT state FROM appointment WHERE feed_group = ? AND identifier = ?",
        rows ->
            rows.next()
                ? Optional.of(
                    seal.read(
                        rows.getString(1), AppointmentRecord.class, Place.state(group, identifier)))
                : Optional.empty(),
        group,
        identifier);
  }

  private static @Nullable Told perhapsTold(ResultSet rows) throws SQLException {
    String event = rows.getString(3);
    if (event == null) {
      return null;
    }
    long startsAt = rows.getLong(4);
    return Told.perhaps(
        EventKind.valueOf(event), rows.wasNull() ? null : Instant.ofEpochMilli(startsAt));
  }

  /**
   * Takes a planned delivery for sending, if what it was judged by still holds.
   *
   * @param judgedRevision the revision of the appointment that was judged; {@link #ANY_REVISION}:
   *     not judged by it
   * @param inFlight what to know the message by; absent for events to systems
   * @return the delivery with its new fence; empty: judge again
   */
  public CompletableFuture<Optional<Delivery>> claim(
      Delivery delivery,
      int judgedRevision,
      @Nullable String maskedRecipient,
      List<Why> why,
      @Nullable InFlight inFlight,
      Instant now) {
    Terms terms = new Terms(judgedRevision, maskedRecipient, why, null, inFlight, null);
    return claim(delivery, terms, now).thenApply(claim -> Optional.ofNullable(claim.delivery()));
  }

  /** Takes a planned delivery for sending, if what it was judged by still holds, and counts it. */
  public CompletableFuture<Claim> claim(Delivery delivery, Terms terms, Instant now) {
    long id = delivery.id();
    String whyText = WhyColumn.write(terms.why(), id, seal);
    InFlight inFlight = terms.inFlight();
    String inFlightJson =
        inFlight == null ? null : seal.json(inFlight, Place.delivery("in_flight", id));
    String recipient = seal.textOrNull(terms.maskedRecipient(), Place.delivery("recipient", id));
    Reach reach = terms.reach();
    Pace pace = terms.pace();
    return commits.submit(
        statements -> {
          if (pace != null && BrakeStore.isHeld(statements, delivery, pace, now)) {
            return Claim.refused(Verdict.BRAKED);
          }
          if (reach != null && RecipientStore.isExceeded(statements, code, reach)) {
            return Claim.refused(Verdict.OVER_LIMIT);
          }
          int claimed =
              statements.update(
                  "UPDATE delivery SET status = 'sending', fence = fence + 1, attempts = attempts + 1, holder = ?,"
                      + " recipient = ?, why = ?, in_flight = ?, reason = NULL WHERE id = ? AND status = 'planned' AND fence = ? AND due <= ?"
                      + " AND (? = -1 OR (SELECT a.revision FROM appointment a WHERE a.id = delivery.appointment) = ?)"
                      + BEHIND_NO_OTHER_EVENT
                      + (crew.isShared() ? WHILE_NO_OTHER_SPEAKS : ""),
                  crew.id(),
                  recipient,
                  whyText,
                  inFlightJson,
                  delivery.id(),
                  delivery.fence(),
                  now,
                  terms.judgedRevision(),
                  terms.judgedRevision());
          if (claimed != 1) {
            return Claim.refused(Verdict.JUDGE_AGAIN);
          }
          if (reach != null) {
            RecipientStore.count(statements, code, reach);
          }
          if (pace != null) {
            BrakeStore.count(statements, delivery, pace, now);
          }
          if (terms.texted() != null) {
            ReplyStore.keep(statements, code, delivery.id(), terms.texted(), now);
          }
          return new Claim(Verdict.CLAIMED, claimed(delivery));
        });
  }

  /** Takes an event to a system for sending. */
  public CompletableFuture<Optional<Delivery>> claim(
      Delivery delivery,
      int judgedRevision,
      @Nullable String maskedRecipient,
      List<Why> why,
      Instant now) {
    return claim(delivery, judgedRevision, maskedRecipient, why, null, now);
  }

  private static Delivery claimed(Delivery delivery) {
    return new Delivery(
        delivery.id(),
        delivery.group(),
        delivery.appointment(),
        delivery.root(),
        delivery.version(),
        delivery.event(),
        delivery.channel(),
        delivery.audience(),
        delivery.nature(),
        delivery.text(),
        delivery.offset(),
        delivery.start(),
        delivery.planned(),
        delivery.due(),
        delivery.quietFor(),
        delivery.attempts() + 1,
        delivery.failures(),
        delivery.fence() + 1,
        delivery.payload());
  }

  /** Ends a planned delivery unsent, for a reason; false: it was not planned any more. */
  public CompletableFuture<Boolean> suppress(Delivery delivery, Reason reason, List<Why> why) {
    return changed(
        "UPDATE delivery SET status = 'suppressed', reason = ?, why = ? WHERE id = ? AND status = 'planned' AND fence = ?",
        reason.words(),
        WhyColumn.write(why, delivery.id(), seal),
        delivery.id(),
        delivery.fence());
  }

  /**
   * As {@link #suppress(Delivery, Reason, List)}, and plans in the same commit what somebody is to
   * do about it.
   */
  public CompletableFuture<Boolean> suppress(
      Delivery delivery, Reason reason, List<Why> why, List<PlannedDelivery> tasks) {
    return ended(
        delivery,
        tasks,
        "UPDATE delivery SET status = 'suppressed', reason = ?, why = ? WHERE id = ? AND status = 'planned' AND fence = ?",
        reason.words(),
        WhyColumn.write(why, delivery.id(), seal),
        delivery.id(),
        delivery.fence());
  }

  /**
   * Ends a claimed delivery that was not needed: its other end said so; false: the claim is not the
   * last one.
   */
  public CompletableFuture<Boolean> withdraw(
      Delivery delivery, Reason reason, List<Why> why, List<PlannedDelivery> tasks) {
    return ended(
        delivery,
        tasks,
        "UPDATE delivery SET status = 'suppressed', reason = ?, why = ? WHERE id = ?"
            + " AND status = 'sending' AND fence = ?",
        reason.words(),
        WhyColumn.write(why, delivery.id(), seal),
        delivery.id(),
        delivery.fence());
  }

  private CompletableFuture<Boolean> ended(
      Delivery delivery, List<PlannedDelivery> tasks, String sql, @Nullable Object... values) {
    return commits.submit(
        statements -> {
          boolean ended = statements.update(sql, values) == 1;
          if (ended) {
            TaskWrites.plan(statements, ids, delivery, tasks, seal);
          }
          return ended;
        });
  }

  /** Puts a planned delivery off; the time that quiet hours take does not make it late. */
  public CompletableFuture<Boolean> defer(
      Delivery delivery, Instant now, Instant until, Reason reason, List<Why> why) {
    long held = Duration.between(now, until).toMillis();
    return changed(
        "UPDATE delivery SET due = ?, quiet_for = quiet_for + ?, reason = ?, why = ? WHERE id = ?"
            + " AND status = 'planned' AND fence = ?",
        until,
        held,
        reason.words(),
        WhyColumn.write(why, delivery.id(), seal),
        delivery.id(),
        delivery.fence());
  }

  /**
   * Marks a claimed delivery as sent and remembers what its recipient was told; false: the claim is
   * not the last one.
   *
   * @param told absent for events to systems
   */
  public CompletableFuture<Boolean> sent(
      Delivery delivery, Instant at, @Nullable String providerId, @Nullable Told told) {
    String toldJson = told == null ? null : seal.json(told, Place.TOLD);
    return commits.submit(
        statements -> {
          int changed =
              statements.update(
                  "UPDATE delivery SET status = 'sent', sent_at = ?, provider_id = ?, in_flight = NULL"
                      + " WHERE id = ? AND status = 'sending' AND fence = ?",
                  at,
                  providerId,
                  delivery.id(),
                  delivery.fence());
          if (changed == 1 && toldJson != null) {
            statements.update(
                "INSERT INTO told (root, channel, audience, told) SELECT root, channel, audience, ? FROM delivery WHERE id = ?"
                    + " ON CONFLICT (root, channel, audience) DO UPDATE SET told = excluded.told",
                toldJson,
                delivery.id());
            if (crew.isShared()) {
              statements.update(
                  JUDGED_BEFORE, at.plus(CLOCKS_DIFFER), delivery.id(), delivery.id());
            }
          }
          return changed == 1;
        });
  }

  /**
   * It may have arrived, and nobody said so: as if its process had died, it is settled in the same
   * way, and what comes after it takes into account that it may have been read.
   */
  public CompletableFuture<Boolean> inDoubt(Delivery delivery, Instant settled) {
    return commits.submit(
        statements -> {
          int changed =
              statements.update(
                  "UPDATE delivery SET status = 'uncertain', fence = fence + 1, interrupted = 1,"
                      + " due = ?, reason = ? WHERE id = ? AND status = 'sending' AND fence = ?",
                  settled,
                  Reason.NO_ANSWER.words(),
                  delivery.id(),
                  delivery.fence());
          if (changed == 1) {
            statements.update(UncertainStore.OVERTAKEN + " AND id = ?", delivery.id());
          }
          return changed == 1;
        });
  }

  /** Plans a failed delivery again; later events of its lane wait behind it. */
  public CompletableFuture<Boolean> retry(
      Delivery delivery, Instant due, boolean counts, String reason) {
    return commits.submit(
        statements -> {
          int changed =
              statements.update(
                  "UPDATE delivery SET status = 'planned', due = ?, failures = failures + ?, reason = ?,"
                      + " in_flight = NULL WHERE id = ? AND status = 'sending' AND fence = ?",
                  due,
                  counts ? 1 : 0,
                  reason,
                  delivery.id(),
                  delivery.fence());
          if (changed == 1) {
            notSent(statements, delivery);
            leaveToNewerNews(statements, delivery);
          }
          if (changed == 1 && delivery.nature() == Nature.EVENT) {
            statements.update(
                "UPDATE delivery SET due = ? WHERE status = 'planned' AND nature = 'EVENT' AND due < ? AND channel || '' = ?"
                    + " AND id > ? AND root = (SELECT root FROM delivery WHERE id = ?)",
                due,
                due,
                delivery.channel(),
                delivery.id(),
                delivery.id());
          }
          return changed == 1;
        });
  }

  /** Puts a planned delivery off; time that passes so makes it late. */
  public CompletableFuture<Boolean> putOff(
      Delivery delivery, Instant until, Reason reason, List<Why> why) {
    return changed(
        "UPDATE delivery SET due = ?, reason = ?, why = ? WHERE id = ? AND status = 'planned' AND fence = ?",
        until,
        reason.words(),
        WhyColumn.write(why, delivery.id(), seal),
        delivery.id(),
        delivery.fence());
  }

  /** The source has confirmed what is known of a delivery's appointment at a revision. */
  public CompletableFuture<Boolean> confirmed(Delivery delivery, int revision, Instant at) {
    return changed(
        "UPDATE appointment SET known_at = CASE WHEN known_at > ? THEN known_at ELSE ? END WHERE id = (SELECT appointment FROM delivery WHERE id = ?)"
            + " AND revision = ?",
        at,
        at,
        delivery.id(),
        revision);
  }

  /** Gives back what was claimed, if it was: nobody heard what came of the claim. */
  public CompletableFuture<Boolean> takeBack(Delivery judged) {
    return release(claimed(judged));
  }

  /** Gives a claim back that was not made use of: nothing has left, and no attempt was made. */
  public CompletableFuture<Boolean> release(Delivery delivery) {
    return commits.submit(
        statements -> {
          boolean released =
              statements.update(
                      "UPDATE delivery SET status = 'planned', attempts = attempts - 1, in_flight = NULL"
                          + " WHERE id = ? AND status = 'sending' AND fence = ? AND (holder IS NULL OR holder = ?)",
                      delivery.id(),
                      delivery.fence(),
                      crew.id())
                  == 1;
          if (released) {
            notSent(statements, delivery);
            leaveToNewerNews(statements, delivery);
            BrakeStore.countBack(statements, delivery);
          }
          return released;
        });
  }

  /** Gives a claimed delivery up; an operator can retry it. */
  public CompletableFuture<Boolean> dead(Delivery delivery, boolean counts, String reason) {
    return dead(delivery, counts, reason, List.of());
  }

  /**
   * Gives a claimed delivery up, and plans in the same commit what somebody is to do about it; an
   * operator can retry it.
   */
  public CompletableFuture<Boolean> dead(
      Delivery delivery, boolean counts, String reason, List<PlannedDelivery> tasks) {
    return commits.submit(
        statements -> {
          boolean dead =
              statements.update(
                      "UPDATE delivery SET status = 'dead', failures = failures + ?, reason = ?,"
                          + " in_flight = NULL WHERE id = ? AND status = 'sending' AND fence = ?",
                      counts ? 1 : 0,
                      reason,
                      delivery.id(),
                      delivery.fence())
                  == 1;
          if (dead) {
            notSent(statements, delivery);
            TaskWrites.plan(statements, ids, delivery, tasks, seal);
          }
          return dead;
        });
  }

  /** An operator's retry; false: it is neither dead nor held in doubt. */
  public CompletableFuture<Boolean> retryDead(long id, Instant now) {
    return changed(
        "UPDATE delivery SET status = 'planned', due = ?, failures = 0, fence = fence + 1, in_flight = NULL WHERE id = ?"
            + " AND purged_at IS NULL AND (status = 'dead' OR status = 'uncertain' AND reason = ?)",
        now,
        id,
        Reason.IN_DOUBT.words());
  }

  /** An operator's cancellation; false: it is neither planned nor held in doubt. */
  public CompletableFuture<Boolean> cancel(long id) {
    return changed(
        "UPDATE delivery SET status = 'cancelled', fence = fence + 1, in_flight = NULL WHERE id = ?"
            + " AND (status = 'planned' OR status = 'uncertain' AND reason = ?)",
        id,
        Reason.IN_DOUBT.words());
  }

  /** It counts no more towards what its recipient may get. */
  private static void notSent(Statements statements, Delivery delivery) throws SQLException {
    if (delivery.nature().isPreparation()) {
      RecipientStore.forget(statements, delivery.id());
    }
  }

  /**
   * Whether newer news of the same visit goes to who hears on the same channel.
   *
   * @param ofStatus a condition on <code>newer</code>; empty: any
   */
  static String andNewerNews(String ofStatus) {
    return " AND EXISTS (SELECT 1 FROM delivery newer WHERE newer.root = delivery.root"
        + " AND newer.channel || '' = delivery.channel AND newer.audience = delivery.audience AND newer.nature = 'NEWS'"
        + " AND newer.id > delivery.id"
        + ofStatus
        + ")";
  }

  /** What was on its way when newer news was planned would else say the same beside it. */
  private static void leaveToNewerNews(Statements statements, Delivery delivery)
      throws SQLException {
    if (delivery.nature() == Nature.NEWS) {
      statements.update(LEFT_TO_NEWER_NEWS, delivery.id());
    }
  }

  private CompletableFuture<Boolean> changed(String sql, @Nullable Object... values) {
    return commits.submit(statements -> statements.update(sql, values) == 1);
  }

  private List<Delivery> deliveries(ResultSet rows) throws SQLException {
    List<Delivery> deliveries = new ArrayList<>();
    while (rows.next()) {
      deliveries.add(delivery(rows, seal));
    }
    return deliveries;
  }

  static Delivery delivery(ResultSet rows, Seal seal) throws SQLException {
    long startsAt = rows.getLong(12);
    Instant start = rows.wasNull() ? null : Instant.ofEpochMilli(startsAt);
    return new Delivery(
        rows.getLong(1),
        rows.getString(2),
        rows.getString(3),
        rows.getString(4),
        rows.getInt(5),
        EventKind.valueOf(rows.getString(6)),
        rows.getString(7),
        Audience.of(rows.getString(8)).orElseThrow(),
        Nature.valueOf(rows.getString(9)),
        rows.getString(10),
        rows.getString(11),
        start,
        Instant.ofEpochMilli(rows.getLong(13)),
        Instant.ofEpochMilli(rows.getLong(14)),
        rows.getLong(15),
        rows.getInt(16),
        rows.getInt(17),
        rows.getLong(18),
        seal.openOrNull(rows.getString(19), Place.payload(rows.getString(2), rows.getString(3))));
  }
}
