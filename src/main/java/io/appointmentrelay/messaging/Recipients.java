package io.appointmentrelay.messaging;

import io.appointmentrelay.appointment.ContactPerson;
import io.appointmentrelay.appointment.ContactPoint;
import io.appointmentrelay.appointment.PatientProfile;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Chooses the one address or number at which a person is written to: the best that a message can
 * really reach and that the person has not refused, or none.
 *
 * <p>Rank comes first, then mobile before home before work, then the order in which the sender gave
 * them. Contact points that are old, ended or not yet begun, placeholders, refused ones and
 * whatever is no address are passed over in silence: the next best is taken.
 */
public final class Recipients {

  private static final int NO_RANK = Integer.MAX_VALUE;
  private static final int OF_AGE = 18;

  private static final Comparator<ContactPoint> BEST_FIRST =
      Comparator.comparingInt(Recipients::rank).thenComparingInt(Recipients::useOrder);

  /**
   * What counts as somebody to write to.
   *
   * @param reservedDomains whether example.com and its like count as addresses: only where no mail
   *     leaves the machine
   * @param requireConsent whether a contact point must say yes; otherwise it must not say no
   * @param contactPersons whether those who act for a minor or a dependant are written to first
   */
  public record Rules(boolean reservedDomains, boolean requireConsent, boolean contactPersons) {}

  /**
   * Where a person is written to.
   *
   * @param address absent: nowhere
   * @param refused there would be an address, but without consent
   */
  public record Choice(@Nullable String address, boolean refused) {
    static final Choice NONE = new Choice(null, false);
  }

  private final Rules rules;

  public Recipients(Rules rules) {
    this.rules = rules;
  }

  /** The e-mail address to write to, its domain in ASCII. */
  public Choice email(PatientProfile patient, Instant now) {
    return choose(
        patient,
        ContactPoint.Kind.EMAIL,
        value -> EmailAddress.usable(value, rules.reservedDomains()),
        now);
  }

  /**
   * The number to text, as E.164.
   *
   * @param region the country of numbers that name none, as ISO 3166
   */
  public Choice phone(PatientProfile patient, String region, Instant now) {
    return choose(
        patient, ContactPoint.Kind.PHONE, value -> PhoneNumber.textable(value, region), now);
  }

  /** A contact point that a message can reach. */
  private record Reachable(String address, ContactPoint point) {
    String key() {
      return Address.key(address);
    }
  }

  private Choice choose(
      PatientProfile patient,
      ContactPoint.Kind kind,
      Function<String, Optional<String>> usable,
      Instant now) {
    boolean refused = false;
    for (List<ContactPoint> points : inTurn(patient, now)) {
      Choice choice = choose(points, kind, usable, now);
      if (choice.address() != null) {
        return choice;
      }
      refused |= choice.refused();
    }
    return new Choice(null, refused);
  }

  /** Whose contact points are tried, one person after another. */
  private List<List<ContactPoint>> inTurn(PatientProfile patient, Instant now) {
    List<List<ContactPoint>> inTurn = new ArrayList<>();
    if (rules.contactPersons()) {
      boolean minor = isMinor(patient, now);
      patient.contactPersons().stream()
          .filter(person -> minor || person.relation() == ContactPerson.Relation.GUARDIAN)
          .sorted(Comparator.comparing(ContactPerson::relation))
          .forEach(person -> inTurn.add(person.contactPoints()));
    }
    inTurn.add(patient.contactPoints());
    return inTurn;
  }

  private static boolean isMinor(PatientProfile patient, Instant now) {
    LocalDate born = patient.birthDate();
    ZoneId zone = patient.zone() == null ? ZoneOffset.UTC : patient.zone();
    return born != null && LocalDate.ofInstant(now, zone).isBefore(born.plusYears(OF_AGE));
  }

  private Choice choose(
      List<ContactPoint> points,
      ContactPoint.Kind kind,
      Function<String, Optional<String>> usable,
      Instant now) {
    List<Reachable> reachable =
        points.stream()
            .filter(point -> point.kind() == kind && isCurrent(point, now))
            .sorted(BEST_FIRST)
            .flatMap(
                point ->
                    usable
                        .apply(point.value())
                        .map(address -> new Reachable(address, point))
                        .stream())
            .toList();
    // A number that is listed twice and refused once is refused.
    Set<String> refused = new HashSet<>();
    reachable.stream().filter(one -> saysNo(one.point())).forEach(one -> refused.add(one.key()));
    return reachable.stream()
        .filter(one -> !refused.contains(one.key()) && isAgreed(one.point()))
        .findFirst()
        .map(one -> new Choice(one.address(), false))
        .orElseGet(() -> new Choice(null, !reachable.isEmpty()));
  }

  private static boolean isCurrent(ContactPoint point, Instant now) {
    boolean ended = point.validUntil() != null && !now.isBefore(point.validUntil());
    boolean toCome = point.validFrom() != null && now.isBefore(point.validFrom());
    return !ended && !toCome && !"old".equals(point.use());
  }

  private static boolean saysNo(ContactPoint point) {
    return Boolean.FALSE.equals(point.consent());
  }

  private boolean isAgreed(ContactPoint point) {
    return !rules.requireConsent() || Boolean.TRUE.equals(point.consent());
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
