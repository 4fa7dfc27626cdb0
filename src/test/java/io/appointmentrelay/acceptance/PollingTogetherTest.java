package io.appointmentrelay.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.appointmentrelay.enrichment.RealFhirServer;
import io.appointmentrelay.store.StoreAddress;
import io.appointmentrelay.store.TestPostgres;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Date;
import org.hl7.fhir.r4.model.Appointment;
import org.hl7.fhir.r4.model.Appointment.AppointmentStatus;
import org.junit.jupiter.api.Test;

/** Two relays that share one PostgreSQL: one of them polls, and the other when that one is gone. */
class PollingTogetherTest {

  private static final Duration PATIENCE = Duration.ofSeconds(40);

  private final StoreAddress address = TestPostgres.newSchema();

  private RunningRelay.Setup polling(RealFhirServer ehr) {
    return RunningRelay.with("relay.source.fhir-poll.kind", "fhir-poll")
        .set("relay.store.url", address.url())
        .set("relay.store.user", String.valueOf(address.user()))
        .set("relay.store.password", String.valueOf(address.password()))
        .set("relay.source.fhir-poll.fhir.base-url", ehr.baseUrl().toString())
        .set("relay.source.fhir-poll.poll.every", "PT2S");
  }

  private static Appointment visit(String id) {
    Appointment visit = new Appointment();
    visit.setId(id);
    visit.setStatus(AppointmentStatus.BOOKED);
    visit.setStart(Date.from(Instant.now().plus(6, ChronoUnit.DAYS).truncatedTo(ChronoUnit.HOURS)));
    visit.getMeta().setLastUpdated(new Date());
    return visit;
  }

  @Test
  void oneOfTwoPollsAndTheOtherTakesOver() {
    try (RealFhirServer ehr = RealFhirServer.start();
        RunningRelay first = polling(ehr).start()) {
      long begun;
      try (RunningRelay second = polling(ehr).start()) {
        await().atMost(PATIENCE).until(() -> ehr.asked("_lastUpdated") > 0);
        ehr.knows(visit("a-1"));
        begun = ehr.asked("_lastUpdated");
        Instant from = Instant.now();
        await().atMost(PATIENCE).until(() -> ehr.asked("_lastUpdated") >= begun + 5);
        // Two that did not know of each other would take half as long.
        assertThat(Duration.between(from, Instant.now())).isGreaterThan(Duration.ofSeconds(7));
        second.awaitIdleInbox();
        assertThat(second.notifications()).hasSize(1);
        assertThat(first.events("fhir-poll", "a-1")).containsExactly("BOOKED");
      }
      ehr.knows(visit("a-2"));
      await()
          .atMost(PATIENCE)
          .until(() -> first.askConsole("/api/appointments/fhir-poll/a-2").statusCode() == 200);
      first.awaitIdleInbox();
      assertThat(first.events("fhir-poll", "a-2")).containsExactly("BOOKED");
      RunningRelay.assertAccountedFor(address);
    }
  }
}
