package io.appointmentrelay.appointment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.appointmentrelay.appointment.ReachLimits.Each;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReachLimitsTest {

  @Test
  void severalLimitsAreReadInOrder() {
    assertThat(ReachLimits.parse("1/P1D, 3/P7D").each())
        .containsExactly(new Each(1, 1), new Each(3, 7));
    assertThat(ReachLimits.parse("none")).isEqualTo(ReachLimits.NONE);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "1", "0/P1D", "1/P0D", "1/PT24H", "1/P1D,", "x/P1D", "1/P1D;3/P7D"})
  void anythingElseIsRefused(String setting) {
    assertThatThrownBy(() -> ReachLimits.parse(setting))
        .hasMessageContaining("such as 1/P1D,3/P7D")
        .hasMessageContaining("relay.messaging.limit");
  }
}
