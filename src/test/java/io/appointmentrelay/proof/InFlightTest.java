package io.appointmentrelay.proof;

import static org.assertj.core.api.Assertions.assertThat;

import io.appointmentrelay.appointment.Claim;
import io.appointmentrelay.settings.Settings;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A visit changes while a message about it is in flight, and the process dies before the answer.
 */
class InFlightTest {

  private static final Instant BOOKED = Instant.parse("2026-06-10T13:00:17Z");
  private static final Instant VISIT = Instant.parse("2026-06-11T14:00:00Z");
  private static final Instant MOVED_TO = Instant.parse("2026-06-19T14:00:00Z");

  @TempDir private Path directory;
  private RelayByHand relay;

  @BeforeEach
  void open() throws Exception {
    Settings settings = Bench.settings(directory);
    relay = new RelayByHand(directory, settings);
    relay.clockShows(BOOKED);
  }

  @AfterEach
  void close() {
    relay.close();
  }

  private static Said says(Claim claim, Instant start) {
    return new Said(
        claim,
        "visit-1",
        start,
        "Room 4",
        null,
        null,
        null,
        null,
        new Said.Patient("MRN|1", null, "+13125560142", null),
        ZoneId.of("America/Chicago"));
  }

  @Test
  void helpForTheDayIsNotSentAgainForAVisitThatHasMovedToAnother() {
    relay.hears(says(Claim.BOOKED, VISIT));
    Instant checkInHelp = VISIT.minus(Duration.ofHours(2));
    relay.livesUntil(checkInHelp.minusSeconds(1));

    relay.willHearInFlight(says(Claim.RESCHEDULED, MOVED_TO));
    relay.willDie(RelayByHand.Death.BEFORE_LEAVING, Duration.ofMinutes(20));
    relay.livesUntil(VISIT);

    List<Message> afterwards =
        relay.messages().stream().filter(message -> message.at().isAfter(checkInHelp)).toList();
    assertThat(afterwards).extracting(Message::text).containsExactly("rescheduled");
  }
}
