package io.appointmentrelay.store;

/** A part's place in the order of arrival; written {@code message-part} outside, both from 1. */
public record Position(long message, int part) implements Comparable<Position> {

  public static final Position BEFORE_ALL = new Position(0, 0);

  /** Reads {@code 17-1}; throws IllegalArgumentException for anything else. */
  public static Position of(String id) {
    int hyphen = id.indexOf('-');
    if (hyphen < 1) {
      throw new IllegalArgumentException(
          "A notification's id is two numbers, such as 17-1. Take it from /api/notifications.");
    }
    try {
      return new Position(
          Long.parseLong(id.substring(0, hyphen)), Integer.parseInt(id.substring(hyphen + 1)));
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(
          "A notification's id is two numbers, such as 17-1. Take it from /api/notifications.", e);
    }
  }

  public String id() {
    return message + "-" + part;
  }

  @Override
  public int compareTo(Position other) {
    int byMessage = Long.compare(message, other.message);
    return byMessage != 0 ? byMessage : Integer.compare(part, other.part);
  }
}
