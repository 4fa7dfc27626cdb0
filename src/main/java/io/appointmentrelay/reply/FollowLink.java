package io.appointmentrelay.reply;

import io.appointmentrelay.appointment.AppointmentRecord;
import io.appointmentrelay.appointment.EventKind;
import io.appointmentrelay.appointment.PatientProfile;
import io.appointmentrelay.appointment.PatientReply.Meaning;
import io.appointmentrelay.appointment.StatusGroup;
import io.appointmentrelay.door.ReplyRequest;
import io.appointmentrelay.intake.reply.LinkReplyReader;
import io.appointmentrelay.messaging.Clinic;
import io.appointmentrelay.messaging.ReplyLinks;
import io.appointmentrelay.messaging.ReplyLinks.Link;
import io.appointmentrelay.messaging.ReplyWords;
import io.appointmentrelay.messaging.Texts;
import io.appointmentrelay.store.ReplyStore.Subject;
import io.appointmentrelay.store.Store;
import java.time.Clock;
import java.util.Locale;
import java.util.Optional;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.jspecify.annotations.Nullable;

/**
 * The first step of the door for links: to who opens one it shows the page, and nothing else comes
 * of it; of who presses its button it makes what is to be kept. A link that cannot be answered any
 * more says so, to both.
 */
public final class FollowLink implements Processor {

  /** The exchange property that says what the page thanks for, and in which language. */
  static final String THANKS = "AppointmentThanks";

  private static final String CHANGED = "page.changed";

  /** What is said to who has pressed the button. */
  record Thanks(String sentence, ReplyWords words) {}

  private static String done(String answer) {
    return "page." + answer + ".done";
  }

  private final ReplyLinks links;
  private final Store store;
  private final Texts texts;
  private final ReplyPage page;
  private final Clock clock;

  public FollowLink(ReplyLinks links, Store store, Texts texts, Clinic clinic, Clock clock) {
    this.links = links;
    this.store = store;
    this.texts = texts;
    this.page = new ReplyPage(clinic);
    this.clock = clock;
  }

  @Override
  public void process(Exchange exchange) {
    ReplyRequest request = exchange.getMessage().getBody(ReplyRequest.class);
    Optional<Link> read = links.read(request.token());
    Subject subject =
        read.flatMap(link -> store.replies().subject(link.asked().delivery())).orElse(null);
    if (read.isEmpty() || subject == null) {
      stop(exchange, 404, texts.replies(null), "page.unknown");
      return;
    }
    Link link = read.get();
    AppointmentRecord appointment = subject.appointment();
    ReplyWords words = texts.replies(language(appointment));
    String problem = problem(link, appointment);
    String answer = link.meaning().name().toLowerCase(Locale.ROOT);
    boolean isChanged = CHANGED.equals(problem);
    if (problem != null && !(isChanged && request.isPost())) {
      stop(exchange, 410, words, problem);
    } else if (request.isPost()) {
      // Kept also if the visit has changed: they are told how it is now, the way they were asked.
      exchange.setProperty(THANKS, new Thanks(isChanged ? CHANGED : done(answer), words));
      exchange.getMessage().setBody(LinkReplyReader.bytes(answer, link.asked(), subject.channel()));
    } else {
      page.ask(exchange, words, answer);
      exchange.setRouteStop(true);
    }
  }

  /** Why a link is not to be answered any more; null: it is. */
  private @Nullable String problem(Link link, AppointmentRecord now) {
    boolean isOver = !clock.instant().isBefore(link.until());
    boolean isOff = now.replacedBy() == null && now.statusGroup() != StatusGroup.OPEN;
    if (isOff || isOver) {
      return "page.over";
    }
    if (now.version() != link.asked().version()) {
      return link.meaning() == Meaning.CALL && now.replacedBy() == null ? null : CHANGED;
    }
    EventKind answered = now.answered();
    boolean isSaid =
        (link.meaning() == Meaning.CONFIRM && answered == EventKind.CONFIRMED)
            || (link.meaning() == Meaning.DECLINE && answered == EventKind.DECLINED);
    return isSaid ? "page.answered" : null;
  }

  private void stop(Exchange exchange, int status, ReplyWords words, String sentence) {
    page.say(exchange, status, words, sentence);
    exchange.setRouteStop(true);
  }

  private static @Nullable String language(AppointmentRecord appointment) {
    PatientProfile patient = appointment.patient();
    return patient == null ? null : patient.language();
  }

  /** The last step of that door: thanks, or says that it was answered already. */
  public Processor thanks() {
    return exchange -> {
      Thanks thanks = exchange.getProperty(THANKS, Thanks.class);
      boolean repeated =
          Boolean.TRUE.equals(exchange.getProperty("AppointmentRepeated", Boolean.class));
      boolean isAnswered = repeated && !thanks.sentence().equals(CHANGED);
      page.say(exchange, 200, thanks.words(), isAnswered ? "page.answered" : thanks.sentence());
    };
  }
}
