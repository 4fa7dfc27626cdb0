package io.appointmentrelay.appointment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PaceTest {

  @Test
  void aPaceIsMessagesInATime() {
    assertThat(Pace.parse("200/PT10M")).contains(new Pace(200, Duration.ofMinutes(10)));
    assertThat(Pace.parse("none")).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "200", "0/PT10M", "200/PT0M", "200/10M", "200/P1D", "-1/PT10M"})
  void anythingElseIsRefused(String setting) {
    assertThatThrownBy(() -> Pace.parse(setting))
        .hasMessageContaining("such as 200/PT10M")
        .hasMessageContaining("relay.messaging.brake");
  }
}
