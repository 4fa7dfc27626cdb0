package io.appointmentrelay.intake.fhir;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

class LanguageTest {

  @ParameterizedTest
  @CsvSource({
    "es, es",
    "ES, es",
    "spa, es",
    "es-MX, es-MX",
    "es_MX, es-MX",
    "en-US, en-US",
    "yi, yi",
    "heb, he",
    "id, id",
    "hmn, hmn",
    "zh-Hant-TW, zh-Hant-TW",
    "en-x-private, en"
  })
  void codesAreBroughtToOneForm(String code, String language) {
    assertThat(Language.of(code)).isEqualTo(language);
  }

  @ParameterizedTest
  @NullSource
  @ValueSource(strings = {"", "und", "zz", "klingon", "Spanish", "1", "../../etc"})
  void whatIsNoLanguageIsNull(String code) {
    assertThat(Language.of(code)).isNull();
  }
}
