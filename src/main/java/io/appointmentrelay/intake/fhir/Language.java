package io.appointmentrelay.intake.fhir;

import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Brings the language codes that senders write to BCP 47. */
public final class Language {

  private static final Map<String, String> TWO_LETTERS_BY_THREE =
      Stream.of(Locale.getISOLanguages())
          .map(Locale::forLanguageTag)
          .collect(Collectors.toMap(Locale::getISO3Language, Locale::getLanguage, (a, b) -> a));

  /** ISO 639's codes for no one language. */
  private static final Set<String> NONE = Set.of("und", "mul", "mis", "zxx");

  private Language() {}

  /**
   * {@code es} for es, ES and spa, {@code es-MX} for es_MX, {@code hmn} for what has no two-letter
   * code; null if it is no language code.
   */
  public static @Nullable String of(@Nullable String code) {
    if (code == null) {
      return null;
    }
    Locale said = Locale.forLanguageTag(code.replace('_', '-'));
    String language = TWO_LETTERS_BY_THREE.getOrDefault(said.getLanguage(), said.getLanguage());
    if (!isLanguage(language)) {
      return null;
    }
    return new Locale.Builder()
        .setLanguage(language)
        .setScript(said.getScript())
        .setRegion(said.getCountry())
        .build()
        .toLanguageTag();
  }

  /** forLanguageTag also accepts invented words of up to eight letters. */
  private static boolean isLanguage(String language) {
    return switch (language.length()) {
      case 2 -> TWO_LETTERS_BY_THREE.containsValue(language);
      case 3 -> !NONE.contains(language);
      default -> false;
    };
  }
}
