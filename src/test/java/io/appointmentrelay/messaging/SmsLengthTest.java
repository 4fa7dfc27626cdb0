package io.appointmentrelay.messaging;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SmsLengthTest {

  @ParameterizedTest
  @CsvSource({
    "a, 160, GSM-7, 160, 1",
    "a, 161, GSM-7, 161, 2",
    "a, 306, GSM-7, 306, 2",
    "a, 307, GSM-7, 307, 3",
    "ñ, 160, GSM-7, 160, 1",
    "€,  80, GSM-7, 160, 1",
    "€,  81, GSM-7, 162, 2",
    "á,  70, UCS-2,  70, 1",
    "á,  71, UCS-2,  71, 2",
    "á, 134, UCS-2, 134, 2",
    "á, 135, UCS-2, 135, 3",
    "😀,  35, UCS-2,  70, 1",
    "😀,  36, UCS-2,  72, 2",
  })
  void segmentsAreCountedAsCarriersDo(
      String character, int times, String encoding, int characters, int segments) {
    assertThat(SmsLength.of(character.repeat(times)))
        .isEqualTo(new SmsLength(encoding, characters, segments));
  }

  @Test
  void accentsThatWouldDoubleThePriceAreLeftOut() {
    String words = "Su cita es el sábado a las 10:00. ".repeat(4);

    assertThat(Plain.textMessage(words)).contains("sabado").doesNotContain("á");
    assertThat(SmsLength.of(Plain.textMessage(words)).segments()).isEqualTo(1);
  }

  @Test
  void accentsThatCostNothingStay() {
    assertThat(Plain.textMessage("Su cita es el sábado.")).isEqualTo("Su cita es el sábado.");
    String alphabet = "mañana, miércoles: ¿sí?".repeat(8);
    assertThat(Plain.textMessage(alphabet)).contains("mañana, miércoles: ¿si?");
  }

  @Test
  void otherLettersAreNeverLost() {
    String russian = "Ваш приём завтра, sábado. ".repeat(4).strip();
    assertThat(Plain.textMessage(russian)).isEqualTo(russian);
  }
}
