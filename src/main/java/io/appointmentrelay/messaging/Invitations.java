package io.appointmentrelay.messaging;

import biweekly.Biweekly;
import biweekly.ICalendar;
import biweekly.component.VEvent;
import biweekly.parameter.ParticipationStatus;
import biweekly.property.Attendee;
import biweekly.property.Classification;
import biweekly.property.Method;
import biweekly.property.Organizer;
import biweekly.property.Status;
import io.appointmentrelay.appointment.AppointmentRecord;
import io.appointmentrelay.appointment.EventKind;
import io.appointmentrelay.appointment.Told;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Date;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Writes the calendar's part of news about a visit (RFC 5545, RFC 5546): one entry per visit,
 * whatever it is called by and however often it moves. Names neither the reason of the visit nor
 * the practitioner: calendars are shared.
 */
public final class Invitations {

  private final String installation;
  private final String sender;

  /**
   * @param installation tells the entries of one relay from those of others
   * @param sender the address that the mails come from
   */
  public Invitations(String installation, String sender) {
    this.installation = installation;
    this.sender = sender;
  }

  /**
   * What is said, and to whom.
   *
   * @param told what the recipient was last told; absent: nothing
   * @param versions how many versions the visit has had, over all appointments of its chain
   * @param title of the entry, in the reader's language
   */
  public record Occasion(
      EventKind news,
      AppointmentRecord appointment,
      @Nullable Told told,
      VisitModel visit,
      int versions,
      String title,
      String recipient) {}

  /** Empty where there is nothing to note in a calendar, or no time to note it at. */
  public Optional<Invitation> of(Occasion occasion, Instant now) {
    return switch (occasion.news()) {
      case BOOKED, MODIFIED, RESCHEDULED, RESTORED -> request(occasion, now);
      case CANCELLED -> cancel(occasion, now);
      default -> Optional.empty();
    };
  }

  private Optional<Invitation> request(Occasion occasion, Instant now) {
    Instant start = occasion.visit().start();
    if (start == null) {
      return Optional.empty();
    }
    VEvent event = event(occasion, start, now);
    Instant end = occasion.appointment().details().end();
    if (end != null && end.isAfter(start)) {
      event.setDateEnd(Date.from(end), true);
    }
    event.setStatus(Status.confirmed());
    return Optional.of(invitation(Method.request(), event));
  }

  /** The start that the entry stands at is the one that was told. */
  private Optional<Invitation> cancel(Occasion occasion, Instant now) {
    Instant told = occasion.told() == null ? null : occasion.told().start();
    Instant start = told == null ? occasion.visit().start() : told;
    if (start == null) {
      return Optional.empty();
    }
    VEvent event = event(occasion, start, now);
    event.setStatus(Status.cancelled());
    return Optional.of(invitation(Method.cancel(), event));
  }

  private VEvent event(Occasion occasion, Instant start, Instant now) {
    VisitModel visit = occasion.visit();
    String link = "in-person".equals(visit.modality()) ? null : visit.link();
    VEvent event = new VEvent();
    event.setUid(uid(occasion));
    event.setDateTimeStamp(Date.from(now));
    // The first version is 1, and RFC 5545 counts from 0.
    event.setSequence(earlierVersions(occasion.told()) + occasion.versions() - 1);
    event.setDateStart(Date.from(start), true);
    event.setSummary(occasion.title());
    event.setClassification(Classification.private_());
    String place = isElsewhere(visit) ? link : visit.place();
    if (place != null) {
      event.setLocation(place);
    }
    String more =
        Stream.of(link, visit.clinic().phone())
            .filter(Objects::nonNull)
            .collect(Collectors.joining("\n"));
    if (!more.isEmpty()) {
      event.setDescription(more);
    }
    event.setOrganizer(new Organizer(visit.clinic().name(), sender));
    event.addAttendee(attendee(occasion.recipient()));
    return event;
  }

  private static boolean isElsewhere(VisitModel visit) {
    return "video".equals(visit.modality()) || "phone".equals(visit.modality());
  }

  /** No answer is asked for: nobody reads what a calendar would send to the sender's address. */
  private static Attendee attendee(String recipient) {
    Attendee attendee = new Attendee(null, recipient);
    attendee.setParticipationStatus(ParticipationStatus.NEEDS_ACTION);
    attendee.setRsvp(false);
    return attendee;
  }

  private static int earlierVersions(@Nullable Told told) {
    return told == null || told.entry() == null ? 0 : told.entry().versions();
  }

  /** The same over a visit's whole life, and of no use to anybody who does not know it. */
  private String uid(Occasion occasion) {
    Told told = occasion.told();
    AppointmentRecord appointment = occasion.appointment();
    String root = told == null || told.entry() == null ? appointment.root() : told.entry().root();
    String life = installation + '\n' + appointment.group() + '\n' + root;
    return UUID.nameUUIDFromBytes(life.getBytes(StandardCharsets.UTF_8)) + "@appointment-relay";
  }

  private static Invitation invitation(Method method, VEvent event) {
    ICalendar calendar = new ICalendar();
    calendar.setProductId("-//Appointment Relay//EN");
    calendar.setMethod(method);
    calendar.addEvent(event);
    return new Invitation(method.getValue(), Biweekly.write(calendar).go());
  }
}
