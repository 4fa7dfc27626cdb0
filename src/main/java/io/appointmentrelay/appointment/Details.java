package io.appointmentrelay.appointment;

import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * When, where, with whom and how a visit takes place. Absent means <em>not said</em>.
 *
 * @param zone the zone of the place, where the sender says it
 * @param type what kind of visit, in the sender's words
 * @param modality {@code in-person}, {@code video} or {@code phone}
 * @param link where a video visit is held
 */
public record Details(
    @Nullable Instant start,
    @Nullable Instant end,
    @Nullable ZoneId zone,
    @Nullable Party location,
    @Nullable Party practitioner,
    @Nullable String type,
    @Nullable String modality,
    @Nullable String link) {

  /** Nothing said at all. */
  public static final Details NONE = new Details(null, null, null, null, null, null, null, null);

  /** Only a time. */
  public static Details at(@Nullable Instant start, @Nullable Instant end) {
    return new Details(start, end, null, null, null, null, null, null);
  }

  /** What is said replaces what was known; what is not said stays. */
  Details changedBy(Details said) {
    boolean moved = said.start != null && !said.start.equals(start);
    // A moved visit's old end would lie: without a new one it is unknown.
    Instant oldEnd = moved && start != null ? null : end;
    return new Details(
        or(said.start, start),
        or(said.end, oldEnd),
        or(said.zone, zone),
        changed(location, said.location),
        changed(practitioner, said.practitioner),
        or(said.type, type),
        or(said.modality, modality),
        or(said.link, link));
  }

  /** What is said fills in what was unknown and changes nothing that was known. */
  public Details filledFrom(Details said) {
    boolean sameVisitTime = start == null || start.equals(said.start);
    return new Details(
        or(start, said.start),
        end == null && sameVisitTime ? said.end : end,
        or(zone, said.zone),
        filled(location, said.location),
        filled(practitioner, said.practitioner),
        or(type, said.type),
        or(modality, said.modality),
        or(link, said.link));
  }

  /** The same with another practitioner. */
  public Details withPractitioner(@Nullable Party other) {
    return new Details(start, end, zone, location, other, type, modality, link);
  }

  /** The same with another place. */
  public Details withLocation(@Nullable Party other) {
    return new Details(start, end, zone, other, practitioner, type, modality, link);
  }

  /** The same with another type of visit. */
  public Details withType(@Nullable String other) {
    return new Details(start, end, zone, location, practitioner, other, modality, link);
  }

  /** The same, held in another way. */
  public Details withModality(@Nullable String other) {
    return new Details(start, end, zone, location, practitioner, type, other, link);
  }

  /** Whether {@code said}, believed, would change something that a reader sees. */
  public boolean differsIn(Details said) {
    return !changedBy(said).changesSince(this).isEmpty();
  }

  /** Whether {@code said} gives another start than the one known here. */
  public boolean startDiffersIn(Details said) {
    return start != null && said.start != null && !start.equals(said.start);
  }

  /** What differs from {@code before}, known to known, in the order a reader wants it. */
  List<Change> changesSince(Details before) {
    List<Change> changes = new ArrayList<>();
    add(changes, "start", before.start, start);
    boolean endSaysMore = before.end != null && end != null;
    if (endSaysMore) {
      add(changes, "end", before.end, end);
    }
    addParty(changes, "location", before.location, location);
    addParty(changes, "practitioner", before.practitioner, practitioner);
    add(changes, "type", before.type, type);
    add(changes, "modality", before.modality, modality);
    add(changes, "link", before.link, link);
    return changes;
  }

  private static void add(
      List<Change> changes, String field, @Nullable Object before, @Nullable Object after) {
    if (before != null && after != null && !before.equals(after)) {
      changes.add(new Change(field, before.toString(), after.toString()));
    }
  }

  private static void addParty(
      List<Change> changes, String field, @Nullable Party before, @Nullable Party after) {
    if (before != null && after != null && !before.sameAs(after)) {
      changes.add(new Change(field, before.shown(), after.shown()));
    }
  }

  private static @Nullable Party changed(@Nullable Party known, @Nullable Party said) {
    if (known == null || said == null) {
      return or(said, known);
    }
    return known.sameAs(said) ? known.filledFrom(said) : said;
  }

  private static @Nullable Party filled(@Nullable Party known, @Nullable Party said) {
    if (known == null || said == null) {
      return or(known, said);
    }
    return known.sameAs(said) ? known.filledFrom(said) : known;
  }

  private static <T> @Nullable T or(@Nullable T first, @Nullable T second) {
    return Objects.nonNull(first) ? first : second;
  }
}
