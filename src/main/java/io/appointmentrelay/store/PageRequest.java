package io.appointmentrelay.store;

import org.jspecify.annotations.Nullable;

/**
 * Which page of a list is wanted.
 *
 * @param limit how many items at most
 * @param after the {@code next} of the page before; absent: the first page
 */
public record PageRequest(int limit, @Nullable String after) {

  /** How many items a page holds when nobody says. */
  public static final int USUAL = 50;

  /** How many items a page holds at most. */
  public static final int AT_MOST = 500;

  /** The first page, of the usual size. */
  public static final PageRequest FIRST = new PageRequest(USUAL, null);
}
