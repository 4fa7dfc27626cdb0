package io.appointmentrelay.reply;

import io.appointmentrelay.appointment.AppointmentRecord;
import io.appointmentrelay.appointment.CarrierWord;
import io.appointmentrelay.appointment.PatientProfile;
import io.appointmentrelay.appointment.PatientReply;
import io.appointmentrelay.appointment.PatientReply.Meaning;
import io.appointmentrelay.appointment.Purpose;
import io.appointmentrelay.appointment.ReplyNotice;
import io.appointmentrelay.appointment.ReplyNotice.Asked;
import io.appointmentrelay.appointment.Run;
import io.appointmentrelay.appointment.StatusGroup;
import io.appointmentrelay.messaging.Address;
import io.appointmentrelay.messaging.Texts;
import io.appointmentrelay.store.ReplyStore;
import io.appointmentrelay.store.ReplyStore.Message;
import io.appointmentrelay.store.Store;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.jspecify.annotations.Nullable;

/**
 * A step in {@code routes/reply}: finds out which message a reply answers, and what it says. The
 * body becomes a {@link PatientReply}, or stays, with the label {@code stop}, {@code start}, {@code
 * help} or, where nothing of ours is known that it could answer, {@code stranger}.
 *
 * <p>A text message answers the last one to its number that asked. If that was within an hour of
 * one that asked about another visit, and neither is answered, nobody can tell which is meant.
 */
public final class UnderstandReply implements Processor {

  private static final Duration TOGETHER = Duration.ofHours(1);
  private static final int LONGEST_CHAIN = 20;
  private static final String STRANGER = "stranger";

  private final Store store;
  private final Texts texts;
  private final String region;

  /**
   * @param region the country of numbers that name none, as ISO 3166
   */
  public UnderstandReply(Store store, Texts texts, String region) {
    this.store = store;
    this.texts = texts;
    this.region = region;
  }

  @Override
  public void process(Exchange exchange) {
    ReplyNotice notice = exchange.getMessage().getBody(ReplyNotice.class);
    Run run = exchange.getProperty(Run.PROPERTY, Run.class);
    if (notice == null || run == null) {
      throw new IllegalStateException(
          "understandReply expects what inbox:sms or inbox:link gave; found something else. Leave the body as it was.");
    }
    Asked asked = notice.asked();
    exchange
        .getMessage()
        .setBody(asked == null ? ofText(notice, run.receivedAt()) : ofLink(notice, asked));
  }

  private Object ofLink(ReplyNotice notice, Asked asked) {
    Meaning meaning = Meaning.valueOf(notice.label().toUpperCase(Locale.ROOT));
    ReplyStore.Subject answered =
        store
            .replies()
            .subject(asked.delivery())
            .orElseThrow(
                () ->
                    new IllegalStateException(
                        "A link is in a message that is kept; found none of that id. It was purged meanwhile."));
    return reply(notice, meaning, new Subject(answered.appointment(), asked.version()), true);
  }

  private Object ofText(ReplyNotice notice, Instant at) {
    String number = number(notice);
    String words = Objects.requireNonNullElse(notice.words(), "");
    if (!notice.label().equals("reply")) {
      return notice;
    }
    if (words.strip().equalsIgnoreCase(CarrierWord.MAY_START) && isOptedOut(number)) {
      return labelled(notice, CarrierWord.START.label());
    }
    List<Message> texted = store.replies().textedTo(number);
    if (texted.isEmpty()) {
      return labelled(notice, STRANGER);
    }
    Message answered = texted.stream().filter(Message::asks).findFirst().orElse(texted.get(0));
    Meaning meaning = texts.meaning(words, language(answered.appointment()));
    Subject subject =
        new Subject(answered.appointment(), answered.asks() ? answered.version() : null);
    return reply(notice, meaning, subject, isClear(answered, texted, at));
  }

  /** An appointment, and the version of it that was asked about; absent: it was asked nothing. */
  private record Subject(AppointmentRecord record, @Nullable Integer version) {}

  private PatientReply reply(
      ReplyNotice notice, Meaning meaning, Subject subject, boolean isClear) {
    AppointmentRecord now = successor(subject.record());
    boolean isSame = now.identifier().equals(subject.record().identifier());
    return new PatientReply(
        meaning,
        now.group(),
        now.identifier(),
        isSame ? subject.version() : null,
        isClear,
        notice.channel(),
        notice.words());
  }

  /** The appointment that has taken its place, and so on; itself, if none has. */
  private AppointmentRecord successor(AppointmentRecord record) {
    AppointmentRecord now = record;
    for (int i = 0; i < LONGEST_CHAIN && now.replacedBy() != null; i++) {
      Optional<AppointmentRecord> next =
          store.appointment(now.group(), Objects.requireNonNull(now.replacedBy()));
      if (next.isEmpty()) {
        return now;
      }
      now = next.get();
    }
    return now;
  }

  private static boolean isClear(Message answered, List<Message> texted, Instant at) {
    return texted.stream()
        .filter(Message::asks)
        .filter(other -> !isOfOneVisit(other, answered) && isOpen(other, at))
        .noneMatch(other -> Duration.between(other.at(), answered.at()).compareTo(TOGETHER) <= 0);
  }

  private static boolean isOfOneVisit(Message one, Message other) {
    return one.appointment().group().equals(other.appointment().group())
        && one.appointment().root().equals(other.appointment().root());
  }

  private static boolean isOpen(Message message, Instant at) {
    AppointmentRecord now = message.appointment();
    Instant start = now.details().start();
    boolean isToCome = start == null || at.isBefore(start);
    return isToCome && now.statusGroup() == StatusGroup.OPEN && now.answered() == null;
  }

  private boolean isOptedOut(String number) {
    return store.recipients().isOptedOut(number, Purpose.ALL);
  }

  private static @Nullable String language(AppointmentRecord appointment) {
    PatientProfile patient = appointment.patient();
    return patient == null ? null : patient.language();
  }

  private String number(ReplyNotice notice) {
    return key(Objects.requireNonNullElse(notice.from(), ""), region);
  }

  /** A number in the one form in which it is compared. */
  static String key(String number, String region) {
    return Address.key(Address.read(number, region).orElse(number));
  }

  private static ReplyNotice labelled(ReplyNotice notice, String label) {
    return new ReplyNotice(label, notice.channel(), notice.from(), notice.words(), notice.asked());
  }
}
