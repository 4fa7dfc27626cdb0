package io.appointmentrelay.messaging;

import java.text.Normalizer;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What a text message costs (3GPP TS 23.038, 23.040): carriers count segments. One character
 * outside the GSM alphabet makes all of them count double.
 *
 * @param encoding {@code GSM-7} or {@code UCS-2}
 * @param characters as the encoding counts them
 * @param segments how many are sent and paid for
 */
public record SmsLength(String encoding, int characters, int segments) {

  static final String GSM_7 = "GSM-7";
  static final String UCS_2 = "UCS-2";

  private static final Set<Integer> ALPHABET =
      characters(
          "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
              + "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà");
  // Written as an escape and a character: two.
  private static final Set<Integer> EXTENSION = characters("^{}\\[~]|€\f");

  private static final int ONE_GSM_7 = 160;
  private static final int OF_SEVERAL_GSM_7 = 153;
  private static final int ONE_UCS_2 = 70;
  private static final int OF_SEVERAL_UCS_2 = 67;

  /** Measures a text as it is. */
  public static SmsLength of(String text) {
    if (stranger(text).isPresent()) {
      int units = text.length();
      return new SmsLength(UCS_2, units, segments(units, ONE_UCS_2, OF_SEVERAL_UCS_2));
    }
    int septets = text.length() + (int) text.chars().filter(EXTENSION::contains).count();
    return new SmsLength(GSM_7, septets, segments(septets, ONE_GSM_7, OF_SEVERAL_GSM_7));
  }

  /** The first character that the GSM alphabet lacks. */
  static Optional<String> stranger(String text) {
    return text.codePoints()
        .filter(c -> !ALPHABET.contains(c) && !EXTENSION.contains(c))
        .mapToObj(Character::toString)
        .findFirst();
  }

  /**
   * The text without the accents that the GSM alphabet lacks, where it costs fewer segments so:
   * "sábado" is "sabado" then. Other characters are never lost.
   */
  static String shortened(String text) {
    if (of(text).segments() == 1 || stranger(text).isEmpty()) {
      return text;
    }
    String folded =
        text.codePoints()
            .mapToObj(Character::toString)
            .map(c -> stranger(c).isEmpty() ? c : withoutAccent(c))
            .collect(Collectors.joining());
    return of(folded).segments() < of(text).segments() ? folded : text;
  }

  private static String withoutAccent(String character) {
    String bare =
        Normalizer.normalize(character, Normalizer.Form.NFD)
            .replaceAll("\\p{InCombiningDiacriticalMarks}", "");
    return bare.length() == 1 && stranger(bare).isEmpty() ? bare : character;
  }

  private static int segments(int length, int one, int ofSeveral) {
    return length <= one ? 1 : (length + ofSeveral - 1) / ofSeveral;
  }

  private static Set<Integer> characters(String all) {
    return all.codePoints().boxed().collect(Collectors.toUnmodifiableSet());
  }
}
