package io.appointmentrelay.proof;

import io.appointmentrelay.appointment.Claim;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;

/**
 * A year of a clinic with places in four time zones, invented once and the same each time: what its
 * system tells, when that arrives, and what goes wrong on our side.
 */
final class Year {

  static final int YEAR = 2026;

  /** Something that arrives, or that goes wrong. */
  sealed interface Incident {
    Instant at();
  }

  /** A notification arrives. */
  record Arrival(Instant at, Said said) implements Incident {}

  /** The process dies at the next occasion. */
  record Crash(Instant at, RelayByHand.Death how, Duration down) implements Incident {}

  /** The machine is off. */
  record Outage(Instant at, Duration length) implements Incident {}

  /**
   * How a visit stands in the end, by the clinic's own book.
   *
   * @param lastWord when the last notification of it was due to arrive
   */
  record Ending(
      String appointment,
      Said.Patient patient,
      ZoneId zone,
      Instant start,
      String room,
      Claim last,
      Instant lastWord) {}

  private static final List<ZoneId> PLACES =
      List.of(
          ZoneId.of("America/Chicago"),
          ZoneId.of("America/New_York"),
          ZoneId.of("America/Phoenix"),
          ZoneId.of("America/Los_Angeles"));
  private static final int SECOND = 17;

  private final Random chance = new Random(20_260_101);
  private final List<Incident> incidents = new ArrayList<>();
  private final List<Ending> endings = new ArrayList<>();

  Year(int appointments) {
    for (int i = 0; i < appointments; i++) {
      appointment(i, chance.nextInt(Math.max(1, appointments * 2 / 5)));
    }
    for (int i = 0; i < 24; i++) {
      RelayByHand.Death how = RelayByHand.Death.values()[i % 3];
      incidents.add(new Crash(someTime(), how, Duration.ofMinutes(chance.nextInt(10))));
    }
    for (int i = 0; i < 8; i++) {
      incidents.add(new Outage(someTime(), Duration.ofMinutes(20 + chance.nextInt(500))));
    }
    incidents.sort(Comparator.comparing(Incident::at));
  }

  /** All of it, in order. */
  List<Incident> incidents() {
    return incidents;
  }

  List<Ending> endings() {
    return endings;
  }

  private Instant someTime() {
    return LocalDate.ofYearDay(YEAR, 1 + chance.nextInt(364))
        .atTime(chance.nextInt(24), chance.nextInt(60), SECOND)
        .atZone(PLACES.get(0))
        .toInstant();
  }

  private boolean in(int percent) {
    return chance.nextInt(100) < percent;
  }

  private void appointment(int number, int patientNumber) {
    ZoneId zone = PLACES.get(number % PLACES.size());
    Said.Patient patient = patient(patientNumber);
    Book book = new Book("visit-" + number, patient, zone);
    book.start = visitOn(LocalDate.ofYearDay(YEAR, 1 + chance.nextInt(365)), zone);
    book.room = "Room " + (1 + chance.nextInt(20));
    long lead = in(10) ? 60 + chance.nextInt(2_000) : chance.nextInt(60 * 1440);
    book.time =
        book.start
            .minus(Duration.ofMinutes(lead))
            .truncatedTo(java.time.temporal.ChronoUnit.MINUTES);
    book.tells(Claim.BOOKED);
    int moves = in(14) ? 1 + chance.nextInt(2) : 0;
    for (int i = 0; i < moves && book.passes(); i++) {
      LocalDate day = book.start.atZone(zone).toLocalDate().plusDays(chance.nextInt(14));
      book.start = visitOn(day, zone);
      book.tells(in(50) ? Claim.RESCHEDULED : Claim.UPDATED);
    }
    if (in(8) && book.passes()) {
      book.room = "Room " + (1 + chance.nextInt(20));
      book.tells(Claim.UPDATED);
    }
    if (in(10) && book.passes()) {
      book.tells(Claim.CANCELLED);
      if (in(15) && book.passes()) {
        book.tells(Claim.RESTORED);
      }
    }
    if (book.last != Claim.CANCELLED) {
      boolean comes = !in(6);
      book.time = book.start.plus(Duration.ofMinutes(comes ? -chance.nextInt(15) : 40));
      book.tells(comes ? Claim.CHECKED_IN : Claim.NO_SHOW);
    }
    endings.add(book.ending());
  }

  private Instant visitOn(LocalDate day, ZoneId zone) {
    LocalTime time = LocalTime.of(7 + chance.nextInt(12), 30 * chance.nextInt(2));
    return day.atTime(time).atZone(zone).toInstant();
  }

  private Said.Patient patient(int number) {
    ZoneId elsewhere = number % 7 == 0 ? ZoneId.of("Pacific/Honolulu") : null;
    String email = number % 10 == 1 ? null : "patient" + number + "@example.org";
    String phone = number % 10 == 2 ? null : "+1312556" + (1000 + number % 4000);
    return new Said.Patient("MRN|" + number, email, phone, elsewhere);
  }

  /** One appointment as the clinic writes it down. */
  private final class Book {
    private final String name;
    private final Said.Patient patient;
    private final ZoneId zone;
    private Instant start;
    private String room;
    private Instant time;
    private Claim last;
    private Instant lastChange = Instant.EPOCH;
    private int told;

    Book(String name, Said.Patient patient, ZoneId zone) {
      this.name = name;
      this.patient = patient;
      this.zone = zone;
    }

    /** Some of the time to the visit goes by; false: there is not enough of it left. */
    boolean passes() {
      long left = Duration.between(time, start).toMinutes();
      if (left < 120) {
        return false;
      }
      time = time.plus(Duration.ofMinutes(in(25) ? 1 : 1 + chance.nextInt((int) left - 60)));
      return true;
    }

    void tells(Claim claim) {
      last = claim;
      Instant happens = time.plusSeconds(SECOND);
      Instant arrives = in(6) ? happens.plusSeconds(60L * (1 + chance.nextInt(90))) : happens;
      boolean isChange = claim != Claim.CHECKED_IN && claim != Claim.NO_SHOW;
      if (isChange && arrives.isAfter(lastChange)) {
        lastChange = arrives;
      }
      boolean moves = claim == Claim.BOOKED || claim == Claim.UPDATED || claim == Claim.RESCHEDULED;
      Said said =
          new Said(
              claim,
              name,
              moves ? start : null,
              moves ? room : null,
              null,
              null,
              happens,
              in(50) ? name + "#" + ++told : null,
              patient,
              zone);
      incidents.add(new Arrival(arrives, said));
      if (in(5)) {
        incidents.add(new Arrival(arrives.plusSeconds(60L * chance.nextInt(300)), said));
      }
    }

    Ending ending() {
      return new Ending(name, patient, zone, start, room, last, lastChange);
    }
  }
}
