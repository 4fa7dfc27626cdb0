package io.appointmentrelay.appointment;

import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What the routes in force would change in the preparation of one visit: what is to come of it,
 * held against what waits. What went out, is on its way or was decided about is left alone, and
 * nothing is planned for an hour that is past.
 */
public final class Replan {

  /**
   * A delivery that the routes in force ask for.
   *
   * @param due when its lead says, late or not
   */
  public record Wanted(
      String channel, Audience audience, Nature nature, String text, String offset, Instant due) {}

  /** A delivery that waits, and what it is to be instead. */
  public record Move(KnownPreparation was, Wanted becomes) {}

  /**
   * What differs.
   *
   * @param kept those that wait and are to be at another hour, which is past: they stay as they are
   */
  public record Difference(
      List<Wanted> added, List<KnownPreparation> dropped, List<Move> retimed, List<Move> kept) {

    public Difference {
      added = List.copyOf(added);
      dropped = List.copyOf(dropped);
      retimed = List.copyOf(retimed);
      kept = List.copyOf(kept);
    }

    /** Nothing is to be changed. */
    public boolean isNone() {
      return added.isEmpty() && dropped.isEmpty() && retimed.isEmpty();
    }
  }

  /** What makes two deliveries for one start the same. */
  private record Key(String text, String channel, Audience audience, String offset) {
    static Key of(Wanted wanted) {
      return new Key(wanted.text(), wanted.channel(), wanted.audience(), wanted.offset());
    }

    static Key of(KnownPreparation known) {
      return new Key(known.text(), known.channel(), known.audience(), known.offset());
    }
  }

  private final Map<Key, Wanted> wanted = new LinkedHashMap<>();
  private final List<KnownPreparation> ofThisStart;
  private final Instant now;
  private final List<Wanted> missing = new ArrayList<>();
  private final List<KnownPreparation> unwanted = new ArrayList<>();
  private final List<Move> retimed = new ArrayList<>();
  private final List<Move> kept = new ArrayList<>();

  private Replan(List<Wanted> asked, List<KnownPreparation> ofThisStart, Instant now) {
    asked.forEach(one -> wanted.putIfAbsent(Key.of(one), one));
    this.ofThisStart = ofThisStart;
    this.now = now;
  }

  /**
   * Compares.
   *
   * @param asked what the routes ask for, as the visit is now
   * @param known all preparation of the visit, whatever has become of it
   * @param start of the visit
   */
  public static Difference of(
      List<Wanted> asked, List<KnownPreparation> known, Instant start, Instant now) {
    List<KnownPreparation> ofThisStart =
        known.stream().filter(one -> isSame(start, one.start())).toList();
    return new Replan(asked, ofThisStart, now).difference();
  }

  private Difference difference() {
    ofThisStart.stream().filter(KnownPreparation::isPending).forEach(this::hold);
    wanted.forEach(
        (key, one) -> {
          if (ofThisStart.stream()
              .noneMatch(known -> known.isDealtWith() && Key.of(known).equals(key))) {
            missing.add(one);
          }
        });
    pairWithAnotherLead();
    return new Difference(missing.stream().filter(this::isAhead).toList(), unwanted, retimed, kept);
  }

  private void hold(KnownPreparation pending) {
    Wanted same = wanted.get(Key.of(pending));
    if (same == null) {
      unwanted.add(pending);
    } else if (!isSame(same.due(), pending.planned()) && isAhead(same)) {
      // An hour that is past says nothing: what is late was planned for another one.
      retimed.add(new Move(pending, same));
    }
  }

  /** One lead gone and one new, of the same text and channel, is that text at another time. */
  private void pairWithAnotherLead() {
    for (KnownPreparation gone : List.copyOf(unwanted)) {
      List<Wanted> instead =
          missing.stream()
              .filter(one -> isAlike(gone, one.text(), one.channel(), one.audience(), one.nature()))
              .toList();
      Stream<KnownPreparation> alike =
          unwanted.stream()
              .filter(
                  one -> isAlike(gone, one.text(), one.channel(), one.audience(), one.nature()));
      if (alike.count() != 1 || instead.size() != 1) {
        continue;
      }
      Wanted becomes = instead.get(0);
      unwanted.remove(gone);
      missing.remove(becomes);
      (isAhead(becomes) ? retimed : kept).add(new Move(gone, becomes));
    }
  }

  private static boolean isAlike(
      KnownPreparation one, String text, String channel, Audience audience, Nature nature) {
    return one.text().equals(text)
        && one.channel().equals(channel)
        && one.audience() == audience
        && one.nature() == nature;
  }

  private boolean isAhead(Wanted one) {
    return one.due().isAfter(now);
  }

  /** The store keeps milliseconds. */
  private static boolean isSame(Instant one, @Nullable Instant other) {
    return other != null && one.toEpochMilli() == other.toEpochMilli();
  }
}
