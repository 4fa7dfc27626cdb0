package io.appointmentrelay.fhir;

import io.appointmentrelay.store.ConsoleReads;
import io.appointmentrelay.store.ConsoleReads.CalendarSlot;
import io.appointmentrelay.store.ConsoleReads.SlotFilter;
import io.appointmentrelay.store.Page;
import java.time.ZoneId;
import java.util.List;
import java.util.Set;
import org.hl7.fhir.r4.model.Slot.SlotStatus;
import org.jspecify.annotations.Nullable;

/** Searches for slots as FHIR R4 would have it, the earliest first. */
final class SlotSearch {

  static final String TYPE = "Slot";
  static final Set<String> PARAMETERS = Set.of("schedule", "start", "status", "_sort");
  static final Set<String> SORTS = Set.of("start");

  private final ConsoleReads reads;
  private final ZoneId zone;

  SlotSearch(ConsoleReads reads, ZoneId zone) {
    this.reads = reads;
    this.zone = zone;
  }

  Page<CalendarSlot> find(SearchParameters asked) {
    DateRange start = DateRange.of("start", asked.all("start"), zone);
    Set<SlotStatus> statuses = statuses(asked.anyOf("status"));
    asked.sort(SORTS);
    Page<CalendarSlot> found =
        reads.calendar(
            new SlotFilter(
                start.from(), start.to(), schedule(asked.one("schedule")), null, taken(statuses)),
            asked.page(VisitSearch.AT_MOST));
    List<CalendarSlot> wanted =
        found.items().stream()
            .filter(slot -> statuses.isEmpty() || statuses.contains(SlotResource.status(slot)))
            .toList();
    return new Page<>(wanted, found.next());
  }

  /** Whose calendar: the source's reference to the practitioner, or the name. */
  private static @Nullable String schedule(@Nullable String said) {
    return said != null && said.startsWith("Schedule/")
        ? said.substring("Schedule/".length())
        : said;
  }

  private static @Nullable Boolean taken(Set<SlotStatus> statuses) {
    if (statuses.isEmpty()) {
      return null;
    }
    boolean busy = statuses.contains(SlotStatus.BUSY);
    return (busy && statuses.size() > 1) ? null : Boolean.valueOf(busy);
  }

  private static Set<SlotStatus> statuses(List<String> words) {
    return words.stream()
        .map(word -> status(word.substring(word.indexOf('|') + 1)))
        .collect(java.util.stream.Collectors.toUnmodifiableSet());
  }

  private static SlotStatus status(String code) {
    for (SlotStatus status : SlotStatus.values()) {
      if (status != SlotStatus.NULL && status.toCode().equals(code)) {
        return status;
      }
    }
    throw FhirRefusal.wrong(
        "status= expects FHIR R4's words for a slot, such as free,busy; found another."
            + " Correct it, and ask again.");
  }
}
