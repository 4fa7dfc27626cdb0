package io.appointmentrelay.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import jakarta.mail.Message.RecipientType;
import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.Transport;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeBodyPart;
import jakarta.mail.internet.MimeMessage;
import jakarta.mail.internet.MimeMultipart;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.List;
import java.util.Properties;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SandboxMailboxTest {
  private final SandboxMessages messages = new SandboxMessages(Clock.systemUTC());
  private final SandboxMailbox mailbox = new SandboxMailbox(0, messages);

  @BeforeEach
  void open() {
    mailbox.start();
  }

  @AfterEach
  void close() {
    mailbox.close();
  }

  @Test
  void aMailWithTextHtmlAndCalendarIsReadAsAPersonSeesIt() throws Exception {
    MimeMultipart words = new MimeMultipart("alternative");
    words.addBodyPart(part("Su cita: mañana a las 9", "plain"));
    words.addBodyPart(part("<p>Su cita: <b>mañana</b></p>", "html"));
    MimeBodyPart both = new MimeBodyPart();
    both.setContent(words);
    MimeBodyPart calendar = part("BEGIN:VCALENDAR", "plain");
    calendar.setFileName("visit.ics");
    calendar.setDisposition(MimeBodyPart.ATTACHMENT);
    MimeMultipart all = new MimeMultipart("mixed");
    all.addBodyPart(both);
    all.addBodyPart(calendar);
    MimeMessage mail = mail("Confirmación de su cita", "alma.ejemplo@example.org");
    mail.setContent(all);

    send(mail);

    SandboxMessage received = messages.all("email").get(0);
    assertThat(received.from()).isEqualTo("clinic@example.org");
    assertThat(received.to()).isEqualTo("alma.ejemplo@example.org");
    assertThat(received.subject()).isEqualTo("Confirmación de su cita");
    assertThat(received.text()).isEqualTo("Su cita: mañana a las 9");
    assertThat(received.html()).isEqualTo("<p>Su cita: <b>mañana</b></p>");
    assertThat(received.id()).isEqualTo("<d-1@relay.example.org>");
    assertThat(received.headers())
        .containsEntry("Message-ID", "<d-1@relay.example.org>")
        .containsEntry("Attachments", "visit.ics");
  }

  @Test
  void aPlainMailHasNoHtml() throws Exception {
    MimeMessage mail = mail("Your visit", "casey.example@example.org");
    mail.setText("See you on Monday", "UTF-8");

    send(mail);

    SandboxMessage received = messages.all("email").get(0);
    assertThat(received.text().strip()).isEqualTo("See you on Monday");
    assertThat(received.html()).isNull();
  }

  @Test
  void aMailToTwoIsTwoMessages() throws Exception {
    MimeMessage mail = mail("Your visit", "casey.example@example.org");
    mail.addRecipient(RecipientType.TO, new InternetAddress("parent@example.org"));
    mail.setText("See you on Monday");

    send(mail);

    assertThat(messages.all("email"))
        .extracting(SandboxMessage::to)
        .containsExactlyInAnyOrder("casey.example@example.org", "parent@example.org");
  }

  @Test
  void whatIsNotMimeIsKeptAsItCame() throws Exception {
    speak(
        "HELO test",
        "MAIL FROM:<a@example.org>",
        "RCPT TO:<b@example.org>",
        "DATA",
        "Content-Type: multipart/mixed; boundary=never\r\n\r\nno part of it\r\n.");

    assertThat(messages.all("email"))
        .singleElement()
        .satisfies(received -> assertThat(received.text()).contains("no part of it"));
  }

  @Test
  void anUnknownCharsetDoesNotLoseTheMail() throws Exception {
    speak(
        "HELO test",
        "MAIL FROM:<a@example.org>",
        "RCPT TO:<b@example.org>",
        "DATA",
        "Content-Type: text/plain; charset=klingon\r\n\r\nQapla\r\n.");

    assertThat(messages.all("email"))
        .singleElement()
        .satisfies(received -> assertThat(received.text()).contains("Qapla"));
  }

  @Test
  void aPortInUseIsSaidAtTheStart() {
    SandboxMailbox second = new SandboxMailbox(mailbox.port(), messages);

    assertThatThrownBy(second::start)
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("port " + mailbox.port());
    second.close();
  }

  private static MimeBodyPart part(String text, String subtype) throws MessagingException {
    MimeBodyPart part = new MimeBodyPart();
    part.setText(text, "UTF-8", subtype);
    return part;
  }

  private MimeMessage mail(String subject, String to) throws MessagingException {
    Properties settings = new Properties();
    settings.put("mail.smtp.host", "127.0.0.1");
    settings.put("mail.smtp.port", String.valueOf(mailbox.port()));
    MimeMessage mail =
        new MimeMessage(Session.getInstance(settings)) {
          @Override
          protected void updateMessageID() throws MessagingException {
            setHeader("Message-ID", "<d-1@relay.example.org>");
          }
        };
    mail.setFrom(new InternetAddress("clinic@example.org"));
    mail.setRecipient(RecipientType.TO, new InternetAddress(to));
    mail.setSubject(subject, "UTF-8");
    return mail;
  }

  private static void send(MimeMessage mail) throws MessagingException {
    Transport.send(mail);
  }

  /** SMTP by hand: a line, its answer, the next line. */
  private void speak(String... lines) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), mailbox.port())) {
      BufferedReader answers =
          new BufferedReader(
              new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
      OutputStream out = socket.getOutputStream();
      answers.readLine();
      for (String line : List.of(lines)) {
        out.write((line + "\r\n").getBytes(StandardCharsets.US_ASCII));
        assertThat(answers.readLine()).matches("[23].*");
      }
    }
  }
}
