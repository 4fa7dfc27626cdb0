package io.appointmentrelay.messaging;

import com.google.i18n.phonenumbers.NumberParseException;
import com.google.i18n.phonenumbers.PhoneNumberUtil;
import com.google.i18n.phonenumbers.PhoneNumberUtil.PhoneNumberFormat;
import com.google.i18n.phonenumbers.PhoneNumberUtil.PhoneNumberType;
import com.google.i18n.phonenumbers.PhoneNumberUtil.ValidationResult;
import com.google.i18n.phonenumbers.Phonenumber;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** Tells a telephone number that can be texted from a placeholder and from what is none. */
final class PhoneNumber {

  // Where the library knows the kind, only these can receive a text; UNKNOWN stays, because it also
  // stands for blocks younger than the library's tables and for the 555 numbers of examples.
  private static final Set<PhoneNumberType> TEXTABLE =
      EnumSet.of(
          PhoneNumberType.MOBILE,
          PhoneNumberType.FIXED_LINE_OR_MOBILE,
          PhoneNumberType.VOIP,
          PhoneNumberType.PERSONAL_NUMBER,
          PhoneNumberType.UNKNOWN);

  private static final String RISING = "01234567890";
  private static final String FALLING = "09876543210";
  private static final int SUBSCRIBER_DIGITS = 7;

  private PhoneNumber() {}

  /**
   * The number as E.164, or none if a text there would reach nobody.
   *
   * @param region the country of a number that names none, as ISO 3166
   */
  static Optional<String> textable(String value, String region) {
    PhoneNumberUtil numbers = PhoneNumberUtil.getInstance();
    Phonenumber.PhoneNumber number;
    try {
      number = numbers.parse(value, region.toUpperCase(Locale.ROOT));
    } catch (NumberParseException noNumber) {
      return Optional.empty();
    }
    // IS_POSSIBLE_LOCAL_ONLY, a number without its area code, would reach somebody else.
    boolean complete =
        numbers.isPossibleNumberWithReason(number) == ValidationResult.IS_POSSIBLE
            && !number.hasExtension();
    boolean reachesSomebody =
        complete
            && TEXTABLE.contains(numbers.getNumberType(number))
            && !isPlaceholder(numbers.getNationalSignificantNumber(number));
    return reachesSomebody
        ? Optional.of(numbers.format(number, PhoneNumberFormat.E164))
        : Optional.empty();
  }

  private static boolean isPlaceholder(String digits) {
    String subscriber = digits.substring(Math.max(0, digits.length() - SUBSCRIBER_DIGITS));
    return subscriber.chars().distinct().count() == 1
        || RISING.contains(digits)
        || FALLING.contains(digits);
  }
}
