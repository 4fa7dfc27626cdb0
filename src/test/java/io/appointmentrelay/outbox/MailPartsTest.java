package io.appointmentrelay.outbox;

import static org.assertj.core.api.Assertions.assertThat;

import io.appointmentrelay.messaging.Invitation;
import jakarta.mail.BodyPart;
import jakarta.mail.internet.MimeMultipart;
import jakarta.mail.util.ByteArrayDataSource;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.apache.camel.Exchange;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.DefaultExchange;
import org.junit.jupiter.api.Test;

class MailPartsTest {

  private static final String CALENDAR = "BEGIN:VCALENDAR\r\nSUMMARY:Cita en Clínica\r\n";

  @Test
  void aMailHasItsAlternativesFromThePlainestToTheCalendar() throws Exception {
    List<BodyPart> parts = parts(message("<p>¡Su cita!</p>", new Invitation("REQUEST", CALENDAR)));

    assertThat(types(parts))
        .containsExactly(
            "text/plain; charset=UTF-8",
            "text/html; charset=UTF-8",
            "text/calendar; method=REQUEST; charset=UTF-8");
    assertThat(content(parts.get(0))).isEqualTo("¡Su cita, Ana!");
    assertThat(content(parts.get(1))).isEqualTo("<p>¡Su cita!</p>");
    assertThat(content(parts.get(2))).isEqualTo(CALENDAR);
  }

  @Test
  void whatIsNotThereIsNoPart() throws Exception {
    assertThat(types(parts(message(null, null)))).containsExactly("text/plain; charset=UTF-8");
  }

  private static OutgoingMessage message(String html, Invitation invitation) {
    return new OutgoingMessage(1, "k", "a@b.example", "s", "¡Su cita, Ana!", html, invitation);
  }

  private static List<BodyPart> parts(OutgoingMessage message) throws Exception {
    Exchange exchange = new DefaultExchange(new DefaultCamelContext());
    exchange.getMessage().setBody(message);
    new MailParts().process(exchange);
    String body = exchange.getMessage().getBody(String.class);
    assertThat(body).matches(text -> text.chars().allMatch(c -> c < 128), "is ASCII");
    MimeMultipart whole =
        new MimeMultipart(
            new ByteArrayDataSource(
                body.getBytes(StandardCharsets.US_ASCII),
                exchange.getMessage().getHeader(Exchange.CONTENT_TYPE, String.class)));
    assertThat(whole.getContentType()).startsWith("multipart/alternative");
    List<BodyPart> parts = new ArrayList<>();
    for (int i = 0; i < whole.getCount(); i++) {
      parts.add(whole.getBodyPart(i));
    }
    return parts;
  }

  private static List<String> types(List<BodyPart> parts) throws Exception {
    List<String> types = new ArrayList<>();
    for (BodyPart part : parts) {
      types.add(part.getContentType());
    }
    return types;
  }

  private static String content(BodyPart part) throws Exception {
    return new String(part.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
  }
}
