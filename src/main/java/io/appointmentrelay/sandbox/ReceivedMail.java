package io.appointmentrelay.sandbox;

import jakarta.mail.Message;
import jakarta.mail.MessagingException;
import jakarta.mail.Multipart;
import jakarta.mail.Part;
import jakarta.mail.Session;
import jakarta.mail.internet.MimeMessage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Properties;
import org.jspecify.annotations.Nullable;

/**
 * A mail as a person would see it: subject, the plain and the HTML text, what a calendar would
 * read, the names of what is attached. What is not MIME is kept whole as plain text.
 */
final class ReceivedMail {

  /** The calendar's part is shown among the headers. */
  private static final String CALENDAR = "Calendar";

  private static final Session SESSION = Session.getInstance(new Properties());

  private @Nullable String subject;
  private @Nullable String text;
  private @Nullable String html;
  private @Nullable String messageId;
  private final Map<String, String> headers = new LinkedHashMap<>();
  private final StringBuilder attached = new StringBuilder();

  static ReceivedMail read(byte[] bytes) {
    try {
      ReceivedMail mail = new ReceivedMail();
      mail.readMessage(new MimeMessage(SESSION, new ByteArrayInputStream(bytes)));
      return mail;
    } catch (MessagingException | IOException e) {
      ReceivedMail asItCame = new ReceivedMail();
      asItCame.text = new String(bytes, StandardCharsets.UTF_8);
      return asItCame;
    }
  }

  SandboxMessage asMessage(long number, Instant at, String from, String to) {
    return new SandboxMessage(
        number,
        at,
        SandboxMessage.EMAIL,
        from,
        to,
        subject,
        text == null ? "" : text,
        html,
        headers,
        messageId);
  }

  private void readMessage(MimeMessage message) throws MessagingException, IOException {
    subject = message.getSubject();
    messageId = message.getMessageID();
    keep("Message-ID", messageId);
    keep("From", message.getHeader("From", ", "));
    keep("To", message.getHeader(Message.RecipientType.TO.toString(), ", "));
    readPart(message);
    keep("Attachments", attached.isEmpty() ? null : attached.toString());
  }

  private void readPart(Part part) throws MessagingException, IOException {
    if (part.getContent() instanceof Multipart several) {
      for (int i = 0; i < several.getCount(); i++) {
        readPart(several.getBodyPart(i));
      }
    } else if (isText(part, "text/plain") && text == null) {
      text = part.getContent().toString();
    } else if (isText(part, "text/html") && html == null) {
      html = part.getContent().toString();
    } else if (part.isMimeType("text/calendar") && !headers.containsKey(CALENDAR)) {
      keep(CALENDAR, new String(part.getInputStream().readAllBytes(), StandardCharsets.UTF_8));
    } else {
      attached.append(attached.isEmpty() ? "" : ", ").append(nameOf(part));
    }
  }

  private static boolean isText(Part part, String type) throws MessagingException {
    return part.isMimeType(type) && !Part.ATTACHMENT.equalsIgnoreCase(part.getDisposition());
  }

  private static String nameOf(Part part) throws MessagingException {
    String name = part.getFileName();
    return name != null ? name : part.getContentType();
  }

  private void keep(String name, @Nullable String value) {
    if (value != null) {
      headers.put(name, value);
    }
  }
}
