package io.appointmentrelay.faults;

import io.appointmentrelay.faults.Weather.Mail;
import io.appointmentrelay.process.Arrival;
import jakarta.mail.MessagingException;
import jakarta.mail.Multipart;
import jakarta.mail.Part;
import jakarta.mail.Session;
import jakarta.mail.internet.MimeMessage;
import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.List;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** A mail server as bad as the weather; what it took it keeps. */
final class FaultyMail implements AutoCloseable {

  private static final Session SESSION = Session.getInstance(new Properties());

  private final List<Taken> taken = new CopyOnWriteArrayList<>();
  private final Set<String> putOff = ConcurrentHashMap.newKeySet();
  private final Set<String> rejected = ConcurrentHashMap.newKeySet();
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();
  private final List<Long> cuts = new CopyOnWriteArrayList<>();
  private final Tally tally;
  private final int port;
  private volatile ServerSocket listening;
  private volatile Mail weather = Mail.FAIR;

  FaultyMail(Tally tally) throws IOException {
    this.tally = tally;
    this.port = listen(0);
  }

  private int listen(int wanted) throws IOException {
    ServerSocket socket = new ServerSocket();
    socket.setReuseAddress(true);
    socket.bind(new java.net.InetSocketAddress(InetAddress.getLoopbackAddress(), wanted), 100);
    listening = socket;
    start("mail-server", () -> accept(socket));
    return socket.getLocalPort();
  }

  private static void start(String name, Runnable task) {
    Thread thread = new Thread(task, name);
    thread.setDaemon(true);
    thread.start();
  }

  void weather(Mail next) throws IOException {
    Mail before = weather;
    weather = next;
    if (next == Mail.REFUSES && before != Mail.REFUSES) {
      listening.close();
      closeAll();
      tally.add("fault: SMTP server down for a while");
    } else if (next != Mail.REFUSES && before == Mail.REFUSES) {
      listen(port);
    }
    if (before == Mail.HANGS && next != Mail.HANGS) {
      closeAll();
    }
  }

  private void closeAll() {
    cuts.add(System.nanoTime());
    for (Socket socket : open) {
      try {
        socket.close();
      } catch (IOException e) {
        // It is gone, which is all that is wanted.
      }
    }
  }

  private void accept(ServerSocket socket) {
    while (!socket.isClosed()) {
      try {
        Socket connection = socket.accept();
        open.add(connection);
        start("mail-connection", () -> serve(connection));
      } catch (IOException closed) {
        return;
      }
    }
  }

  private void serve(Socket connection) {
    try (connection) {
      talk(connection);
    } catch (IOException gone) {
      // The other end was killed, or this one has closed all.
    } finally {
      open.remove(connection);
    }
  }

  private void talk(Socket connection) throws IOException {
    BufferedReader in =
        new BufferedReader(
            new InputStreamReader(connection.getInputStream(), StandardCharsets.ISO_8859_1));
    OutputStream out = connection.getOutputStream();
    if (weather == Mail.GREETS_421) {
      tally.add("fault: SMTP 421 for a greeting");
      say(out, "421 too busy");
      return;
    }
    if (hangs(in)) {
      return;
    }
    say(out, "220 mail.clinic-mail.net");
    String recipient = "";
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      if (hangs(in)) {
        return;
      }
      String verb = line.length() < 4 ? line : line.substring(0, 4).toUpperCase();
      switch (verb) {
        case "RCPT" -> {
          recipient = line.substring(line.indexOf('<') + 1, line.indexOf('>'));
          say(out, verdict(recipient));
        }
        case "DATA" -> {
          say(out, "354 go on");
          String mail = data(in);
          if (mail == null) {
            return;
          }
          if (weather == Mail.DROPS_AFTER_DATA) {
            tally.add("fault: SMTP server dropped the connection after DATA");
            keep(mail, recipient, System.nanoTime(), false);
            return;
          }
          take(mail, recipient, out);
        }
        case "QUIT" -> {
          say(out, "221 bye");
          return;
        }
        default -> say(out, "250 fine");
      }
    }
  }

  /** Says nothing until the other end has had enough. */
  private boolean hangs(BufferedReader in) throws IOException {
    if (weather != Mail.HANGS) {
      return false;
    }
    tally.add("fault: SMTP server hung");
    while (in.readLine() != null) {
      // It may say what it likes.
    }
    return true;
  }

  private String verdict(String recipient) {
    if (weather != Mail.SAYS_451_THEN_550) {
      return "250 fine";
    }
    if (putOff.add(recipient)) {
      tally.add("fault: SMTP 451 for a recipient");
      return "451 later";
    }
    tally.add("fault: SMTP 550 for a recipient");
    rejected.add(recipient);
    return "550 no such mailbox";
  }

  private static String data(BufferedReader in) throws IOException {
    StringBuilder mail = new StringBuilder();
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      if (line.equals(".")) {
        return mail.toString();
      }
      mail.append(line.startsWith("..") ? line.substring(1) : line).append("\r\n");
    }
    return null;
  }

  private void take(String mail, String recipient, OutputStream out) throws IOException {
    long nanos = System.nanoTime();
    boolean answered = false;
    try {
      say(out, "250 taken");
      answered = true;
    } finally {
      keep(mail, recipient, nanos, answered);
    }
  }

  private void keep(String mail, String recipient, long nanos, boolean answered)
      throws IOException {
    try {
      MimeMessage read =
          new MimeMessage(
              SESSION, new ByteArrayInputStream(mail.getBytes(StandardCharsets.ISO_8859_1)));
      taken.add(
          new Taken(
              new Arrival(read.getMessageID(), recipient, read.getSubject(), text(read), nanos),
              answered));
    } catch (MessagingException e) {
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

  private void say(OutputStream out, String line) throws IOException {
    if (weather == Mail.IS_SLOW) {
      tally.add("fault: SMTP server took 9 s for an answer");
      LockSupport.parkNanos(TimeUnit.SECONDS.toNanos(9));
    }
    out.write((line + "\r\n").getBytes(StandardCharsets.ISO_8859_1));
    out.flush();
  }

  int port() {
    return port;
  }

  /** In the order in which they had come in whole, however long the answer took. */
  List<Taken> taken() {
    return taken.stream().sorted(Comparator.comparingLong(Taken::nanos)).toList();
  }

  /** When connections were cut, whatever was being said on them. */
  List<Long> cuts() {
    return cuts;
  }

  /** Who was refused for good. */
  Set<String> rejected() {
    return rejected;
  }

  @Override
  public void close() throws IOException {
    listening.close();
    closeAll();
  }
}
