package io.appointmentrelay.proof;

import io.appointmentrelay.appointment.Claim;
import io.appointmentrelay.appointment.Purpose;
import io.appointmentrelay.store.ConsoleReads;
import io.appointmentrelay.store.ConsoleReads.DeliveryFilter;
import io.appointmentrelay.store.PageRequest;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.Comparator;
import java.util.List;

/** One appointment's life in twenty steps, lived by a relay and written into a transcript. */
final class ALife {

  static final ZoneId CLINIC = ZoneId.of("America/Chicago");
  private static final String PHONE = "+13125550142";
  private static final Said.Patient MARIGOLD =
      new Said.Patient("MRN|0000000142", "marigold@example.org", PHONE, null);
  private static final String FIRST = "V-1001";
  private static final String SECOND = "V-1002";
  private static final String ROOM_4 = "Family Medicine, Room 4";
  private static final String ROOM_12 = "Family Medicine, Room 12";

  private final RelayByHand relay;
  private final Transcript transcript;

  ALife(RelayByHand relay, Transcript transcript) {
    this.relay = relay;
    this.transcript = transcript;
  }

  void live() {
    relay.clockShows(at("2026-10-12T09:00"));
    says(
        "2026-10-12T09:14",
        "The clinic's system tells of a new visit, V-1001: Monday, 2 November at 10:30 AM, three weeks from now, in Room 4.",
        visit(Claim.BOOKED, FIRST, "2026-11-02T10:30", ROOM_4));
    says(
        "2026-10-12T09:16",
        "It says the same once more.",
        visit(Claim.BOOKED, FIRST, "2026-11-02T10:30", ROOM_4));
    says(
        "2026-10-13T14:05",
        "The visit is to be in Room 12. What people are told of it waits a minute (`relay.messaging.settle`): more may follow.",
        visit(Claim.UPDATED, FIRST, "2026-11-02T10:30", ROOM_12));
    says(
        "2026-10-13T14:05:40",
        "Forty seconds later it moves to Tuesday, 3 November at 9:00 AM. The room has not been told yet: one message tells both.",
        visit(Claim.RESCHEDULED, FIRST, "2026-11-03T09:00", ROOM_12));
    says(
        "2026-10-14T22:30",
        "Late in the evening it moves to Monday, 2 November at 3:30 PM. An e-mail wakes nobody; a text message waits until"
            + " quiet hours end (`relay.messaging.quiet-hours`, 21:00-08:00).",
        visit(Claim.RESCHEDULED, FIRST, "2026-11-02T15:30", ROOM_12));
    says(
        "2026-10-15T09:10",
        "A notification of Tuesday afternoon comes late: 3 November at 9:00 AM, which has long been overtaken.",
        happened("2026-10-13T15:00", visit(Claim.RESCHEDULED, FIRST, "2026-11-03T09:00", ROOM_12)));
    says(
        "2026-10-19T11:20",
        "The visit moves once more and gets another number: V-1002 takes the place of V-1001, Monday, 2 November at 10:30 AM."
            + " To the patient it is the same visit, and to the calendar too: the UID stays, the SEQUENCE rises.",
        new Said(
            Claim.RESCHEDULED,
            SECOND,
            at("2026-11-02T10:30"),
            ROOM_12,
            FIRST,
            null,
            null,
            null,
            MARIGOLD,
            CLINIC));
    says(
        "2026-10-20T11:00",
        "The visit is cancelled. That is told after five minutes: a new booking within them would make it a move"
            + " (`relay.messaging.rebook-window`).",
        word(Claim.CANCELLED));
    says(
        "2026-10-20T14:00",
        "Somebody takes the cancellation back by mistake.",
        word(Claim.RESTORED));
    says(
        "2026-10-20T14:00:30",
        "And cancels again half a minute later. Nobody has heard that it was to take place.",
        word(Claim.CANCELLED));
    says(
        "2026-10-21T08:40",
        "The next morning the cancellation is taken back, and meant.",
        word(Claim.RESTORED));
    comes(
        "2026-10-26T10:30",
        "A week before the visit, at the visit's hour: clocks change on the Sunday between, so it is 169 hours ahead, not 168.");
    comes("2026-10-30T10:30", "Three days before the visit.");
    patient(
        "2026-10-31T18:00",
        "Marigold asks the clinic not to text her reminders. An operator enters it:"
            + " `POST /api/opt-outs` with `{\"recipient\":\"+13125550142\",\"purpose\":\"preparation\"}`. News she still gets.",
        () -> relay.optsOut(PHONE, Purpose.PREPARATION));
    comes("2026-11-01T10:30", "The day before the visit. Clocks were put back this night.");
    patient(
        "2026-11-01T19:00",
        "She thinks better of it: `DELETE /api/opt-outs` with the same.",
        () -> relay.optsInAgain(PHONE, Purpose.PREPARATION));
    comes("2026-11-02T08:30", "Two hours before the visit.");
    says(
        "2026-11-02T08:52",
        "The visit moves to 1:30 PM of the same day.",
        visit(Claim.RESCHEDULED, SECOND, "2026-11-02T13:30", ROOM_12));
    says(
        "2026-11-02T11:10",
        "Marigold is there already and checks in. What was planned before the visit is dropped. A thank-you after it is"
            + " prepared in `routes/appointment/checked-in.camel.yaml`, and off.",
        word(Claim.CHECKED_IN));
    says(
        "2026-11-03T10:00",
        "The day after, the clinic corrects its book: the visit was in Room 4. It is over, and nobody needs to know. Nor is"
            + " anything sent in the ninety days that follow.",
        visit(Claim.UPDATED, SECOND, "2026-11-02T13:30", ROOM_4));
    relay.livesUntil(relay.now().plus(Duration.ofDays(90)));
    transcript.ends(relay.reads(), deliveries());
  }

  private static Said visit(Claim claim, String number, String start, String room) {
    return new Said(claim, number, at(start), room, null, null, null, null, MARIGOLD, CLINIC);
  }

  /** No more than what happened. */
  private static Said word(Claim claim) {
    return new Said(claim, SECOND, null, null, null, null, null, null, MARIGOLD, CLINIC);
  }

  private static Said happened(String when, Said said) {
    return new Said(
        said.claim(),
        said.appointment(),
        said.start(),
        said.room(),
        said.replaces(),
        said.oldStart(),
        at(when),
        said.number(),
        said.patient(),
        said.zone());
  }

  private static Instant at(String time) {
    return LocalDateTime.parse(time).atZone(CLINIC).toInstant();
  }

  private void says(String time, String what, Said said) {
    begins(time, what);
    relay.hears(said);
    transcript.turnsOutToBe(
        last(
            relay
                .reads()
                .appointment(RelayByHand.GROUP, said.appointment())
                .orElseThrow()
                .timeline()));
  }

  private void patient(String time, String what, Runnable does) {
    begins(time, what);
    does.run();
  }

  private void comes(String time, String what) {
    begins(time, what);
  }

  /** Until then everything is done in its time, and what is due at that very moment after it. */
  private void begins(String time, String what) {
    boolean first = deliveries().isEmpty();
    relay.livesUntil(at(time).minusMillis(1));
    if (!first) {
      transcript.ends(relay.reads(), deliveries());
    }
    relay.clockShows(at(time));
    transcript.begins(what);
  }

  /** Everything planned so far, the first one first. */
  List<ConsoleReads.Delivery> deliveries() {
    return relay
        .reads()
        .deliveries(
            new DeliveryFilter(null, null, null), new PageRequest(PageRequest.AT_MOST, null))
        .items()
        .stream()
        .sorted(Comparator.comparing(ConsoleReads.Delivery::id))
        .toList();
  }

  private static <T> T last(List<T> all) {
    return all.get(all.size() - 1);
  }
}
