package io.appointmentrelay.appointment;

import static io.appointmentrelay.appointment.NoticeBuilder.START;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.PropertyDefaults;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;

/** What holds for any feed, however it repeats itself and whatever order it comes in. */
@PropertyDefaults(edgeCases = EdgeCasesMode.NONE)
class TimelinePropertiesTest {

  private static final Instant FIRST_ARRIVAL = Instant.parse("2026-08-01T08:00:00Z");

  /** One notification; its minutes say when it happened, null: not said. */
  record Sent(
      Claim claim,
      String identifier,
      Integer day,
      Integer room,
      String status,
      String replaces,
      Integer minutes) {

    NoticeBuilder notice() {
      NoticeBuilder notice = NoticeBuilder.bare(identifier).status(status).replaces(replaces);
      if (day != null) {
        notice.start(START.plusSeconds(86_400L * day));
      }
      if (room != null) {
        notice.location(new Party("room-" + room, null));
      }
      if (minutes != null) {
        notice.eventTime(FIRST_ARRIVAL.plusSeconds(60L * minutes));
      }
      return notice;
    }
  }

  @Property
  void versionsRiseWithChangesAndRevisionsByOneEach(@ForAll("feeds") List<Sent> feed) {
    World world = new World();
    for (Sent sent : feed) {
      AppointmentEvent event = world.hears(sent.claim(), sent.notice());

      AppointmentRecord before = event.before();
      int version = before == null ? 0 : before.version();
      int revision = before == null ? 0 : before.revision();
      assertThat(event.after().version()).isEqualTo(version + (event.kind().isChange() ? 1 : 0));
      assertThat(event.after().revision()).isEqualTo(revision + 1);
    }
  }

  @Property
  void nothingIsRevivedButByBookedOrRestored(@ForAll("feeds") List<Sent> feed) {
    World world = new World();
    for (Sent sent : feed) {
      AppointmentEvent event = world.hears(sent.claim(), sent.notice());

      AppointmentRecord before = event.before();
      if (before == null) {
        continue;
      }
      StatusGroup was = before.statusGroup();
      StatusGroup is = event.after().statusGroup();
      boolean ended = was == StatusGroup.CANCELLED || was == StatusGroup.NOSHOW;
      if (ended && is == StatusGroup.OPEN) {
        assertThat(sent.claim()).isIn(Claim.BOOKED, Claim.RESTORED);
      }
      if (was == StatusGroup.REPLACED) {
        assertThat(is).isEqualTo(StatusGroup.REPLACED);
      }
    }
  }

  @Property
  void sayingItAgainChangesNothing(@ForAll("feeds") List<Sent> feed) {
    World world = new World();
    for (Sent sent : feed) {
      world.hears(sent.claim(), sent.notice());
      AppointmentRecord known = world.knows(sent.identifier());

      AppointmentEvent again = world.hears(sent.claim(), sent.notice());

      assertThat(again.kind()).isIn(EventKind.UNCHANGED, EventKind.STALE);
      assertThat(again.changes()).isEmpty();
      assertThat(again.replaced()).isNull();
      assertThat(again.after())
          .usingRecursiveComparison()
          .ignoringFields("revision", "eventTime", "heard")
          .isEqualTo(known);
    }
  }

  /** Where nothing says when it happened, the clock is for nothing: it came in that order. */
  @Property
  void aClockThatJumpsChangesNothingOfWhatHasNoEventTime(
      @ForAll("feeds") List<Sent> feed, @ForAll long seed) {
    World steady = new World();
    World jumping = new World();
    Random random = new Random(seed);
    for (Sent sent : feed) {
      NoticeBuilder notice = sent.notice().eventTime(null);
      Instant anyTime = FIRST_ARRIVAL.plusSeconds(random.nextInt(-86_400, 86_400));

      AppointmentEvent event = jumping.hears(sent.claim(), notice, anyTime);

      AppointmentEvent expected = steady.hears(sent.claim(), notice);
      assertThat(event.kind()).isEqualTo(expected.kind());
      assertThat(event.after())
          .usingRecursiveComparison()
          .ignoringFields("eventTime")
          .isEqualTo(expected.after());
    }
  }

  @Property
  void timeNeverRunsBackwards(@ForAll("feeds") List<Sent> feed) {
    World world = new World();
    for (Sent sent : feed) {
      AppointmentEvent event = world.hears(sent.claim(), sent.notice());

      AppointmentRecord before = event.before();
      if (before != null) {
        assertThat(event.after().eventTime()).isAfterOrEqualTo(before.eventTime());
        assertThat(event.kind() == EventKind.STALE)
            .isEqualTo(event.at().isBefore(before.eventTime()));
      }
    }
  }

  @Property
  void aChainOfReplacementsHasOneRootThatIsItsOwn(@ForAll("feeds") List<Sent> feed) {
    World world = new World();
    for (Sent sent : feed) {
      world.hears(sent.claim(), sent.notice());

      AppointmentRecord known = world.knows(sent.identifier());
      assertThat(world.hasSeen(known.root())).isTrue();
      assertThat(world.knows(known.root()).root()).isEqualTo(known.root());
    }
  }

  /** Feeds in which notices come twice and out of order. */
  @Provide
  Arbitrary<List<Sent>> feeds() {
    return sent()
        .list()
        .ofMinSize(1)
        .ofMaxSize(12)
        .flatMap(once -> Arbitraries.shuffle(repeated(once)));
  }

  private static List<Sent> repeated(List<Sent> once) {
    return Stream.concat(
            once.stream(), once.stream().filter(sent -> sent.claim().ordinal() % 2 == 0))
        .toList();
  }

  private static Arbitrary<Sent> sent() {
    Arbitrary<String> identifiers = Arbitraries.of("a", "b", "c");
    return Combinators.combine(
            Arbitraries.of(Claim.values()),
            Combinators.combine(identifiers, identifiers.injectNull(0.7)).as(Tuple::of),
            Arbitraries.integers().between(0, 2).injectNull(0.2),
            Arbitraries.integers().between(0, 2).injectNull(0.4),
            Arbitraries.of("proposed", "booked", "arrived", "cancelled", "noshow").injectNull(0.5),
            Arbitraries.integers().between(-10, 30).injectNull(0.5))
        .as(
            (claim, names, day, room, status, minutes) ->
                new Sent(claim, names.get1(), day, room, status, names.get2(), minutes));
  }
}
