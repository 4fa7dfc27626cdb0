package io.appointmentrelay.intake.json;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SafeTextTest {

  @Test
  void ordinaryTextStaysAsItIs() {
    assertThat(SafeText.clean("Zoë Ōkami 😀")).isEqualTo("Zoë Ōkami 😀");
  }

  @Test
  void whatNoDatabaseStoresIsReplaced() {
    assertThat(SafeText.clean("a\u0000b\nc")).isEqualTo("a b c");
    assertThat(SafeText.clean("a\ud800b")).isEqualTo("a\uFFFDb");
    assertThat(SafeText.clean("\u0000")).isNull();
  }

  @Test
  void labelsHoldNothingButLettersDigitsDotUnderscoreAndHyphen() {
    assertThat(SafeText.label("Evil<script>\n")).isEqualTo("Evilscript");
    assertThat(SafeText.label("x".repeat(100))).hasSize(60);
    assertThat(SafeText.label("¡!")).isNull();
  }
}
