package io.appointmentrelay.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.appointmentrelay.appointment.Why;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class WhyColumnTest {
  private static final Instant NOW = Instant.parse("2026-12-01T02:38:56.244308350Z");
  private static final Seal SEAL = Seal.of(List.of(SealTest.key("one", 1)));

  @Test
  void whatIsWrittenIsReadToTheLastWord() {
    List<Why> why =
        List.of(
            new Why(NOW, "brake", "ok", ""),
            new Why(NOW, "visit over", "ok", "starts 2026-12-02T12:00:00Z"),
            new Why(NOW.plusNanos(1), "recipient", "no contact", ""),
            new Why(NOW.plusNanos(1), "limit", "limit", "reached meanwhile"),
            new Why(NOW, "brake", "ok", ""));

    assertThat(WhyColumn.read(WhyColumn.write(why, 7, SEAL), 7, SEAL)).isEqualTo(why);
  }

  @Test
  void whatRepeatsIsLeftOut() {
    List<Why> why =
        List.of(new Why(NOW, "brake", "ok", ""), new Why(NOW, "test traffic", "ok", ""));

    assertThat(WhyColumn.write(why, 7, Seal.NONE))
        .isEqualTo(
            "[{\"at\":\"2026-12-01T02:38:56.244308350Z\",\"rule\":\"brake\"},{\"rule\":\"test traffic\"}]");
  }

  @Test
  void whereNoRuleWasAskedThereIsNothing() {
    assertThat(WhyColumn.write(List.of(), 7, SEAL)).isNull();
    assertThat(WhyColumn.read(null, 7, SEAL)).isEmpty();
  }
}
