package io.appointmentrelay.messaging;

import io.appointmentrelay.appointment.AppointmentRecord;
import io.appointmentrelay.appointment.Audience;
import io.appointmentrelay.appointment.Delivery;
import io.appointmentrelay.appointment.EventKind;
import io.appointmentrelay.appointment.Nature;
import io.appointmentrelay.appointment.News;
import io.appointmentrelay.appointment.Party;
import io.appointmentrelay.appointment.PatientProfile;
import io.appointmentrelay.appointment.Purpose;
import io.appointmentrelay.appointment.ReachLimits;
import io.appointmentrelay.appointment.Reason;
import io.appointmentrelay.appointment.StatusGroup;
import io.appointmentrelay.appointment.Told;
import io.appointmentrelay.appointment.Why;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Judges a delivery to a person at the moment it would leave. The rules are asked in the order of
 * the table "a delivery's life"; the first that objects decides, and every answer is kept.
 */
public final class Judge {

  /** The channel that quiet hours hold back, and limits count. */
  private static final String SMS = "sms";

  /** The channel that has addresses; all others have numbers. */
  private static final String EMAIL = "email";

  /** Preparation may be late by this part of its lead. */
  private static final int LEAD_PARTS = 4;

  /** What is to happen with a delivery, and why. */
  public sealed interface Ruling {
    List<Why> why();

    /**
     * Send {@code text} to {@code recipient}.
     *
     * @param countedOn the day on which it counts towards the recipient's limit; absent: it does
     *     not
     */
    record Send(String recipient, String text, @Nullable LocalDate countedOn, List<Why> why)
        implements Ruling {}

    /** Never send it. */
    record Suppress(Reason reason, List<Why> why) implements Ruling {}

    /** Keep it planned until an operator lets it go; meanwhile it becomes late. */
    record Hold(Reason reason, List<Why> why) implements Ruling {}

    /** Judge it again at {@code until}. */
    record Defer(Instant until, Reason reason, List<Why> why) implements Ruling {}
  }

  /**
   * What is known at the moment of judging.
   *
   * @param told what the recipient was last told or is presumed to know; absent: nothing
   * @param zone where the visit is
   * @param region for numbers without a country
   */
  public record Knowledge(
      AppointmentRecord appointment, @Nullable Told told, ZoneId zone, String region) {}

  private final QuietHours quietHours;
  private final Duration tooLate;
  private final boolean sendTestTraffic;
  private final Recipients recipients;
  private final StaffAddresses staff;
  private final Set<String> allowed;
  private final Remembered remembered;

  /**
   * @param allowed the only recipients that are written to, as {@link Address#read} has them; none:
   *     everybody
   */
  public Judge(
      QuietHours quietHours,
      Duration tooLate,
      boolean sendTestTraffic,
      Recipients recipients,
      StaffAddresses staff,
      Set<String> allowed,
      Remembered remembered) {
    this.quietHours = quietHours;
    this.tooLate = tooLate;
    this.sendTestTraffic = sendTestTraffic;
    this.recipients = recipients;
    this.staff = staff;
    this.allowed = Set.copyOf(allowed);
    this.remembered = remembered;
  }

  /** Judges now; the same question at the same time has the same answer. */
  public Ruling judge(Delivery delivery, Knowledge knowledge, Instant now) {
    return new Hearing(delivery, knowledge, now).rule();
  }

  /**
   * Until when a delivery that may be sent now can wait for something better to know, and still be
   * far from too late.
   */
  public Instant patience(Delivery delivery) {
    Duration half = allowedDelay(delivery).dividedBy(2);
    return delivery.planned().plusMillis(delivery.quietFor()).plus(half);
  }

  private Duration allowedDelay(Delivery delivery) {
    Instant start = delivery.start();
    if (!delivery.nature().isPreparation() || start == null) {
      return tooLate;
    }
    return Duration.between(delivery.planned(), start).abs().dividedBy(LEAD_PARTS);
  }

  /** One judgement in progress. */
  private final class Hearing {
    private final Delivery delivery;
    private final Knowledge knowledge;
    private final AppointmentRecord appointment;
    private final Instant now;
    private final List<Why> why = new ArrayList<>();
    private String text;
    private @Nullable EventKind news;

    Hearing(Delivery delivery, Knowledge knowledge, Instant now) {
      this.delivery = delivery;
      this.knowledge = knowledge;
      this.appointment = knowledge.appointment();
      this.now = now;
      this.text = Objects.requireNonNull(delivery.text(), "a delivery to a person has a text");
    }

    Ruling rule() {
      if (remembered.isBraked(delivery)) {
        return new Ruling.Hold(objected("brake", Reason.BRAKE, "waits for an operator"), why);
      }
      passed("brake", "");
      Reason objection = objection();
      if (objection != null) {
        return new Ruling.Suppress(objection, why);
      }
      return delivery.audience() == Audience.STAFF ? toStaff() : toPatient();
    }

    /** Those who work there are asked for no consent, and hear of whoever the patient is. */
    private Ruling toStaff() {
      Party place = appointment.details().location();
      boolean byEmail = delivery.channel().equals(EMAIL);
      String recipient = (byEmail ? staff.email(place) : staff.phone(place)).orElse(null);
      if (recipient == null) {
        String detail = "none for " + delivery.channel() + " at this place, and none for all";
        return suppress("recipient", Reason.NO_STAFF_ADDRESS, detail);
      }
      passed("recipient", Masked.of(recipient));
      return notAllowed(recipient)
          .or(() -> quiet(knowledge.zone()))
          .orElseGet(() -> new Ruling.Send(recipient, text, null, why));
    }

    private Ruling toPatient() {
      PatientProfile patient = appointment.patient();
      Recipients.Choice choice = patient == null ? Recipients.Choice.NONE : choice(patient);
      String recipient = choice.address();
      if (patient == null || (recipient == null && !choice.refused())) {
        return suppress(
            "recipient", Reason.NO_CONTACT, "no usable address for " + delivery.channel());
      }
      if (Boolean.TRUE.equals(patient.deceased())) {
        return suppress("recipient", Reason.DECEASED, "");
      }
      if (Boolean.FALSE.equals(patient.active())) {
        return suppress("recipient", Reason.INACTIVE, "");
      }
      if (recipient == null) {
        return suppress("consent", Reason.NO_CONSENT, "only refused ones, or none that says yes");
      }
      passed("recipient", Masked.of(recipient));
      passed("consent", "");
      return optedOut(recipient)
          .or(() -> notAllowed(recipient))
          .or(() -> overLimit(patient, recipient))
          .or(() -> writesThemselves() ? Optional.empty() : quiet(zone(patient)))
          .orElseGet(() -> new Ruling.Send(recipient, text, countedOn(patient), why));
    }

    private @Nullable Reason objection() {
      if (appointment.test() && !sendTestTraffic) {
        return objected("test traffic", Reason.TEST_TRAFFIC, "the sender marks it as a test");
      }
      passed("test traffic", "");
      if (delivery.nature() == Nature.TASK) {
        // It is done or it is not, whatever the visit is by then.
        return null;
      }
      if (delivery.nature() == Nature.ANSWER) {
        // Nobody else tells staff what a patient wrote: it is never too late for that.
        return delivery.audience() == Audience.STAFF ? null : timely();
      }
      Reason truth = delivery.nature() == Nature.NEWS ? toldAgainstTrue() : stillAhead();
      return truth != null ? truth : timely();
    }

    /** Preparation makes sense only for a visit that is going to take place. */
    private @Nullable Reason stillAhead() {
      StatusGroup group = appointment.statusGroup();
      if (group == StatusGroup.REPLACED) {
        return objected("cancelled meanwhile", Reason.REPLACED_MEANWHILE, appointment.status());
      }
      boolean ended = group == StatusGroup.CANCELLED || group == StatusGroup.NOSHOW;
      boolean alreadyHere =
          group == StatusGroup.PRESENT && delivery.nature() == Nature.BEFORE_START;
      if (ended || alreadyHere) {
        return objected("cancelled meanwhile", Reason.CANCELLED_MEANWHILE, appointment.status());
      }
      if (isForAnotherStart()) {
        String detail = "planned for " + delivery.start();
        return objected("cancelled meanwhile", Reason.MOVED_MEANWHILE, detail);
      }
      passed("cancelled meanwhile", appointment.status());
      return null;
    }

    /**
     * In flight or waiting for a retry it was not superseded, and the move has plans of its own.
     */
    private boolean isForAnotherStart() {
      Instant planned = delivery.start();
      Instant start = appointment.details().start();
      return planned != null && start != null && planned.toEpochMilli() != start.toEpochMilli();
    }

    private @Nullable Reason toldAgainstTrue() {
      News.Decision decision = News.decide(knowledge.told(), appointment);
      Reason silence = decision.silence();
      if (silence != null) {
        return objected("told against true", silence, appointment.status());
      }
      news = Objects.requireNonNull(decision.text());
      if (delivery.audience() != Audience.STAFF) {
        // Staff have one text for all news.
        text = News.textFor(news, delivery.event(), delivery.text());
      }
      passed("told against true", news.word());
      return null;
    }

    private @Nullable Reason timely() {
      Instant start = appointment.details().start();
      boolean saidAfterwards = news == EventKind.NO_SHOW || delivery.nature() == Nature.AFTER_START;
      if (start == null && delivery.nature().isPreparation()) {
        return objected("visit over", Reason.START_UNKNOWN, "");
      }
      if (start != null && !now.isBefore(start) && !saidAfterwards) {
        return objected("visit over", Reason.VISIT_OVER, "started " + start);
      }
      passed("visit over", start == null ? "start unknown" : "starts " + start);
      Duration overdue = Duration.between(delivery.planned(), now).minusMillis(delivery.quietFor());
      Duration allowed = allowedDelay(delivery);
      if (overdue.compareTo(allowed) > 0) {
        return objected("too late", Reason.TOO_LATE, overdue + " overdue, " + allowed + " allowed");
      }
      passed("too late", overdue + " overdue");
      return null;
    }

    private Recipients.Choice choice(PatientProfile patient) {
      return delivery.channel().equals(EMAIL)
          ? recipients.email(patient, now)
          : recipients.phone(patient, knowledge.region(), now);
    }

    private Optional<Ruling> optedOut(String recipient) {
      Purpose purpose = Purpose.of(delivery.nature());
      if (remembered.isOptedOut(recipient, purpose)) {
        return Optional.of(suppress("opt-out", Reason.OPTED_OUT, purpose.word()));
      }
      passed("opt-out", purpose.word());
      return Optional.empty();
    }

    private Optional<Ruling> notAllowed(String recipient) {
      if (allowed.isEmpty()) {
        return Optional.empty();
      }
      if (!allowed.contains(Address.key(recipient))) {
        return Optional.of(suppress("allow list", Reason.NOT_ALLOWED, Masked.of(recipient)));
      }
      passed("allow list", "");
      return Optional.empty();
    }

    /** News is not counted: what is true is said. */
    private @Nullable LocalDate countedOn(PatientProfile patient) {
      boolean counts = delivery.channel().equals(SMS) && delivery.nature().isPreparation();
      return counts ? LocalDate.ofInstant(now, zone(patient)) : null;
    }

    private Optional<Ruling> overLimit(PatientProfile patient, String recipient) {
      LocalDate day = countedOn(patient);
      if (day == null) {
        return Optional.empty();
      }
      Optional<ReachLimits.Each> limit = remembered.exceeded(recipient, day, delivery.id());
      if (limit.isPresent()) {
        return Optional.of(suppress("limit", Reason.LIMIT, limit.get() + ", counted on " + day));
      }
      passed("limit", "counted on " + day);
      return Optional.empty();
    }

    /** Who has just written is awake. */
    private boolean writesThemselves() {
      return delivery.nature() == Nature.ANSWER;
    }

    private ZoneId zone(PatientProfile patient) {
      return patient.zone() != null ? patient.zone() : knowledge.zone();
    }

    private Optional<Ruling> quiet(ZoneId zone) {
      if (!delivery.channel().equals(SMS)) {
        return Optional.empty();
      }
      Optional<Instant> end = quietHours.endIfQuiet(now, zone);
      if (end.isEmpty()) {
        passed("quiet hours", zone.getId());
        return Optional.empty();
      }
      String detail = quietHours + " in " + zone.getId() + ", until " + end.get();
      Instant start = appointment.details().start();
      boolean pastTheVisit = start != null && !end.get().isBefore(start);
      if (pastTheVisit && delivery.nature() == Nature.BEFORE_START) {
        return Optional.of(suppress("quiet hours", Reason.QUIET_HOURS, detail));
      }
      objected("quiet hours", Reason.QUIET_HOURS, detail);
      return Optional.of(new Ruling.Defer(end.get(), Reason.QUIET_HOURS, why));
    }

    private Ruling suppress(String rule, Reason reason, String detail) {
      return new Ruling.Suppress(objected(rule, reason, detail), why);
    }

    private Reason objected(String rule, Reason reason, String detail) {
      why.add(new Why(now, rule, reason.words(), detail));
      return reason;
    }

    private void passed(String rule, String detail) {
      why.add(new Why(now, rule, "ok", detail));
    }
  }
}
