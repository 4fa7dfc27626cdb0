package io.appointmentrelay.proof;

import io.appointmentrelay.appointment.Claim;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Tuple;

/** Lives by chance, with all that can go wrong on the way. */
final class Lives {

  private static final List<ZoneId> ZONES =
      List.of(
          ZoneId.of("America/Chicago"),
          ZoneId.of("America/Los_Angeles"),
          ZoneId.of("America/Phoenix"),
          ZoneId.of("Europe/Berlin"));

  /** An ordinary week, and weeks in which clocks change in America or in Europe. */
  private static final List<LocalDate> DAYS =
      List.of(
          LocalDate.parse("2026-06-10"),
          LocalDate.parse("2026-03-04"),
          LocalDate.parse("2026-10-28"),
          LocalDate.parse("2026-03-25"),
          LocalDate.parse("2026-10-21"));

  private static final Arbitrary<Integer> GAPS =
      Arbitraries.of(0, 1, 2, 5, 30, 120, 600, 1440, 2 * 1440);

  private Lives() {}

  static Arbitrary<Life> any() {
    return Combinators.combine(
            Arbitraries.of(DAYS),
            Arbitraries.of(ZONES).injectNull(0.2),
            Arbitraries.of(ZONES).injectNull(0.4),
            Arbitraries.frequency(
                Tuple.of(4, Life.Reach.BOTH),
                Tuple.of(1, Life.Reach.EMAIL),
                Tuple.of(1, Life.Reach.SMS)),
            Arbitraries.of(true, false),
            Arbitraries.of(true, false),
            acts().list().ofMinSize(1).ofMaxSize(10))
        .as(Life::new);
  }

  private static Arbitrary<Life.Act> acts() {
    return Arbitraries.frequencyOf(
        Tuple.of(8, tells()),
        Tuple.of(2, overtakes()),
        Tuple.of(1, dies()),
        Tuple.of(1, isOff()),
        Tuple.of(1, isPutBack()));
  }

  private static Arbitrary<Life.Tells> tells() {
    Arbitrary<Claim> claims =
        Arbitraries.frequency(
            Tuple.of(4, Claim.BOOKED),
            Tuple.of(3, Claim.UPDATED),
            Tuple.of(2, Claim.RESCHEDULED),
            Tuple.of(2, Claim.CANCELLED),
            Tuple.of(1, Claim.NO_SHOW),
            Tuple.of(1, Claim.RESTORED),
            Tuple.of(1, Claim.CHECKED_IN));
    Arbitrary<Integer> days = Arbitraries.of(0, 1, 2, 4, 5, 9).injectNull(0.15);
    Arbitrary<Integer> hours = Arbitraries.integers().between(0, 5);
    Arbitrary<Integer> rooms = Arbitraries.integers().between(1, 2).injectNull(0.2);
    Arbitrary<Integer> delays =
        Arbitraries.frequencyOf(
                Tuple.of(4, Arbitraries.just(0)), Tuple.of(1, Arbitraries.of(1, 10, 300, 2000)))
            .injectNull(0.08);
    Arbitrary<Integer> again = Arbitraries.of(0, 1, 45, 1500).injectNull(0.75);
    return Combinators.combine(
            GAPS,
            claims,
            Arbitraries.frequency(Tuple.of(3, 'a'), Tuple.of(1, 'b'), Tuple.of(1, 'c')),
            days,
            hours,
            rooms,
            Arbitraries.frequency(Tuple.of(3, false), Tuple.of(1, true)),
            Combinators.combine(delays, again).as(Tuple::of))
        .as(
            (gap, claim, visit, day, hour, room, replaces, way) ->
                new Life.Tells(
                    gap, claim, visit, day, hour, room, replaces, way.get1(), way.get2()));
  }

  private static Arbitrary<Life.Act> overtakes() {
    return Combinators.combine(
            tells(),
            Arbitraries.of(RelayByHand.Death.BEFORE_LEAVING, RelayByHand.Death.AFTER_LEAVING)
                .injectNull(0.4),
            Arbitraries.of(0, 20))
        .as(Life.Overtakes::new);
  }

  private static Arbitrary<Life.Act> dies() {
    return Combinators.combine(
            GAPS, Arbitraries.of(RelayByHand.Death.values()), Arbitraries.of(0, 1, 20, 400))
        .as(Life.Dies::new);
  }

  private static Arbitrary<Life.Act> isOff() {
    return Combinators.combine(GAPS, Arbitraries.of(3, 200, 300, 900, 3000)).as(Life.IsOff::new);
  }

  private static Arbitrary<Life.Act> isPutBack() {
    return Combinators.combine(GAPS, Arbitraries.of(1, 60)).as(Life.IsPutBack::new);
  }
}
