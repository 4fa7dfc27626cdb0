package io.appointmentrelay.outbox;

import io.appointmentrelay.messaging.Invitation;
import jakarta.activation.DataHandler;
import jakarta.mail.MessagingException;
import jakarta.mail.internet.MimeBodyPart;
import jakarta.mail.internet.MimeMultipart;
import jakarta.mail.util.ByteArrayDataSource;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;

/**
 * Makes a mail's body of a message: its alternatives from the plainest to the one that says most,
 * as RFC 2046 orders them, the last being what a calendar reads.
 */
public final class MailParts implements Processor {

  @Override
  public void process(Exchange exchange) throws MessagingException, IOException {
    OutgoingMessage message = exchange.getMessage().getBody(OutgoingMessage.class);
    Alternatives parts = new Alternatives();
    parts.add(message.text(), "text/plain; charset=UTF-8");
    if (message.html() != null) {
      parts.add(message.html(), "text/html; charset=UTF-8");
    }
    Invitation invitation = message.invitation();
    if (invitation != null) {
      parts.add(
          invitation.calendar(),
          "text/calendar; method=" + invitation.method() + "; charset=UTF-8");
    }
    exchange.getMessage().setHeader(Exchange.CONTENT_TYPE, parts.getContentType());
    exchange.getMessage().setBody(parts.written());
  }

  private static final class Alternatives extends MimeMultipart {
    Alternatives() {
      super("alternative");
    }

    void add(String content, String type) throws MessagingException {
      MimeBodyPart part = new MimeBodyPart();
      byte[] bytes = content.getBytes(StandardCharsets.UTF_8);
      part.setDataHandler(new DataHandler(new ByteArrayDataSource(bytes, type)));
      part.setHeader("Content-Type", type);
      addBodyPart(part);
    }

    /** Every part is encoded in ASCII, so the whole is a string of it. */
    String written() throws MessagingException, IOException {
      updateHeaders();
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      writeTo(bytes);
      return bytes.toString(StandardCharsets.US_ASCII);
    }
  }
}
