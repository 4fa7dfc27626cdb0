package io.appointmentrelay.proof;

import static org.assertj.core.api.Assertions.assertThat;

import io.appointmentrelay.appointment.Claim;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneId;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Something happens so near to the visit that a step of its preparation is due at once. */
class InsideTheLeadTest {

  private static final Instant NOW = Instant.parse("2026-06-10T14:00:17Z");
  private static final Instant IN_SIX_DAYS = Instant.parse("2026-06-16T14:30:00Z");

  @TempDir private Path directory;
  private RelayByHand relay;

  @BeforeEach
  void open() throws Exception {
    relay = new RelayByHand(directory, Bench.settings(directory));
    relay.clockShows(NOW);
  }

  @AfterEach
  void close() {
    relay.close();
  }

  private void hears(Claim claim, Instant start) {
    relay.hears(
        new Said(
            claim,
            "visit-1",
            start,
            "Room 4",
            null,
            null,
            null,
            null,
            new Said.Patient("MRN|1", "marigold@example.org", null, null),
            ZoneId.of("America/Chicago")));
  }

  @Test
  void aReminderWhoseHourIsPastDoesNotSwallowTheConfirmation() {
    hears(Claim.BOOKED, IN_SIX_DAYS);
    relay.livesUntil(NOW.plusSeconds(600));

    assertThat(relay.messages().get(0).text()).isEqualTo("booked");
  }

  @Test
  void aReminderWhoseHourIsPastDoesNotSwallowTheMove() {
    hears(Claim.BOOKED, IN_SIX_DAYS.plusSeconds(20 * 86_400));
    relay.livesUntil(NOW.plusSeconds(600));
    relay.messages().clear();

    hears(Claim.RESCHEDULED, IN_SIX_DAYS);
    relay.livesUntil(relay.now().plusSeconds(600));

    assertThat(relay.messages().get(0).text()).isEqualTo("rescheduled");
  }
}
