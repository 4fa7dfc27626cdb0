package io.appointmentrelay.intake.reply;

import io.appointmentrelay.appointment.CarrierWord;
import io.appointmentrelay.appointment.Notice;
import io.appointmentrelay.appointment.ReplyNotice;
import io.appointmentrelay.intake.NotificationReader;
import io.appointmentrelay.intake.Part;
import io.appointmentrelay.intake.ReadingContext;
import io.appointmentrelay.intake.UnreadableNotification;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A text message that somebody sent to the clinic's number, as Twilio hands it on. Its {@code
 * MessageSid} tells a repeat. What one number writes stays in its order: STOP, then START, is not
 * START, then STOP.
 */
public final class SmsReplyReader implements NotificationReader {

  private static final String REPLY = "reply";
  private static final int LONGEST_SID = 100;

  @Override
  public List<Part> glance(byte[] body) {
    return List.of(Form.read(body).map(SmsReplyReader::part).orElse(Part.UNREADABLE));
  }

  private static Part part(Form form) {
    String from = form.text("From");
    String sid = sid(form);
    return new Part(label(form), null, sid).inLane(from);
  }

  private static @Nullable String sid(Form form) {
    String sid =
        Objects.requireNonNullElseGet(
            form.text("MessageSid"),
            () -> Objects.requireNonNullElse(form.text("SmsMessageSid"), ""));
    return sid.isEmpty() || sid.length() > LONGEST_SID ? null : sid;
  }

  @Override
  public Notice read(byte[] body, int part, ReadingContext context) throws UnreadableNotification {
    Form form =
        Form.read(body)
            .orElseThrow(
                () ->
                    new UnreadableNotification(
                        "A text message comes as a form",
                        "this one is something else",
                        "It is parked; look at what the gateway sends."));
    String from = form.text("From");
    if (from == null) {
      throw new UnreadableNotification(
          "A text message names the number it comes from in From",
          "this one names none",
          "It is parked; look at what the gateway sends.");
    }
    String words = Objects.requireNonNullElse(form.text("Body"), "");
    return new ReplyNotice(label(form), "sms", from.strip(), words, null);
  }

  /** Twilio says what it took for a carrier's word where it was taught words of other languages. */
  private static String label(Form form) {
    String words = Objects.requireNonNullElse(form.text("Body"), "");
    return ofCarrier(form).map(CarrierWord::label).orElse(meantAsStart(form, words));
  }

  private static String meantAsStart(Form form, String words) {
    boolean start = "START".equals(form.text("OptOutType"));
    boolean yes = words.strip().toUpperCase(Locale.ROOT).equals(CarrierWord.MAY_START);
    return start && !yes ? CarrierWord.START.label() : REPLY;
  }

  private static Optional<CarrierWord> ofCarrier(Form form) {
    String said = form.text("OptOutType");
    Optional<CarrierWord> taken =
        said == null || said.equals("START") ? Optional.empty() : CarrierWord.of(said);
    return taken.isPresent()
        ? taken
        : CarrierWord.of(Objects.requireNonNullElse(form.text("Body"), ""));
  }

  /** What a text message is to a carrier, for who answers it at once; empty: nothing. */
  public static Optional<CarrierWord> carrierWord(byte[] body) {
    return Form.read(body).flatMap(SmsReplyReader::ofCarrier);
  }
}
