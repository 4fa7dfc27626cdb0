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
import java.util.function.Consumer;

/**
 * Some weeks of one patient and their appointments, as a sender tells of them and as the world lets
 * it arrive.
 *
 * @param day the first day
 * @param saysWhen whether the sender says when a thing happened
 * @param numbers whether it numbers its notifications, so that a repeated one is known
 */
record Life(
    LocalDate day,
    ZoneId visitZone,
    ZoneId patientZone,
    Reach reach,
    boolean saysWhen,
    boolean numbers,
    List<Act> acts) {

  /** How the patient can be reached. */
  enum Reach {
    BOTH,
    EMAIL,
    SMS
  }

  /** Something that happens, a while after what is before it. */
  sealed interface Act {
    int minutesLater();
  }

  /**
   * The clinic does something and its system tells of it.
   *
   * @param visit which of the patient's appointments
   * @param day of the visit, counted from the first day; null: not said
   * @param replaces the visit with the letter before; only the first to say so means it
   * @param delay in minutes; null: it never arrives
   * @param again so many minutes after that it arrives once more; null: it does not
   */
  record Tells(
      int minutesLater,
      Claim claim,
      char visit,
      Integer day,
      int hour,
      Integer room,
      boolean replaces,
      Integer delay,
      Integer again)
      implements Act {}

  /**
   * It arrives while the next message is in flight, and is not in time to stop it.
   *
   * @param dies how the process dies in that flight; null: it does not
   */
  record Overtakes(Tells tells, RelayByHand.Death dies, int downMinutes) implements Act {
    @Override
    public int minutesLater() {
      return tells.minutesLater();
    }
  }

  /** The process dies at the next occasion. */
  record Dies(int minutesLater, RelayByHand.Death how, int downMinutes) implements Act {}

  /** The machine is off: nothing is sent, and senders try again. */
  record IsOff(int minutesLater, int minutes) implements Act {}

  /** The clock is put back. */
  record IsPutBack(int minutesLater, int minutes) implements Act {}

  /** Visits start at full and half hours, notifications come at this second: nothing ties. */
  private static final int SECOND = 17;

  private static final List<LocalTime> HOURS =
      List.of(
          LocalTime.of(9, 0),
          LocalTime.of(13, 30),
          LocalTime.of(17, 0),
          LocalTime.of(23, 30),
          LocalTime.of(2, 30),
          LocalTime.of(6, 0));

  private record Timed(Instant at, Consumer<Both> what) {}

  /** Lives it on both sides, to the end and some weeks beyond. */
  void live(String name, Rules rules, Both both) {
    Instant start = day.atTime(8, 0, SECOND).atZone(zone(rules)).toInstant();
    List<Timed> script = new ArrayList<>();
    Instant happens = start;
    for (int i = 0; i < acts.size(); i++) {
      Act act = acts.get(i);
      happens = happens.plus(Duration.ofMinutes(act.minutesLater()));
      if (act instanceof Tells tells) {
        arrivals(script, happens, tells, said(name, rules, tells, happens, i));
      } else if (act instanceof Overtakes overtakes) {
        Said said = said(name, rules, overtakes.tells(), happens, i);
        script.add(new Timed(happens, b -> overtakes(b, overtakes, said)));
      } else if (act instanceof Dies dies) {
        Duration down = Duration.ofMinutes(dies.downMinutes());
        script.add(new Timed(happens, b -> b.willDie(dies.how(), down)));
      } else if (act instanceof IsOff off) {
        script.add(new Timed(happens, b -> b.jumps(Duration.ofMinutes(off.minutes()))));
      } else if (act instanceof IsPutBack back) {
        script.add(new Timed(happens, b -> b.jumps(Duration.ofMinutes(-back.minutes()))));
      }
    }
    script.sort(Comparator.comparing(Timed::at));
    both.begin(start);
    for (Timed timed : script) {
      both.livesUntil(timed.at());
      timed.what().accept(both);
    }
    both.livesUntil(happens.plus(Duration.ofDays(40)));
  }

  private static void overtakes(Both both, Overtakes how, Said said) {
    both.willHearInFlight(said);
    if (how.dies() != null) {
      both.willDie(how.dies(), Duration.ofMinutes(how.downMinutes()));
    }
  }

  private static void arrivals(List<Timed> script, Instant happens, Tells tells, Said said) {
    if (tells.delay() == null) {
      return;
    }
    Instant arrives = happens.plus(Duration.ofMinutes(tells.delay()));
    script.add(new Timed(arrives, both -> arrives(both, said)));
    if (tells.again() != null) {
      Instant again = arrives.plus(Duration.ofMinutes(tells.again()));
      script.add(new Timed(again, both -> arrives(both, said)));
    }
  }

  private static void arrives(Both both, Said said) {
    Instant now = both.now();
    int wait = Math.floorMod(SECOND - now.atZone(ZoneId.of("UTC")).getSecond(), 60);
    both.livesUntil(now.plusSeconds(wait));
    both.hears(said);
  }

  private Said said(String name, Rules rules, Tells tells, Instant happens, int number) {
    Instant visit =
        tells.day() == null
            ? null
            : day.plusDays(tells.day())
                .atTime(HOURS.get(tells.hour()))
                .atZone(zone(rules))
                .toInstant();
    String before =
        tells.replaces() && tells.visit() > 'a' ? name + (char) (tells.visit() - 1) : null;
    String room = tells.room() == null ? null : "Room " + tells.room();
    return new Said(
        tells.claim(),
        name + tells.visit(),
        visit,
        room,
        before,
        null,
        saysWhen ? happens : null,
        numbers ? name + "#" + number : null,
        patient(name),
        visitZone);
  }

  private Said.Patient patient(String name) {
    int number = Math.floorMod(name.hashCode(), 9000) + 1000;
    String email = reach == Reach.SMS ? null : "p" + name + "@example.org";
    String phone = reach == Reach.EMAIL ? null : "+1312556" + (number == 5555 ? 1001 : number);
    return new Said.Patient("MRN|" + name, email, phone, patientZone);
  }

  private ZoneId zone(Rules rules) {
    return visitZone == null ? rules.clinic() : visitZone;
  }

  long visits() {
    return acts.stream()
        .filter(Tells.class::isInstance)
        .map(act -> ((Tells) act).visit())
        .distinct()
        .count();
  }
}
