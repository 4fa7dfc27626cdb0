package io.appointmentrelay.outbox;

import io.appointmentrelay.appointment.AppointmentRecord;
import io.appointmentrelay.appointment.Delivery;
import io.appointmentrelay.appointment.PatientReply.Meaning;
import io.appointmentrelay.appointment.ReplyNotice.Asked;
import io.appointmentrelay.appointment.StatusGroup;
import io.appointmentrelay.messaging.ReplyLinks;
import io.appointmentrelay.messaging.VisitModel;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * How a message can be answered: by words, where it is a text message, and by links that are good
 * for this message, this version of the appointment, and until the visit begins.
 */
public final class ReplyOffers {

  /** The channel that words come back on. */
  static final String SMS = "sms";

  /** A visit without a time is asked about for so long. */
  private static final Duration WITHOUT_START = Duration.ofDays(30);

  private final ReplyLinks links;
  private final Supplier<URI> publicUrl;

  /**
   * @param publicUrl by which the relay is reached from outside
   */
  public ReplyOffers(ReplyLinks links, Supplier<URI> publicUrl) {
    this.links = links;
    this.publicUrl = publicUrl;
  }

  /** Null: the visit is off, or over, and nobody is asked about it. */
  VisitModel.@Nullable Reply of(Delivery delivery, AppointmentRecord appointment, Instant now) {
    Instant start = appointment.details().start();
    boolean isOver = start != null && !now.isBefore(start);
    if (isOver || appointment.statusGroup() != StatusGroup.OPEN) {
      return null;
    }
    Asked asked = new Asked(delivery.id(), appointment.version());
    Instant until =
        Objects.requireNonNullElseGet(start, () -> delivery.planned().plus(WITHOUT_START));
    return new VisitModel.Reply(
        appointment.answered(),
        delivery.channel().equals(SMS),
        new VisitModel.Links(
            address(Meaning.CONFIRM, asked, until),
            address(Meaning.DECLINE, asked, until),
            address(Meaning.CALL, asked, until)));
  }

  private String address(Meaning meaning, Asked asked, Instant until) {
    String base = publicUrl.get().toString();
    return base
        + (base.endsWith("/") ? "" : "/")
        + "reply/"
        + links.token(new ReplyLinks.Link(meaning, asked, until));
  }
}
