package io.appointmentrelay.outbox;

import static org.assertj.core.api.Assertions.assertThat;

import io.appointmentrelay.appointment.AppointmentEvent;
import io.appointmentrelay.appointment.Claim;
import io.appointmentrelay.appointment.Delivery;
import io.appointmentrelay.appointment.Nature;
import io.appointmentrelay.appointment.NoticeBuilder;
import io.appointmentrelay.appointment.Plan;
import io.appointmentrelay.appointment.PlannedDelivery;
import io.appointmentrelay.appointment.World;
import io.appointmentrelay.store.NewPart;
import io.appointmentrelay.store.OutboxStore;
import io.appointmentrelay.store.SqliteDatabase;
import io.appointmentrelay.store.Store;
import io.appointmentrelay.store.WaitingPart;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Events of one appointment leave in order also when the earlier one is not in memory: it waits for
 * the next look, or there was no room for it.
 */
class EventOrderTest {

  @TempDir private Path directory;
  private final World world = new World();
  private Store store;

  @BeforeEach
  void open() {
    store =
        Store.open(
            SqliteDatabase.open("jdbc:sqlite:" + directory.resolve("relay.db")), Clock.systemUTC());
  }

  @AfterEach
  void close() {
    store.close();
  }

  @Test
  void aFreshEventDoesNotOvertakeOneThatWaits() {
    Delivery booked = plan(Claim.BOOKED, "a", "webhook");
    Delivery cancelled = plan(Claim.CANCELLED, "a", "webhook");

    assertThat(claim(cancelled)).isEmpty();
    Delivery sending = claim(booked).orElseThrow();
    assertThat(claim(cancelled)).isEmpty();
    store.outbox().sent(sending, Instant.now(), null, null).join();
    assertThat(claim(cancelled)).isPresent();
  }

  @Test
  void aRetryThatIsDueAndWasNotLookedAtYetGoesFirst() {
    Delivery sending = claim(plan(Claim.BOOKED, "a", "webhook")).orElseThrow();
    store.outbox().retry(sending, Instant.now().minusMillis(1), false, "HTTP 503").join();

    assertThat(claim(plan(Claim.CANCELLED, "a", "webhook"))).isEmpty();
  }

  @Test
  void aDeadEventIsSkipped() {
    Delivery sending = claim(plan(Claim.BOOKED, "a", "webhook")).orElseThrow();
    store.outbox().dead(sending, true, "HTTP 410").join();

    assertThat(claim(plan(Claim.CANCELLED, "a", "webhook"))).isPresent();
  }

  @Test
  void otherAppointmentsAndChannelsDoNotWait() {
    plan(Claim.BOOKED, "a", "webhook");

    assertThat(claim(plan(Claim.BOOKED, "b", "webhook"))).isPresent();
    assertThat(claim(plan(Claim.CANCELLED, "a", "archive"))).isPresent();
  }

  private Optional<Delivery> claim(Delivery delivery) {
    return store
        .outbox()
        .claim(
            delivery,
            OutboxStore.ANY_REVISION,
            null,
            List.of(),
            Instant.now().plus(Duration.ofSeconds(1)))
        .join();
  }

  private Delivery plan(Claim claim, String appointment, String channel) {
    WaitingPart part =
        store
            .inbox()
            .accept(
                "source",
                Instant.now(),
                new byte[0],
                List.of(new NewPart(claim.word(), appointment, World.GROUP + appointment, null)))
            .join()
            .get(0);
    AppointmentEvent event = world.hears(claim, NoticeBuilder.bare(appointment));
    Plan plan = new Plan();
    plan.add(new Plan.Verdict.Applied(event));
    plan.add(new PlannedDelivery(channel, Nature.EVENT, null, null, Instant.now(), "{}"));
    return store.inbox().commit(part, plan).join().dueNow().get(0);
  }
}
