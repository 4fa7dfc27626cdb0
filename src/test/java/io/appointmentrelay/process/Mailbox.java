package io.appointmentrelay.process;

import jakarta.mail.MessagingException;
import jakarta.mail.Multipart;
import jakarta.mail.Part;
import jakarta.mail.Session;
import jakarta.mail.internet.MimeMessage;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.CopyOnWriteArrayList;
import org.subethamail.smtp.helper.SimpleMessageListener;
import org.subethamail.smtp.server.SMTPServer;

/** A mail server that takes every mail for everybody and keeps what a person would read. */
final class Mailbox implements SimpleMessageListener, AutoCloseable {

  private static final Session SESSION = Session.getInstance(new Properties());

  private final List<Arrival> mails = new CopyOnWriteArrayList<>();
  private final SMTPServer server =
      SMTPServer.port(0)
          .bindAddress(InetAddress.getLoopbackAddress())
          .hostName("localhost")
          .simpleMessageListener(this)
          .build();

  Mailbox() {
    server.start();
  }

  @Override
  public boolean accept(String from, String recipient) {
    return true;
  }

  @Override
  public void deliver(String from, String recipient, InputStream data) throws IOException {
    try {
      MimeMessage mail = new MimeMessage(SESSION, data);
      mails.add(
          new Arrival(
              mail.getMessageID(), recipient, mail.getSubject(), text(mail), System.nanoTime()));
    } catch (MessagingException e) {
      // Cut off by a kill: such a mail never came.
      throw new IOException(e);
    }
  }

  private static String text(Part part) throws MessagingException, IOException {
    if (part.getContent() instanceof Multipart several) {
      StringBuilder all = new StringBuilder();
      for (int i = 0; i < several.getCount(); i++) {
        all.append(text(several.getBodyPart(i)));
      }
      return all.toString();
    }
    return part.isMimeType("text/plain") ? part.getContent().toString() : "";
  }

  int port() {
    return server.getPortAllocated();
  }

  List<Arrival> mails() {
    return mails;
  }

  @Override
  public void close() {
    server.stop();
  }
}
