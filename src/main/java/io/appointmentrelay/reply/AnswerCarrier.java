package io.appointmentrelay.reply;

import io.appointmentrelay.appointment.CarrierWord;
import io.appointmentrelay.door.WebhookRequest;
import io.appointmentrelay.intake.reply.SmsReplyReader;
import io.appointmentrelay.messaging.Clinic;
import io.appointmentrelay.messaging.Texts;
import java.util.Objects;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;

/**
 * The last step of the door for text messages: answers in TwiML. It says nothing, because what
 * comes of a reply is found out later; STOP, START and HELP are answered where the carrier does
 * not.
 */
public final class AnswerCarrier implements Processor {

  private static final String NOTHING =
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?><Response></Response>";

  private final Texts texts;
  private final Clinic clinic;
  private final boolean answers;

  /**
   * @param answers whether the carrier's words are answered here
   */
  public AnswerCarrier(Texts texts, Clinic clinic, boolean answers) {
    this.texts = texts;
    this.clinic = clinic;
    this.answers = answers;
  }

  @Override
  public void process(Exchange exchange) {
    WebhookRequest request = exchange.getMessage().getBody(WebhookRequest.class);
    String answer =
        answers && texts.hasReplies()
            ? SmsReplyReader.carrierWord(request.body()).map(this::said).orElse(NOTHING)
            : NOTHING;
    exchange.getMessage().setHeader(Exchange.CONTENT_TYPE, "text/xml; charset=utf-8");
    exchange.getMessage().setBody(answer);
  }

  /** In English: what language the number speaks is nowhere near the door, and the word was. */
  private String said(CarrierWord word) {
    String text = texts.replies(null).word("carrier." + word.label());
    return "<?xml version=\"1.0\" encoding=\"UTF-8\"?><Response><Message>"
        + escaped(
            text.replace("{clinic}", clinic.name())
                .replace("{phone}", Objects.requireNonNullElse(clinic.phone(), clinic.name())))
        + "</Message></Response>";
  }

  static String escaped(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;");
  }
}
