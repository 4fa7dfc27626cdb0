package io.appointmentrelay.outbox;

import io.appointmentrelay.appointment.AppointmentRecord;
import io.appointmentrelay.appointment.Audience;
import io.appointmentrelay.appointment.Delivery;
import io.appointmentrelay.appointment.EventKind;
import io.appointmentrelay.appointment.Nature;
import io.appointmentrelay.appointment.News;
import io.appointmentrelay.appointment.PatientProfile;
import io.appointmentrelay.appointment.Told;
import io.appointmentrelay.messaging.Address;
import io.appointmentrelay.messaging.Clinic;
import io.appointmentrelay.messaging.Invitation;
import io.appointmentrelay.messaging.Invitations;
import io.appointmentrelay.messaging.Phi;
import io.appointmentrelay.messaging.Texts;
import io.appointmentrelay.messaging.VisitModel;
import io.appointmentrelay.messaging.WordedMessage;
import io.appointmentrelay.store.OutboxStore;
import java.time.Clock;
import java.time.ZoneId;
import java.util.List;
import java.util.Objects;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/** Words the message of a delivery. */
public final class Composer {

  /** The channel whose messages a calendar can read. */
  private static final String EMAIL = "email";

  private final Texts texts;
  private final Clinic clinic;
  private final String staffLanguage;
  private final Invitations invitations;
  private final ToIntFunction<AppointmentRecord> versions;
  private final String installation;
  private final Clock clock;
  private final @Nullable ReplyOffers replies;

  /** Of messages that nobody can answer. */
  public Composer(
      Texts texts,
      Clinic clinic,
      String staffLanguage,
      Invitations invitations,
      ToIntFunction<AppointmentRecord> versions,
      String installation,
      Clock clock) {
    this(texts, clinic, staffLanguage, invitations, versions, installation, clock, null);
  }

  /**
   * @param staffLanguage in which staff read, as BCP 47
   * @param versions how many versions a visit has had, over all appointments of its chain
   * @param replies how patients can answer; absent: they cannot
   */
  public Composer(
      Texts texts,
      Clinic clinic,
      String staffLanguage,
      Invitations invitations,
      ToIntFunction<AppointmentRecord> versions,
      String installation,
      Clock clock,
      @Nullable ReplyOffers replies) {
    this.texts = texts;
    this.clinic = clinic;
    this.staffLanguage = staffLanguage;
    this.invitations = invitations;
    this.versions = versions;
    this.installation = installation;
    this.clock = clock;
    this.replies = replies;
  }

  OutgoingMessage event(Delivery delivery) {
    String payload =
        Objects.requireNonNull(delivery.payload(), "an event to a system has its payload");
    return new OutgoingMessage(delivery.id(), key(delivery), null, null, payload, null, null);
  }

  /**
   * A message.
   *
   * @param phi how much it tells of a person
   * @param texted how a reply to it is known; absent: none can come
   */
  record Composed(OutgoingMessage message, Phi phi, OutboxStore.@Nullable Texted texted) {}

  Composed message(
      Delivery delivery,
      String recipient,
      String text,
      AppointmentRecord appointment,
      @Nullable Told told,
      ZoneId zone) {
    return delivery.audience() == Audience.STAFF
        ? toStaff(delivery, recipient, text, appointment, told, zone)
        : toPatient(delivery, recipient, text, appointment, told, zone);
  }

  /** Without a calendar entry: the visit stands in the calendar that they work with. */
  private Composed toStaff(
      Delivery delivery,
      String recipient,
      String text,
      AppointmentRecord appointment,
      @Nullable Told told,
      ZoneId zone) {
    PatientProfile patient =
        Objects.requireNonNullElse(appointment.patient(), PatientProfile.of(null));
    VisitModel visit =
        VisitModel.of(appointment, told, List.of(), patient, clinic, zone)
            .forStaff(
                appointment.identifier(), newsFor(delivery, told, appointment), delivery.payload());
    return composed(
        delivery,
        recipient,
        texts.word(text, delivery.channel(), staffLanguage, visit),
        null,
        null);
  }

  private static @Nullable EventKind newsFor(
      Delivery delivery, @Nullable Told told, AppointmentRecord appointment) {
    return switch (delivery.nature()) {
      case NEWS -> News.decide(told, appointment).text();
      case ANSWER -> delivery.event();
      default -> null;
    };
  }

  private Composed toPatient(
      Delivery delivery,
      String recipient,
      String text,
      AppointmentRecord appointment,
      @Nullable Told told,
      ZoneId zone) {
    PatientProfile patient =
        Objects.requireNonNullElse(appointment.patient(), PatientProfile.of(null));
    VisitModel visit =
        VisitModel.of(appointment, told, List.of(), patient, clinic, zone)
            .withReply(replies == null ? null : replies.of(delivery, appointment, clock.instant()));
    WordedMessage worded = texts.word(text, delivery.channel(), patient.language(), visit);
    boolean mayBeNoted = delivery.channel().equals(EMAIL) && worded.phi() != Phi.NONE;
    EventKind news =
        delivery.nature() == Nature.NEWS && mayBeNoted
            ? News.decide(told, appointment).text()
            : null;
    Invitation invitation =
        news == null
            ? null
            : invitations
                .of(
                    new Invitations.Occasion(
                        news,
                        appointment,
                        told,
                        visit,
                        versions.applyAsInt(appointment),
                        worded.visitTitle(),
                        recipient),
                    clock.instant())
                .orElse(null);
    OutboxStore.Texted texted =
        replies == null || !delivery.channel().equals(ReplyOffers.SMS)
            ? null
            : new OutboxStore.Texted(Address.key(recipient), appointment.version(), worded.asks());
    return composed(delivery, recipient, worded, invitation, texted);
  }

  private Composed composed(
      Delivery delivery,
      String recipient,
      WordedMessage worded,
      @Nullable Invitation invitation,
      OutboxStore.@Nullable Texted texted) {
    return new Composed(
        new OutgoingMessage(
            delivery.id(),
            key(delivery),
            recipient,
            worded.subject(),
            worded.text(),
            worded.html(),
            invitation),
        worded.phi(),
        texted);
  }

  /** The same for every attempt of a delivery, and for no other delivery. */
  public String key(Delivery delivery) {
    return "delivery-" + delivery.id() + "." + installation;
  }
}
