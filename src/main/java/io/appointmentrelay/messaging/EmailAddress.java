package io.appointmentrelay.messaging;

import java.net.IDN;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** Tells an e-mail address that can be written to from a placeholder and from what is none. */
final class EmailAddress {

  // RFC 5321's Dot-string in ASCII: no quotes, spaces or control characters, so nothing that could
  // end a header or a command.
  private static final Pattern LOCAL_PART =
      Pattern.compile("[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*");
  private static final Pattern DOMAIN =
      Pattern.compile(
          "(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\\.)+[A-Za-z](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])");
  private static final int LONGEST_LOCAL_PART = 64;
  private static final int LONGEST_ADDRESS = 254;

  // java.net.IDN reads these as other letters (ß as ss) than mail servers do today: the domain it
  // makes belongs to somebody else.
  private static final Pattern OTHER_IN_IDNA_2003 = Pattern.compile("[ßς\\u200C\\u200D]");

  // What registration desks type where an address is required and there is none.
  private static final Pattern PLACEHOLDER =
      Pattern.compile(
          "none|null|unknown|declined|refused|no[._-]?(?:e?-?mail|reply|address)|do[._-]?not[._-]?reply");

  // RFC 2606 and RFC 6761.
  private static final Set<String> RESERVED_ENDS =
      Set.of(
          "example.com", "example.net", "example.org", "example", "invalid", "test", "localhost");

  private EmailAddress() {}

  /** The address as it goes into an envelope, or none if nobody would read what is sent there. */
  static Optional<String> usable(String value, boolean allowReservedDomains) {
    String address = value.strip();
    int at = address.lastIndexOf('@');
    boolean tooShortOrLong = at < 1 || address.length() > LONGEST_ADDRESS;
    if (tooShortOrLong) {
      return Optional.empty();
    }
    String local = address.substring(0, at);
    String domain = ascii(address.substring(at + 1));
    boolean wellFormed =
        LOCAL_PART.matcher(local).matches()
            && local.length() <= LONGEST_LOCAL_PART
            && DOMAIN.matcher(domain).matches()
            && local.length() + 1 + domain.length() <= LONGEST_ADDRESS;
    if (!wellFormed || isPlaceholder(local, domain)) {
      return Optional.empty();
    }
    return isReserved(domain) && !allowReservedDomains
        ? Optional.empty()
        : Optional.of(local + "@" + domain);
  }

  private static String ascii(String domain) {
    if (OTHER_IN_IDNA_2003.matcher(domain).find()) {
      return "";
    }
    try {
      return IDN.toASCII(domain).toLowerCase(Locale.ROOT);
    } catch (IllegalArgumentException notADomain) {
      return "";
    }
  }

  private static boolean isPlaceholder(String local, String domain) {
    String organisation = domain.substring(0, domain.lastIndexOf('.'));
    return PLACEHOLDER.matcher(local.toLowerCase(Locale.ROOT)).matches()
        || PLACEHOLDER.matcher(organisation).matches();
  }

  private static boolean isReserved(String domain) {
    return RESERVED_ENDS.stream().anyMatch(end -> domain.equals(end) || domain.endsWith("." + end));
  }
}
