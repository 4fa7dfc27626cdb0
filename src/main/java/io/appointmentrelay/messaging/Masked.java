package io.appointmentrelay.messaging;

import com.google.i18n.phonenumbers.NumberParseException;
import com.google.i18n.phonenumbers.PhoneNumberUtil;
import java.util.regex.Pattern;

/**
 * Recipients as operators and logs see them: enough to tell two apart, too little to write to one.
 */
public final class Masked {

  private static final String HIDDEN = "***";
  private static final Pattern NUMBER = Pattern.compile("\\+?[0-9 ()./-]+");
  private static final int SHOWN_DIGITS = 2;
  private static final int DIGITS_WORTH_A_HINT = 7;

  private Masked() {}

  /** Masks whatever a message is addressed to: {@code j***@g***.org}, {@code +1********42}. */
  public static String of(String recipient) {
    if (recipient.indexOf('@') >= 0) {
      return email(recipient);
    }
    return NUMBER.matcher(recipient).matches() ? phone(recipient) : initial(recipient);
  }

  /** The first letters of name and domain, and the top-level domain. */
  public static String email(String address) {
    int at = address.lastIndexOf('@');
    String domain = address.substring(at + 1);
    int dot = domain.lastIndexOf('.');
    String topLevel = dot < 0 ? "" : domain.substring(dot);
    return initial(address.substring(0, Math.max(at, 0))) + "@" + initial(domain) + topLevel;
  }

  /** The country code of an E.164 number and its last two digits. */
  public static String phone(String number) {
    String digits = number.replaceAll("[^0-9]", "");
    if (digits.length() < DIGITS_WORTH_A_HINT) {
      return HIDDEN;
    }
    String country = countryCode(number);
    int hidden = Math.max(0, digits.length() - country.length() - SHOWN_DIGITS);
    return (country.isEmpty() ? "" : "+" + country)
        + "*".repeat(hidden)
        + digits.substring(digits.length() - SHOWN_DIGITS);
  }

  private static String countryCode(String number) {
    try {
      return String.valueOf(PhoneNumberUtil.getInstance().parse(number, null).getCountryCode());
    } catch (NumberParseException withoutCountry) {
      return "";
    }
  }

  private static String initial(String word) {
    return word.isEmpty() ? HIDDEN : Character.toString(word.codePointAt(0)) + HIDDEN;
  }
}
