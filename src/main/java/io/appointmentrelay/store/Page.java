package io.appointmentrelay.store;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One page of a list.
 *
 * @param next where the next page begins; absent: there is none. A page may hold fewer items than
 *     asked for, even none, and still have a next one: rare items are looked for page by page, so
 *     that no question reads a whole table.
 */
public record Page<T>(List<T> items, @Nullable String next) {

  public Page {
    items = List.copyOf(items);
  }
}
