package io.appointmentrelay.messaging;

import io.appointmentrelay.appointment.EventKind;
import io.appointmentrelay.messaging.VisitModel.Difference;
import io.appointmentrelay.messaging.VisitModel.ForStaff;
import io.appointmentrelay.messaging.VisitModel.Kind;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Invented visits that together take every branch a text is likely to have: all known, nothing
 * known, each thing alone missing and each alone known, in every modality; and, as staff see them,
 * what they can hear of.
 */
final class SampleVisits {

  /** A place that comes out of an HTML text in these characters was not escaped. */
  static final String UNESCAPED = "<Room 3>";

  private static final Instant START = Instant.parse("2026-08-03T15:00:00Z");
  private static final Instant OLD_START = Instant.parse("2026-07-31T18:30:00Z");
  private static final ZoneId ZONE = ZoneId.of("America/Chicago");
  private static final List<String> MODALITIES = List.of("in-person", "video", "phone");

  private static final String NUMBER = "321654654";

  private static final String TO_TAP =
      "https://relay.example.org/reply/AZ7tBgEAaSW_0ICpS9hVnwPq0b8";

  private static final VisitModel.Reply REPLY =
      new VisitModel.Reply(null, true, new VisitModel.Links(TO_TAP, TO_TAP, TO_TAP));

  private enum Known {
    NAME,
    PHONE,
    OTHER_ZONE,
    START,
    OLD_START,
    PLACE,
    PRACTITIONER,
    TYPE,
    LINK,
    DIFFERENCES,
    OLD_VALUES,
    QUESTIONNAIRE,
    REPLY
  }

  private SampleVisits() {}

  static List<VisitModel> all() {
    List<VisitModel> visits = new ArrayList<>();
    for (Set<Known> known : selections()) {
      visits.add(visit(known, null));
      MODALITIES.forEach(modality -> visits.add(visit(known, modality)));
    }
    for (EventKind news : Words.NEWS) {
      visits.add(visit(EnumSet.allOf(Known.class), "in-person").forStaff(NUMBER, news));
      visits.add(visit(EnumSet.of(Known.START), null).forStaff(NUMBER, news));
      visits.add(visit(EnumSet.noneOf(Known.class), null).forStaff("", news));
    }
    for (EventKind reply :
        List.of(EventKind.DECLINED, EventKind.CALL_REQUESTED, EventKind.REPLY_UNKNOWN)) {
      visits.add(visit(EnumSet.allOf(Known.class), "in-person").forStaff(NUMBER, reply, UNESCAPED));
      visits.add(visit(EnumSet.noneOf(Known.class), null).forStaff("", reply, null));
    }
    VisitModel confirmed = visit(EnumSet.allOf(Known.class), "in-person");
    visits.add(confirmed.withReply(new VisitModel.Reply(EventKind.CONFIRMED, true, null)));
    return List.copyOf(visits);
  }

  /** A visit of this clinic that has moved from another time and place, all of it known. */
  static VisitModel of(Clinic clinic) {
    return new VisitModel(
        "Ana",
        clinic,
        clinic.zone(),
        null,
        START,
        OLD_START,
        "Family Medicine, Room 3",
        "Dr. Lee",
        "Check-up",
        "in-person",
        null,
        List.of(new Difference(Kind.LOCATION, "Family Medicine, Room 1")),
        clinic.questionnaire(),
        new ForStaff(NUMBER, EventKind.RESCHEDULED, "Running late, is that all right?"),
        null);
  }

  private static List<Set<Known>> selections() {
    List<Set<Known>> selections = new ArrayList<>();
    selections.add(EnumSet.allOf(Known.class));
    selections.add(EnumSet.noneOf(Known.class));
    for (Known one : Known.values()) {
      selections.add(EnumSet.of(one));
      selections.add(EnumSet.complementOf(EnumSet.of(one)));
    }
    return selections;
  }

  private static VisitModel visit(Set<Known> known, @Nullable String modality) {
    String phone = known.contains(Known.PHONE) ? "(608) 555-0142" : null;
    return new VisitModel(
        known.contains(Known.NAME) ? "Ana" : null,
        new Clinic("Good Health Clinic", phone, ZONE, "US", null),
        ZONE,
        known.contains(Known.OTHER_ZONE) ? ZoneId.of("America/New_York") : null,
        known.contains(Known.START) ? START : null,
        known.contains(Known.OLD_START) ? OLD_START : null,
        known.contains(Known.PLACE) ? UNESCAPED : null,
        known.contains(Known.PRACTITIONER) ? "Dr. Lee" : null,
        known.contains(Known.TYPE) ? "Check-up" : null,
        modality,
        known.contains(Known.LINK) ? "https://video.example.org/r/123" : null,
        known.contains(Known.DIFFERENCES)
            ? differences(known.contains(Known.OLD_VALUES))
            : List.of(),
        known.contains(Known.QUESTIONNAIRE) ? "https://forms.example.org/q/1" : null,
        null,
        known.contains(Known.REPLY) ? REPLY : null);
  }

  private static List<Difference> differences(boolean oldValues) {
    return List.of(
        new Difference(Kind.LOCATION, oldValues ? "South Clinic" : null),
        new Difference(Kind.PRACTITIONER, oldValues ? "Dr. Moss" : null),
        new Difference(Kind.MODALITY, oldValues ? "in-person" : null),
        new Difference(Kind.LINK, null));
  }
}
