package io.appointmentrelay.outbox;

import io.appointmentrelay.appointment.AppointmentRecord;
import io.appointmentrelay.appointment.Delivery;
import io.appointmentrelay.appointment.PatientProfile;
import io.appointmentrelay.appointment.Told;
import io.appointmentrelay.messaging.Clinic;
import io.appointmentrelay.messaging.Texts;
import io.appointmentrelay.messaging.VisitModel;
import io.appointmentrelay.messaging.WordedMessage;
import java.time.ZoneId;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Words the message of a delivery. */
public final class Composer {

  private final Texts texts;
  private final Clinic clinic;
  private final String installation;

  public Composer(Texts texts, Clinic clinic, String installation) {
    this.texts = texts;
    this.clinic = clinic;
    this.installation = installation;
  }

  OutgoingMessage event(Delivery delivery) {
    String payload =
        Objects.requireNonNull(delivery.payload(), "an event to a system has its payload");
    return new OutgoingMessage(delivery.id(), key(delivery), null, null, payload, null);
  }

  OutgoingMessage message(
      Delivery delivery,
      String recipient,
      String text,
      AppointmentRecord appointment,
      @Nullable Told told,
      ZoneId zone) {
    PatientProfile patient =
        Objects.requireNonNullElse(appointment.patient(), PatientProfile.of(null));
    VisitModel visit = VisitModel.of(appointment, told, List.of(), patient, clinic, zone);
    WordedMessage worded = texts.word(text, delivery.channel(), patient.language(), visit);
    return new OutgoingMessage(
        delivery.id(), key(delivery), recipient, worded.subject(), worded.text(), worded.html());
  }

  /** The same for every attempt of a delivery, and for no other delivery. */
  public String key(Delivery delivery) {
    return "delivery-" + delivery.id() + "." + installation;
  }
}
