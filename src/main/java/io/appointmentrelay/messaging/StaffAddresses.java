package io.appointmentrelay.messaging;

import io.appointmentrelay.appointment.Party;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Where those who work at a place are written to: the address of the desk whose location says most
 * exactly where the visit takes place, else that of the desk for everywhere. Each channel is looked
 * up by itself.
 */
public final class StaffAddresses {

  /**
   * One address of each kind.
   *
   * @param location a place's identifier or name, or how its name begins up to a comma; absent:
   *     everywhere
   */
  public record Desk(@Nullable String location, @Nullable String email, @Nullable String phone) {

    /** Never prints an address or a number. */
    @Override
    public String toString() {
      return "Desk[" + location + "]";
    }
  }

  private static final Comparator<Desk> MOST_EXACT_FIRST =
      Comparator.comparingInt((Desk desk) -> -length(desk.location()));

  /** Nobody is written to. */
  public static final StaffAddresses NONE = new StaffAddresses(List.of());

  private final List<Desk> desks;

  private StaffAddresses(List<Desk> desks) {
    this.desks = desks.stream().sorted(MOST_EXACT_FIRST).toList();
  }

  /**
   * Reads addresses as they were written.
   *
   * @param reservedDomains whether example.com and its like count as addresses
   * @param region the country of numbers that name none, as ISO 3166
   * @throws IllegalArgumentException naming the locations whose address no message can reach
   */
  public static StaffAddresses of(List<Desk> written, boolean reservedDomains, String region) {
    List<Desk> usable = new ArrayList<>();
    List<String> unusable = new ArrayList<>();
    for (Desk desk : written) {
      String email = usable(desk.email(), address -> EmailAddress.usable(address, reservedDomains));
      String phone = usable(desk.phone(), number -> PhoneNumber.textable(number, region));
      boolean lost = isLost(desk.email(), email) || isLost(desk.phone(), phone);
      if (lost) {
        unusable.add(Objects.requireNonNullElse(desk.location(), "everywhere"));
      }
      usable.add(new Desk(desk.location(), email, phone));
    }
    if (!unusable.isEmpty()) {
      throw new IllegalArgumentException(
          "relay.staff: expected one e-mail address or number a message can reach for each location, found"
              + " others for "
              + unusable
              + ". Correct or remove them.");
    }
    return new StaffAddresses(usable);
  }

  /** The e-mail address for visits at a place; absent: a visit at no known place. */
  Optional<String> email(@Nullable Party place) {
    return first(place, Desk::email);
  }

  /** The number, as E.164, for visits at a place; absent: a visit at no known place. */
  Optional<String> phone(@Nullable Party place) {
    return first(place, Desk::phone);
  }

  private Optional<String> first(@Nullable Party place, Function<Desk, @Nullable String> address) {
    return desks.stream()
        .filter(desk -> isOf(desk.location(), place))
        .flatMap(desk -> Optional.ofNullable(address.apply(desk)).stream())
        .findFirst();
  }

  private static boolean isOf(@Nullable String location, @Nullable Party place) {
    if (location == null) {
      return true;
    }
    return place != null
        && (isIdentifier(location, place.reference()) || begins(location, place.name()));
  }

  /** With or without the system before it. */
  private static boolean isIdentifier(String location, @Nullable String reference) {
    return reference != null && (reference.equals(location) || reference.endsWith("|" + location));
  }

  private static boolean begins(String location, @Nullable String name) {
    return name != null && (lower(name) + ",").startsWith(lower(location) + ",");
  }

  private static String lower(String text) {
    return text.strip().toLowerCase(Locale.ROOT);
  }

  private static @Nullable String usable(
      @Nullable String written, Function<String, Optional<String>> reading) {
    return written == null ? null : reading.apply(written).orElse(null);
  }

  private static boolean isLost(@Nullable String written, @Nullable String usable) {
    return written != null && usable == null;
  }

  private static int length(@Nullable String text) {
    return text == null ? 0 : text.length();
  }
}
