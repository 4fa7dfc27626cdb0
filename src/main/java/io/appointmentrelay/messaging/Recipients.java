package io.appointmentrelay.messaging;

import io.appointmentrelay.appointment.ContactPoint;
import io.appointmentrelay.appointment.PatientProfile;
import java.time.Instant;
import java.util.Comparator;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Chooses the one address or number at which a person is written to: the best that a message can
 * really reach, or none.
 *
 * <p>Rank comes first, then mobile before home before work, then the order in which the sender gave
 * them. Old and ended contact points, placeholders and whatever is no address are passed over in
 * silence: the next best is taken.
 */
public final class Recipients {

  private static final int NO_RANK = Integer.MAX_VALUE;

  private static final Comparator<ContactPoint> BEST_FIRST =
      Comparator.comparing(Recipients::saysNo)
          .thenComparingInt(Recipients::rank)
          .thenComparingInt(Recipients::useOrder);

  private final boolean allowReservedDomains;

  /**
   * Chooses among contact points.
   *
   * @param allowReservedDomains whether example.com and its like count as addresses: only where no
   *     mail leaves the machine
   */
  public Recipients(boolean allowReservedDomains) {
    this.allowReservedDomains = allowReservedDomains;
  }

  /** The e-mail address to write to, its domain in ASCII. */
  public Optional<String> email(PatientProfile patient, Instant now) {
    return inOrder(patient, ContactPoint.Kind.EMAIL, now)
        .flatMap(point -> EmailAddress.usable(point.value(), allowReservedDomains).stream())
        .findFirst();
  }

  /**
   * The number to text, as E.164.
   *
   * @param region the country of numbers that name none, as ISO 3166
   */
  public Optional<String> phone(PatientProfile patient, String region, Instant now) {
    return inOrder(patient, ContactPoint.Kind.PHONE, now)
        .flatMap(point -> PhoneNumber.textable(point.value(), region).stream())
        .findFirst();
  }

  private static Stream<ContactPoint> inOrder(
      PatientProfile patient, ContactPoint.Kind kind, Instant now) {
    return patient.contactPoints().stream()
        .filter(point -> point.kind() == kind)
        .filter(point -> isCurrent(point, now))
        .sorted(BEST_FIRST);
  }

  private static boolean isCurrent(ContactPoint point, Instant now) {
    boolean ended = point.validUntil() != null && !now.isBefore(point.validUntil());
    return !ended && !"old".equals(point.use());
  }

  /** Consent is judged elsewhere; here it only decides between two that both would do. */
  private static boolean saysNo(ContactPoint point) {
    return Boolean.FALSE.equals(point.consent());
  }

  private static int rank(ContactPoint point) {
    return Objects.requireNonNullElse(point.rank(), NO_RANK);
  }

  private static int useOrder(ContactPoint point) {
    return switch (Objects.requireNonNullElse(point.use(), "")) {
      case "mobile" -> 0;
      case "home" -> 1;
      case "work" -> 3;
      default -> 2;
    };
  }
}
