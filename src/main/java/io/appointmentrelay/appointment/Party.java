package io.appointmentrelay.appointment;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A practitioner or a place: the sender's reference to it, and the name a person would know it by.
 * Either may be absent, not both.
 */
public record Party(@Nullable String reference, @Nullable String name) {

  public static Party named(String name) {
    return new Party(null, name);
  }

  /** The name, else the reference. */
  public String shown() {
    return name != null ? name : Objects.requireNonNullElse(reference, "");
  }

  /**
   * Whether both mean the same: by reference where both have one, else by name; nothing comparable
   * is no difference.
   */
  boolean sameAs(Party other) {
    if (reference != null && other.reference != null) {
      return reference.equals(other.reference);
    }
    return name == null || other.name == null || name.equalsIgnoreCase(other.name);
  }

  /** Whether both surely mean the same: something comparable, and it does not differ. */
  public boolean isKnownAs(Party other) {
    boolean comparable =
        (reference != null && other.reference != null) || (name != null && other.name != null);
    return comparable && sameAs(other);
  }

  /** This party, with what is missing taken from {@code other}. */
  Party filledFrom(Party other) {
    return new Party(
        reference != null ? reference : other.reference, name != null ? name : other.name);
  }
}
