package io.appointmentrelay.polling;

import com.fasterxml.jackson.databind.JsonNode;
import io.appointmentrelay.appointment.AppointmentRecord;
import io.appointmentrelay.appointment.StatusGroup;
import io.appointmentrelay.appointment.UnusableAnswer;
import io.appointmentrelay.enrichment.AppointmentSearch;
import io.appointmentrelay.enrichment.Comparison;
import io.appointmentrelay.enrichment.Comparison.Finding;
import io.appointmentrelay.settings.Settings.Source;
import io.appointmentrelay.store.PollStore;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Compares all visits of some days, day by day: those that the server has, and those that are known
 * to be to come and that it did not show. Waits for the server; fails as it does, and can then go
 * on with the day it had come to.
 */
final class Window {

  /** How many that the server did not show are asked for by name at most. */
  private static final int MOST_ASKED_BY_NAME = 500;

  private static final int MOST_OF_A_DAY = 20_000;
  private static final int MOST = 500_000;

  /** What becomes of what is found. */
  interface Notes {
    /** Some of the server's, compared. */
    void found(List<Finding> findings);

    /** One that the server does not have, though it must by what is known. */
    void gone(AppointmentRecord record, Instant askedAt);

    /** Everything up to the day before was compared. */
    void comesTo(LocalDate nextDay);

    /** False: break off. */
    boolean goesOn();
  }

  private final Source source;
  private final AppointmentSearch search;
  private final Comparison comparison;
  private final PollStore store;
  private final Notes notes;
  private final Clock clock;
  private final Set<String> shown = new HashSet<>();
  private int askedByName;

  Window(
      Source source,
      AppointmentSearch search,
      Comparison comparison,
      PollStore store,
      Notes notes,
      Clock clock) {
    this.source = source;
    this.search = search;
    this.comparison = comparison;
    this.store = store;
    this.notes = notes;
    this.clock = clock;
  }

  /**
   * Compares.
   *
   * @return false: it was broken off
   */
  boolean compare(LocalDate first, LocalDate last) {
    for (LocalDate day = first; !day.isAfter(last); day = day.plusDays(1)) {
      Instant askedAt = clock.instant();
      search.ofDay(
          day,
          source.zone(),
          page -> {
            compare(page, askedAt);
            return notes.goesOn();
          });
      if (!notes.goesOn()) {
        return false;
      }
      if (day.isAfter(first)) {
        // A server may count its days in another zone: what is of a day here may be of the next
        // there.
        missing(day.minusDays(1));
      }
      notes.comesTo(day);
    }
    return true;
  }

  private void compare(List<JsonNode> page, Instant askedAt) {
    List<Finding> findings = new ArrayList<>(page.size());
    for (JsonNode appointment : page) {
      comparison
          .of(appointment, askedAt)
          .filter(one -> shown.add(one.identifier()))
          .ifPresent(findings::add);
    }
    if (shown.size() > MOST) {
      throw new UnusableAnswer(
          "The FHIR server of source "
              + source.name()
              + " was expected to have at most "
              + MOST
              + " visits in the days that are compared; found more. Shorten relay.source."
              + source.name()
              + ".poll.window");
    }
    notes.found(findings);
  }

  private void missing(LocalDate day) {
    ZoneId zone = source.zone();
    List<AppointmentRecord> known =
        store.known(
            source.group(),
            day.atStartOfDay(zone).toInstant(),
            day.plusDays(1).atStartOfDay(zone).toInstant(),
            MOST_OF_A_DAY);
    for (AppointmentRecord record : known) {
      boolean isExpected =
          record.statusGroup() == StatusGroup.OPEN && record.source().equals(source.name());
      if (isExpected && !shown.contains(record.identifier()) && notes.goesOn()) {
        askByName(record);
      }
    }
  }

  private void askByName(AppointmentRecord record) {
    if (askedByName++ >= MOST_ASKED_BY_NAME) {
      return;
    }
    Instant askedAt = clock.instant();
    AppointmentSearch.Named named = search.named(record);
    JsonNode appointment = named.appointment();
    if (appointment != null) {
      compare(List.of(appointment), askedAt);
    } else if (named.isGone()) {
      notes.gone(record, askedAt);
    }
  }
}
