package io.appointmentrelay.appointment;

import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What a recipient was last told of an appointment, or is presumed to have been told by others
 * because we first heard of it in mid-life.
 *
 * @param group the status as told
 * @param start the start as told; absent if none was said, or, when presumed, if the old one is
 *     unknown
 * @param moved presumed only: the first event said that the start differs from what they knew
 * @param modified presumed only: the first event said that something else differs
 * @param entry the calendar entry that stands for the visit; absent: the one of its own root
 */
public record Told(
    StatusGroup group,
    @Nullable Instant start,
    @Nullable Party location,
    @Nullable Party practitioner,
    @Nullable String modality,
    @Nullable String link,
    boolean moved,
    boolean modified,
    @Nullable Entry entry) {

  /**
   * An entry in somebody's calendar that was made for another visit.
   *
   * @param root what it is known by
   * @param versions how many versions it has had before this visit took it over, at least
   */
  public record Entry(String root, int versions) {}

  /** The snapshot of what a message says that is sent now. */
  public static Told of(AppointmentRecord record) {
    Details details = record.details();
    return new Told(
        record.statusGroup(),
        details.start(),
        details.location(),
        details.practitioner(),
        details.modality(),
        details.link(),
        false,
        false,
        null);
  }

  /** The same, noted in the same calendar entry as what was told before. */
  public Told notedAs(@Nullable Told before) {
    return before == null ? this : in(before.entry());
  }

  /** The same, noted in another entry. */
  public Told in(@Nullable Entry other) {
    return new Told(group, start, location, practitioner, modality, link, moved, modified, other);
  }

  /**
   * What people knew before an event that was the first we heard of its appointment; null for
   * BOOKED: nothing.
   */
  static @Nullable Told presumed(EventKind first, Details details, @Nullable Instant oldStart) {
    if (first == EventKind.BOOKED) {
      return null;
    }
    boolean moved = first == EventKind.RESCHEDULED;
    return new Told(
        first == EventKind.RESTORED ? StatusGroup.CANCELLED : StatusGroup.OPEN,
        moved ? oldStart : details.start(),
        details.location(),
        details.practitioner(),
        details.modality(),
        details.link(),
        moved,
        first == EventKind.MODIFIED,
        null);
  }

  /**
   * What the calendar said before an event, as those know who work with it; null: nothing of this
   * visit.
   */
  public static @Nullable Told before(AppointmentEvent event) {
    AppointmentRecord before = event.before();
    if (before != null) {
      return of(before);
    }
    AppointmentRecord replaced = event.replaced();
    return replaced == null ? event.after().presumed() : of(replaced).inGroup(StatusGroup.OPEN);
  }

  /**
   * What a message may have told whose sending was cut off: as much of it as its delivery knows.
   *
   * @param planned the event it was planned for
   */
  public static Told perhaps(EventKind planned, @Nullable Instant start) {
    StatusGroup group =
        switch (planned) {
          case CANCELLED -> StatusGroup.CANCELLED;
          case NO_SHOW -> StatusGroup.NOSHOW;
          default -> StatusGroup.OPEN;
        };
    return new Told(group, start, null, null, null, null, false, false, null);
  }

  /** The same visit, told to be off. */
  public Told calledOff() {
    return inGroup(StatusGroup.CANCELLED);
  }

  private Told inGroup(StatusGroup other) {
    return new Told(other, start, location, practitioner, modality, link, false, false, entry);
  }

  /** Whether its recipient expects the visit to take place. */
  public boolean expects() {
    return group == StatusGroup.OPEN || group == StatusGroup.PRESENT;
  }

  /** What differs between what was told and {@code now}, for the wording of a message. */
  public List<Change> changesTo(Details now) {
    Details then = new Details(start, null, null, location, practitioner, null, modality, link);
    return now.changesSince(then);
  }

  boolean startDiffers(Details now) {
    boolean movedAsTheEventSays = moved && (start == null || !start.equals(now.start()));
    return movedAsTheEventSays || differs(start, now.start());
  }

  boolean othersDiffer(Details now) {
    return modified
        || partyDiffers(location, now.location())
        || partyDiffers(practitioner, now.practitioner())
        || differs(modality, now.modality())
        || differs(link, now.link());
  }

  private static boolean partyDiffers(@Nullable Party told, @Nullable Party now) {
    return told != null && now != null && !told.sameAs(now);
  }

  private static boolean differs(@Nullable Object told, @Nullable Object now) {
    return told != null && now != null && !Objects.equals(told, now);
  }
}
