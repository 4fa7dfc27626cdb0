package io.appointmentrelay.store;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.appointmentrelay.appointment.EventNumber;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One part of a notification at the door.
 *
 * @param orderingKey absent: its own id
 * @param behind the ordering key of what it replaces: it runs behind what waits there; absent: none
 * @param deduplication what the sender repeats when it sends this again; absent: never a duplicate
 * @param numbers what it tells of its place in a subscription's life
 */
public record NewPart(
    @Nullable String label,
    @Nullable String appointment,
    @Nullable String orderingKey,
    @Nullable String behind,
    byte @Nullable [] deduplication,
    List<EventNumber> numbers) {

  private static final byte[] BEHIND_SOURCE = {0};

  /** The same with what it is known again by in the store, among the parts of all sources. */
  NewPart deduplicatedBy(String source) {
    if (deduplication == null) {
      return this;
    }
    byte[] code = Sha256.half(source.getBytes(UTF_8), BEHIND_SOURCE, deduplication);
    return new NewPart(label, appointment, orderingKey, behind, code, numbers);
  }

  /** One that is not numbered. */
  public NewPart(
      @Nullable String label,
      @Nullable String appointment,
      @Nullable String orderingKey,
      @Nullable String behind,
      byte @Nullable [] deduplication) {
    this(label, appointment, orderingKey, behind, deduplication, List.of());
  }

  /** One that replaces nothing. */
  public NewPart(
      @Nullable String label,
      @Nullable String appointment,
      @Nullable String orderingKey,
      byte @Nullable [] deduplication) {
    this(label, appointment, orderingKey, null, deduplication);
  }
}
