package io.appointmentrelay.messaging;

import java.util.Locale;
import java.util.Optional;

/** An address or number as it is compared, whoever wrote it and however. */
public final class Address {

  private Address() {}

  /** What two ways of writing one recipient have in common. */
  public static String key(String recipient) {
    return recipient.strip().toLowerCase(Locale.ROOT);
  }

  /**
   * An e-mail address or a telephone number that a person wrote, as messages are addressed to it;
   * empty if it is neither.
   *
   * @param region the country of a number that names none, as ISO 3166
   */
  public static Optional<String> read(String written, String region) {
    return written.indexOf('@') >= 0
        ? EmailAddress.usable(written, true).map(Address::key)
        : PhoneNumber.textable(written, region);
  }
}
