package io.appointmentrelay.fhir;

import io.appointmentrelay.appointment.AppointmentRecord;
import io.appointmentrelay.store.ConsoleReads;
import io.appointmentrelay.store.ConsoleReads.KnownRecord;
import io.appointmentrelay.store.ConsoleReads.RecordFilter;
import io.appointmentrelay.store.ConsoleReads.RecordOrder;
import io.appointmentrelay.store.Page;
import io.appointmentrelay.store.PageRequest;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.hl7.fhir.r4.model.Appointment.AppointmentStatus;
import org.jspecify.annotations.Nullable;

/** Searches for appointments as FHIR R4 would have it, as far as indexes can answer. */
final class VisitSearch {

  static final String TYPE = "Appointment";

  /** A page is whole resources: HAPI writes some thousand of them a second. */
  static final int AT_MOST = 200;

  static final Set<String> PARAMETERS =
      Set.of(
          "_id",
          "identifier",
          "patient",
          "patient:identifier",
          "patient:Patient",
          "patient.identifier",
          "date",
          "status",
          "_lastUpdated",
          "_sort");

  static final Map<String, RecordOrder> SORTS =
      Map.of(
          "date", RecordOrder.START,
          "-date", RecordOrder.START_DESCENDING,
          "_lastUpdated", RecordOrder.UPDATED,
          "-_lastUpdated", RecordOrder.UPDATED_DESCENDING);

  private final ConsoleReads reads;
  private final List<String> groups;
  private final ZoneId zone;

  VisitSearch(ConsoleReads reads, Set<String> groups, ZoneId zone) {
    this.reads = reads;
    this.groups = List.copyOf(groups);
    this.zone = zone;
  }

  Page<KnownRecord> find(SearchParameters asked) {
    DateRange date = DateRange.of("date", asked.all("date"), zone);
    DateRange updated = DateRange.of("_lastUpdated", asked.all("_lastUpdated"), zone);
    List<String> statuses = statuses(asked.anyOf("status"));
    RecordFilter filter =
        new RecordFilter(
            patients(asked), date.from(), date.to(), statuses, updated.from(), updated.to());
    RecordOrder order = order(asked, date, updated);
    PageRequest page = asked.page(AT_MOST);
    List<String> ids = asked.anyOf("_id");
    List<String> identifiers = asked.anyOf("identifier");
    if (ids.isEmpty() && identifiers.isEmpty()) {
      return reads.records(filter, order, page);
    }
    return slice(named(ids, identifiers).stream().filter(one -> fits(one, filter)).toList(), page);
  }

  /** Few as these are, they are all read; a page is a piece of them. */
  private static Page<KnownRecord> slice(List<KnownRecord> found, PageRequest page) {
    int from = Math.min(offset(page.after()), found.size());
    int to = Math.min(from + page.limit(), found.size());
    return new Page<>(found.subList(from, to), to < found.size() ? Integer.toString(to) : null);
  }

  private static int offset(@Nullable String after) {
    try {
      return after == null ? 0 : Math.max(0, Integer.parseInt(after));
    } catch (NumberFormatException e) {
      throw FhirRefusal.wrong(
          SearchParameters.PAGE + "= expects what a link said; found something else. Ask anew.");
    }
  }

  private List<KnownRecord> named(List<String> ids, List<String> identifiers) {
    Set<KnownRecord> found = new LinkedHashSet<>();
    if (ids.isEmpty()) {
      identifiers.forEach(token -> found.addAll(identified(token)));
      return List.copyOf(found);
    }
    for (String id : ids) {
      number(id)
          .flatMap(reads::record)
          .filter(one -> identifiers.isEmpty() || isAny(one, identifiers))
          .ifPresent(found::add);
    }
    return List.copyOf(found);
  }

  static Optional<Long> number(String id) {
    return id.matches("[0-9]{1,18}") ? Optional.of(Long.parseLong(id)) : Optional.empty();
  }

  private List<KnownRecord> identified(String token) {
    String value = token.substring(token.indexOf('|') + 1);
    if (value.isEmpty()) {
      throw FhirRefusal.unsupported(
          "identifier= expects a value, or system|value; found a system alone. Add the value.");
    }
    return reads.records(value, groups).stream().filter(one -> is(one, token)).toList();
  }

  private static boolean isAny(KnownRecord known, List<String> tokens) {
    return tokens.stream().anyMatch(token -> is(known, token));
  }

  private static boolean is(KnownRecord known, String token) {
    int bar = token.indexOf('|');
    AppointmentRecord record = known.record();
    // Every identifier that is shown has a system: |value means none of them.
    return record.identifier().equals(token.substring(bar + 1))
        && (bar < 0
            || token.substring(0, bar).equals(Urns.system(record.system(), record.group())));
  }

  private static boolean fits(KnownRecord known, RecordFilter filter) {
    AppointmentRecord record = known.record();
    String patient = record.patient() == null ? null : record.patient().reference();
    return (filter.patients().isEmpty() || filter.patients().contains(String.valueOf(patient)))
        && (filter.statuses().isEmpty() || filter.statuses().contains(record.status()))
        && isWithin(record.details().start(), filter.from(), filter.to())
        && isWithin(known.updatedAt(), filter.updatedFrom(), filter.updatedTo());
  }

  private static boolean isWithin(
      @Nullable Instant at, @Nullable Instant from, @Nullable Instant to) {
    boolean anyTime = from == null && to == null;
    return anyTime
        || (at != null && (from == null || !at.isBefore(from)) && (to == null || at.isBefore(to)));
  }

  /** As the sender wrote it: an identifier, or an id with or without the type before it. */
  private static List<String> patients(SearchParameters asked) {
    Set<String> references = new LinkedHashSet<>();
    for (String name : List.of("patient:identifier", "patient.identifier")) {
      references.addAll(asked.anyOf(name));
    }
    for (String name : List.of("patient", "patient:Patient")) {
      for (String said : asked.anyOf(name)) {
        String id = said.startsWith("Patient/") ? said.substring("Patient/".length()) : said;
        references.add(id);
        references.add("Patient/" + id);
      }
    }
    return List.copyOf(references);
  }

  private static List<String> statuses(List<String> words) {
    List<String> statuses = new ArrayList<>();
    for (String word : words) {
      String code = word.substring(word.indexOf('|') + 1);
      if (!isStatus(code)) {
        throw FhirRefusal.wrong(
            "status= expects FHIR R4's words for an appointment, such as booked,arrived; found another."
                + " Correct it, and ask again.");
      }
      statuses.add(code);
      if (code.equals("cancelled")) {
        statuses.add(AppointmentRecord.REPLACED);
      }
    }
    return statuses;
  }

  private static boolean isStatus(String code) {
    for (AppointmentStatus status : AppointmentStatus.values()) {
      if (status != AppointmentStatus.NULL && status.toCode().equals(code)) {
        return true;
      }
    }
    return false;
  }

  /** By start only beside a date: what has no start would be left out otherwise. */
  private static RecordOrder order(SearchParameters asked, DateRange date, DateRange updated) {
    boolean byDate = !date.equals(DateRange.ANY);
    String sort = asked.sort(SORTS.keySet());
    if (sort == null) {
      return byDate && updated.equals(DateRange.ANY) ? RecordOrder.START : RecordOrder.UPDATED;
    }
    if (sort.endsWith("date") && !byDate) {
      throw FhirRefusal.unsupported(
          "_sort="
              + sort
              + " expects a date= beside it, because appointments without a start have no place in that order;"
              + " found none. Add one, or sort by _lastUpdated.");
    }
    return java.util.Objects.requireNonNull(SORTS.get(sort));
  }
}
