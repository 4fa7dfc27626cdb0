package io.appointmentrelay.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RetryPolicyTest {

  private static final RetryPolicy POLICY = RetryPolicy.of("8 attempts, 1s..10m");

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "8 attempts, 1s..10m    | 8  | PT1S     | PT10M",
        "10 attempts, 2s..1h    | 10 | PT2S     | PT1H",
        "1 attempts, 10ms..10ms | 1  | PT0.01S  | PT0.01S",
      })
  void isReadAsItIsWritten(String written, int attempts, Duration first, Duration longest) {
    assertThat(RetryPolicy.of(written)).isEqualTo(new RetryPolicy(attempts, first, longest));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "8",
        "8 attempts",
        "8 attempts 1s..10m",
        "8 attempts, 1s-10m",
        "8 attempts, 1..10",
        "-1 attempts, 1s..10m",
        "0 attempts, 1s..10m",
        "8 attempts, 0s..10m",
        "8 attempts, 10m..1s",
        "8 attempts, 1s..10d"
      })
  void anythingElseIsRefusedWithAnExample(String written) {
    assertThatThrownBy(() -> RetryPolicy.of(written))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("8 attempts, 1s..10m");
  }

  @Property
  void delaysGrowThreefoldToTheLongestGiveOrTakeAFifth(
      @ForAll @IntRange(min = 1, max = 10_000) int failures) {
    double plain = Math.min(600_000, 1_000 * Math.pow(3, failures - 1));

    assertThat((double) POLICY.delayAfter(failures).toMillis())
        .isBetween(plain * 0.8 - 1, plain * 1.2);
  }

  @Test
  void delaysAreSpreadSoThatNotAllComeBackAtOnce() {
    long different =
        java.util.stream.IntStream.range(0, 50)
            .mapToObj(i -> POLICY.delayAfter(5))
            .distinct()
            .count();

    assertThat(different).isGreaterThan(10);
  }

  @Test
  void thereIsAlwaysADelay() {
    assertThat(RetryPolicy.of("1 attempts, 1ms..1ms").delayAfter(1)).isPositive();
    assertThat(POLICY.delayAfter(0)).isPositive();
  }
}
