package io.appointmentrelay.intake.fhir;

import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Brings the language codes that senders write to BCP 47. */
public final class Language {

  private static final Map<String, String> TWO_LETTERS_BY_THREE =
      Stream.of(Locale.getISOLanguages())
          .collect(
              Collectors.toMap(
                  code -> new Locale(code).getISO3Language(), Function.identity(), (a, b) -> a));

  private Language() {}

  /** {@code es} for es, ES and spa, {@code es-MX} for es_MX; null if it is no language code. */
  public static @Nullable String of(@Nullable String code) {
    if (code == null) {
      return null;
    }
    Locale locale = Locale.forLanguageTag(code.replace('_', '-'));
    String language = locale.getLanguage();
    String shortest = TWO_LETTERS_BY_THREE.getOrDefault(language, language);
    // forLanguageTag also accepts any invented word of up to eight letters.
    if (!TWO_LETTERS_BY_THREE.containsValue(shortest)) {
      return null;
    }
    return locale.getCountry().isEmpty() ? shortest : shortest + "-" + locale.getCountry();
  }
}
