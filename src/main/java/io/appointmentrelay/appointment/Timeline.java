package io.appointmentrelay.appointment;

import static io.appointmentrelay.appointment.StatusGroup.CANCELLED;
import static io.appointmentrelay.appointment.StatusGroup.NOSHOW;
import static io.appointmentrelay.appointment.StatusGroup.OPEN;
import static io.appointmentrelay.appointment.StatusGroup.PRESENT;
import static io.appointmentrelay.appointment.StatusGroup.REPLACED;

import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Compares a claim with what is known and says what really happened. Promises to be a pure
 * function: the same question has the same answer, and nothing is written. The cells are those of
 * the table "claim × what is known".
 */
public final class Timeline {

  private static final Pattern NOTIFICATION = Pattern.compile("([0-9]{1,18})-[0-9]+");

  /**
   * Everything a judgement rests on.
   *
   * @param notification the id of the notification part, {@code number-part}; anything else is what
   *     is asked just now
   * @param arrival when it was received: its event time where the notice has none
   * @param known the record of the notice's appointment, absent if never seen
   * @param replaced the record that the notice says it replaces, absent if it says none or that was
   *     never seen
   */
  public record Question(
      Claim claim,
      AppointmentNotice notice,
      String group,
      String source,
      String notification,
      Instant arrival,
      @Nullable AppointmentRecord known,
      @Nullable AppointmentRecord replaced) {

    Instant at() {
      Instant latest = latest();
      Instant said = notice.eventTime();
      return said == null || said.isAfter(latest) ? latest : said;
    }

    /**
     * No event time is later than this: the arrival, and for what comes after all that was applied
     * not before that, whatever became of the clock in between. A part that was parked and is run
     * again has not come after it.
     */
    private Instant latest() {
      if (known == null || known.heard() == 0 || number() <= known.heard()) {
        return arrival;
      }
      return arrival.isBefore(known.eventTime()) ? known.eventTime() : arrival;
    }

    private long number() {
      Matcher id = NOTIFICATION.matcher(notification);
      return id.matches() ? Long.parseLong(id.group(1)) : Long.MAX_VALUE;
    }
  }

  private Timeline() {}

  /** What really happened. The event's records have their new version and revision. */
  public static AppointmentEvent judge(Question question) {
    AppointmentRecord known = question.known();
    if (known == null) {
      return firstSeen(question);
    }
    if (question.at().isBefore(known.eventTime())) {
      return nothingNew(question, EventKind.STALE, known);
    }
    boolean ignored =
        known.statusGroup() == REPLACED
            || (isUpdate(question.claim()) && isEnded(known.statusGroup()));
    if (ignored) {
      return nothingNew(question, EventKind.UNCHANGED, known);
    }
    if (takesThePlaceOfAnother(question) && known.replaces() == null) {
      return replacement(question, known.details().changedBy(question.notice().details()));
    }
    return knownBefore(question, known);
  }

  private static AppointmentEvent firstSeen(Question question) {
    AppointmentNotice notice = question.notice();
    if (takesThePlaceOfAnother(question)) {
      return replacement(question, notice.details());
    }
    EventKind kind =
        switch (question.claim()) {
          case BOOKED -> EventKind.BOOKED;
          case UPDATED -> movedFromOldStart(notice) ? EventKind.RESCHEDULED : EventKind.MODIFIED;
          case RESCHEDULED -> EventKind.RESCHEDULED;
          case CANCELLED -> EventKind.CANCELLED;
          case NO_SHOW -> EventKind.NO_SHOW;
          case RESTORED -> EventKind.RESTORED;
          case CHECKED_IN -> EventKind.CHECKED_IN;
        };
    AppointmentRecord after =
        record(question, kind, notice.details(), null)
            .presumed(Told.presumed(kind, notice.details(), notice.oldStart()))
            .build();
    return event(question, kind, after, startChange(notice.oldStart(), notice.details()));
  }

  private static AppointmentEvent knownBefore(Question question, AppointmentRecord known) {
    Details said = question.notice().details();
    Details merged =
        question.claim().leavesDetailsAlone()
            ? known.details().filledFrom(said)
            : known.details().changedBy(said);
    List<Change> changes = merged.changesSince(known.details());
    EventKind kind = kindOf(question.claim(), known, said, changes);
    return event(question, kind, record(question, kind, merged, known).build(), changes);
  }

  private static EventKind kindOf(
      Claim claim, AppointmentRecord known, Details said, List<Change> changes) {
    StatusGroup group = known.statusGroup();
    return switch (claim) {
      case BOOKED ->
          isEnded(group) ? EventKind.RESTORED : byDifference(known.details(), said, changes);
      case UPDATED, RESCHEDULED -> byDifference(known.details(), said, changes);
      case CANCELLED ->
          group == OPEN || group == PRESENT ? EventKind.CANCELLED : EventKind.UNCHANGED;
      case NO_SHOW -> group == NOSHOW ? EventKind.UNCHANGED : EventKind.NO_SHOW;
      case RESTORED -> isEnded(group) ? EventKind.RESTORED : EventKind.UNCHANGED;
      case CHECKED_IN -> group == PRESENT ? EventKind.UNCHANGED : EventKind.CHECKED_IN;
    };
  }

  private static EventKind byDifference(Details known, Details said, List<Change> changes) {
    if (known.startDiffersIn(said)) {
      return EventKind.RESCHEDULED;
    }
    return changes.isEmpty() ? EventKind.UNCHANGED : EventKind.MODIFIED;
  }

  /**
   * The notice's appointment takes the place of another: it is told as a move, and the other one
   * ends with it.
   */
  private static AppointmentEvent replacement(Question question, Details details) {
    AppointmentNotice notice = question.notice();
    AppointmentRecord old = question.replaced();
    String oldIdentifier = Objects.requireNonNull(notice.replaces());
    AppointmentRecord known = question.known();
    RecordBuilder builder = record(question, EventKind.RESCHEDULED, details, known);
    builder.replaces = oldIdentifier;
    builder.root = old == null ? oldIdentifier : old.root();
    builder.presumed =
        old == null
            ? Told.presumed(EventKind.RESCHEDULED, details, notice.oldStart())
            : old.presumed();
    if (builder.patient == null && old != null) {
      builder.patient = old.patient();
    }
    AppointmentRecord after = builder.build();
    List<Change> changes =
        old == null ? startChange(notice.oldStart(), details) : details.changesSince(old.details());
    return new AppointmentEvent(
        EventKind.RESCHEDULED,
        question.source(),
        question.notification(),
        question.at(),
        known,
        after,
        changes,
        ended(question, old, oldIdentifier));
  }

  private static AppointmentRecord ended(
      Question question, @Nullable AppointmentRecord old, String oldIdentifier) {
    Details details = Details.at(question.notice().oldStart(), null);
    RecordBuilder builder =
        old == null ? new RecordBuilder(question, oldIdentifier, details) : new RecordBuilder(old);
    builder.status = AppointmentRecord.REPLACED;
    builder.replacedBy = question.notice().identifier();
    builder.version++;
    builder.revision++;
    builder.heardAt(question);
    return builder.build();
  }

  private static RecordBuilder record(
      Question question, EventKind kind, Details details, @Nullable AppointmentRecord known) {
    AppointmentNotice notice = question.notice();
    RecordBuilder builder =
        known == null
            ? new RecordBuilder(question, notice.identifier(), details)
            : new RecordBuilder(known);
    builder.details = details;
    builder.source = question.source();
    builder.test = notice.test();
    builder.status = statusAfter(question.claim(), kind, notice.status(), builder.status);
    builder.patient =
        builder.patient == null ? notice.patient() : builder.patient.updatedBy(notice.patient());
    builder.system = builder.system == null ? notice.system() : builder.system;
    builder.version += kind.isChange() ? 1 : 0;
    builder.revision++;
    builder.heardAt(question);
    return builder;
  }

  /** The sender's own word where it belongs to what happened, else FHIR's plain word for it. */
  private static String statusAfter(
      Claim claim, EventKind kind, @Nullable String said, String known) {
    if (kind == EventKind.UNCHANGED && claim.leavesDetailsAlone()) {
      return known;
    }
    return switch (claim) {
      case CANCELLED -> saidWithin(CANCELLED, said, "cancelled");
      case NO_SHOW -> "noshow";
      case CHECKED_IN -> saidWithin(PRESENT, said, "checked-in");
      case RESTORED -> saidWithin(OPEN, said, "booked");
      case BOOKED, UPDATED, RESCHEDULED ->
          StatusGroup.of(known) == PRESENT
              ? known
              : saidWithin(OPEN, said, isEnded(StatusGroup.of(known)) ? "booked" : known);
    };
  }

  private static String saidWithin(StatusGroup group, @Nullable String said, String otherwise) {
    return said != null && StatusGroup.of(said) == group ? said : otherwise;
  }

  /** Somebody answered an appointment: it is as it was, and its timeline has a place for that. */
  public static AppointmentEvent answered(
      AppointmentRecord known, String source, String notification, Instant at) {
    return new AppointmentEvent(
        EventKind.UNCHANGED,
        source,
        notification,
        at,
        known,
        known.touched(known.answer()),
        List.of(),
        null);
  }

  /**
   * What comes too late to tell how the appointment is now may still tell whose place it took: that
   * one ends, or people would be reminded of it.
   */
  private static AppointmentEvent nothingNew(
      Question question, EventKind kind, AppointmentRecord known) {
    AppointmentRecord old = question.replaced();
    boolean endsAnother =
        takesThePlaceOfAnother(question)
            && known.replaces() == null
            && (old == null || old.statusGroup() != REPLACED);
    String replaces = question.notice().replaces();
    if (!endsAnother || replaces == null) {
      return event(question, kind, known.touched(known.answer()), List.of());
    }
    RecordBuilder after = new RecordBuilder(known);
    after.revision++;
    after.replaces = replaces;
    return new AppointmentEvent(
        kind,
        question.source(),
        question.notification(),
        question.at(),
        known,
        after.build(),
        List.of(),
        ended(question, old, replaces));
  }

  private static AppointmentEvent event(
      Question question, EventKind kind, AppointmentRecord after, List<Change> changes) {
    return new AppointmentEvent(
        kind,
        question.source(),
        question.notification(),
        question.at(),
        question.known(),
        after,
        changes,
        null);
  }

  private static boolean takesThePlaceOfAnother(Question question) {
    String replaces = question.notice().replaces();
    boolean canReplace = !question.claim().leavesDetailsAlone();
    return canReplace && replaces != null && !replaces.equals(question.notice().identifier());
  }

  private static boolean isUpdate(Claim claim) {
    return claim == Claim.UPDATED || claim == Claim.RESCHEDULED;
  }

  private static boolean isEnded(StatusGroup group) {
    return group == CANCELLED || group == NOSHOW;
  }

  private static boolean movedFromOldStart(AppointmentNotice notice) {
    return notice.oldStart() != null && !notice.oldStart().equals(notice.details().start());
  }

  private static List<Change> startChange(@Nullable Instant oldStart, Details details) {
    return Details.at(details.start(), null).changesSince(Details.at(oldStart, null));
  }

  /** Records are immutable and wide: this collects what the next one says. */
  private static final class RecordBuilder {
    private final String group;
    private final String identifier;
    private @Nullable String system;
    private String source;
    private String status = "booked";
    private Details details;
    private @Nullable PatientProfile patient;
    private int version;
    private int revision;
    private Instant eventTime;
    private long heard;
    private String root;
    private @Nullable String replaces;
    private @Nullable String replacedBy;
    private @Nullable Told presumed;
    private boolean test;
    private @Nullable PatientAnswer answer;

    RecordBuilder(Question question, String identifier, Details details) {
      this.group = question.group();
      this.identifier = identifier;
      this.source = question.source();
      this.details = details;
      this.eventTime = question.at();
      this.heard = question.number();
      this.root = identifier;
      this.test = question.notice().test();
    }

    RecordBuilder(AppointmentRecord known) {
      this.group = known.group();
      this.identifier = known.identifier();
      this.system = known.system();
      this.source = known.source();
      this.status = known.status();
      this.details = known.details();
      this.patient = known.patient();
      this.version = known.version();
      this.revision = known.revision();
      this.eventTime = known.eventTime();
      this.heard = known.heard();
      this.root = known.root();
      this.replaces = known.replaces();
      this.replacedBy = known.replacedBy();
      this.presumed = known.presumed();
      this.test = known.test();
      this.answer = known.answer();
    }

    void heardAt(Question question) {
      this.eventTime = question.at();
      this.heard = Math.max(heard, question.number());
    }

    RecordBuilder presumed(@Nullable Told told) {
      this.presumed = told;
      return this;
    }

    AppointmentRecord build() {
      return new AppointmentRecord(
          group,
          identifier,
          system,
          source,
          status,
          details,
          patient,
          version,
          revision,
          eventTime,
          heard,
          root,
          replaces,
          replacedBy,
          presumed,
          test,
          answer);
    }
  }
}
