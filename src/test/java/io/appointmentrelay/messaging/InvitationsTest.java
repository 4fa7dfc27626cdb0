package io.appointmentrelay.messaging;

import static org.assertj.core.api.Assertions.assertThat;

import io.appointmentrelay.appointment.Details;
import io.appointmentrelay.appointment.EventKind;
import io.appointmentrelay.appointment.Party;
import io.appointmentrelay.appointment.Told;
import java.io.IOException;
import java.io.StringReader;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.Temporal;
import java.util.Optional;
import net.fortuna.ical4j.data.CalendarBuilder;
import net.fortuna.ical4j.data.ParserException;
import net.fortuna.ical4j.model.Calendar;
import net.fortuna.ical4j.model.Component;
import net.fortuna.ical4j.model.Property;
import net.fortuna.ical4j.model.component.VEvent;
import net.fortuna.ical4j.model.property.DtStart;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Read by a library that did not write them. */
class InvitationsTest {

  private static final Instant NOW = Instant.parse("2026-07-30T12:00:00Z");
  private static final String MAIL = "ana@mail.example.org";

  private final Invitations invitations =
      new Invitations("installation-1", "appointments@clinic.example.org");

  @ParameterizedTest
  @EnumSource(names = {"BOOKED", "MODIFIED", "RESCHEDULED", "RESTORED"})
  void newsOfAVisitThatTakesPlaceAsksForAnEntry(EventKind news) {
    Calendar calendar = read(written(news, Visits.DETAILS, null, 3).orElseThrow());

    assertThat(value(calendar, Property.METHOD)).isEqualTo("REQUEST");
    assertThat(value(calendar, Property.VERSION)).isEqualTo("2.0");
    VEvent event = event(calendar);
    assertThat(start(event)).isEqualTo(Visits.START);
    assertThat(value(event, Property.SUMMARY)).isEqualTo("Appointment at Good Health Clinic");
    assertThat(value(event, Property.LOCATION)).isEqualTo("North Office");
    assertThat(value(event, Property.SEQUENCE)).isEqualTo("2");
    assertThat(value(event, Property.STATUS)).isEqualTo("CONFIRMED");
    assertThat(value(event, Property.ORGANIZER)).contains("appointments@clinic.example.org");
    assertThat(value(event, Property.ATTENDEE)).contains(MAIL);
    assertThat(value(event, Property.DTSTAMP)).isEqualTo("20260730T120000Z");
  }

  @Test
  void aCancellationStrikesTheEntryOutWhereItStands() {
    Details movedUnheard = at(Visits.START.plus(Duration.ofDays(1)));
    Invitation written =
        written(EventKind.CANCELLED, movedUnheard, Visits.told(Visits.DETAILS), 4).orElseThrow();

    Calendar calendar = read(written);
    assertThat(written.method()).isEqualTo("CANCEL");
    assertThat(value(calendar, Property.METHOD)).isEqualTo("CANCEL");
    assertThat(value(event(calendar), Property.STATUS)).isEqualTo("CANCELLED");
    assertThat(start(event(calendar))).isEqualTo(Visits.START);
  }

  @Test
  void everyEntryOfAVisitHasTheSameUidAndOthersHaveAnother() {
    String booked = uid(invitations, "V1", "V1");

    assertThat(uid(invitations, "V1", "V1")).isEqualTo(booked);
    // The appointment that took its place has the same root.
    assertThat(uid(invitations, "V2", "V1")).isEqualTo(booked);
    assertThat(uid(invitations, "V2", "V2")).isNotEqualTo(booked);
    assertThat(uid(new Invitations("installation-2", "a@b.example.org"), "V1", "V1"))
        .isNotEqualTo(booked);
    assertThat(booked).doesNotContain("V1").endsWith("@appointment-relay");
  }

  @ParameterizedTest
  @EnumSource(names = {"NO_SHOW", "CHECKED_IN", "UNCHANGED", "STALE"})
  void otherNewsTouchesNoCalendar(EventKind news) {
    assertThat(written(news, Visits.DETAILS, null, 1)).isEmpty();
  }

  @ParameterizedTest
  @EnumSource(names = {"BOOKED", "CANCELLED"})
  void withoutATimeThereIsNothingToNote(EventKind news) {
    assertThat(written(news, Details.NONE, null, 1)).isEmpty();
  }

  @Test
  void aVideoVisitIsWhereItsLinkLeads() {
    Details video =
        new Details(
            Visits.START,
            Visits.START.plus(Duration.ofMinutes(20)),
            null,
            new Party(null, "North Office"),
            null,
            null,
            "video",
            "https://video.example.org/r/abc123");

    VEvent event = event(read(written(EventKind.BOOKED, video, null, 1).orElseThrow()));

    assertThat(value(event, Property.LOCATION)).isEqualTo("https://video.example.org/r/abc123");
    assertThat(value(event, Property.DESCRIPTION)).contains("https://", "(608) 555-0142");
    assertThat(value(event, Property.DTEND)).isEqualTo("20260803T152000Z");
  }

  @Test
  void whatAnybodyMayTypeAddsNoLineOfItsOwn() {
    Details hostile =
        new Details(
            Visits.START,
            null,
            null,
            new Party(null, "Room; 3, \\ east\r\nATTENDEE:mailto:eve@mail.example.org"),
            null,
            "Oncology follow-up",
            "in-person",
            null);

    Invitation written = written(EventKind.BOOKED, hostile, null, 1).orElseThrow();

    assertThat(event(read(written)).getProperties(Property.ATTENDEE)).hasSize(1);
    assertThat(value(event(read(written)), Property.LOCATION)).startsWith("Room; 3, \\ east ");
    assertThat(written.calendar()).doesNotContain("Oncology", "Dr. Lee");
    assertThat(written.calendar().lines()).allMatch(line -> line.length() <= 75);
    assertThat(written.calendar().replace("\r\n", "")).doesNotContain("\n", "\r");
  }

  private Optional<Invitation> written(EventKind news, Details now, Told told, int versions) {
    VisitModel visit = Visits.of(now, told);
    return invitations.of(
        new Invitations.Occasion(
            news,
            Visits.record(now),
            told,
            visit,
            versions,
            "Appointment at Good Health Clinic",
            MAIL),
        NOW);
  }

  private static String uid(Invitations invitations, String identifier, String root) {
    Invitation written =
        invitations
            .of(
                new Invitations.Occasion(
                    EventKind.BOOKED,
                    Visits.record(identifier, root, Visits.DETAILS),
                    null,
                    Visits.inPerson(),
                    1,
                    "Appointment",
                    MAIL),
                NOW)
            .orElseThrow();
    return value(event(read(written)), Property.UID);
  }

  private static Details at(Instant start) {
    return new Details(start, null, null, null, null, null, "in-person", null);
  }

  private static Calendar read(Invitation invitation) {
    try {
      Calendar calendar = new CalendarBuilder().build(new StringReader(invitation.calendar()));
      assertThat(calendar.validate().hasErrors()).as(calendar.validate().toString()).isFalse();
      return calendar;
    } catch (IOException | ParserException e) {
      throw new AssertionError(e);
    }
  }

  private static VEvent event(Calendar calendar) {
    return calendar.<VEvent>getComponent(Component.VEVENT).orElseThrow();
  }

  private static Instant start(VEvent event) {
    Temporal start = event.<DtStart<?>>getProperty(Property.DTSTART).orElseThrow().getDate();
    return Instant.from(start);
  }

  private static String value(net.fortuna.ical4j.model.PropertyContainer from, String name) {
    return from.getProperty(name).map(Property::getValue).orElseThrow();
  }
}
