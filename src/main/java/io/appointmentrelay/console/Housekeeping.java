package io.appointmentrelay.console;

import io.appointmentrelay.store.AccessStore;
import io.appointmentrelay.store.ErasureStore;
import io.appointmentrelay.store.ErasureStore.Erased;
import io.appointmentrelay.store.KeyRotation;
import io.appointmentrelay.store.Page;
import io.appointmentrelay.store.PurgeLimits;
import io.appointmentrelay.store.PurgeStore;
import io.appointmentrelay.store.Store;
import java.time.Clock;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Who sees what of patients is noted; what was kept long enough is purged, and a patient erased;
 * everything is sealed anew. Waits for the store.
 */
public final class Housekeeping {

  private static final String FHIR = "FHIR";
  private static final Set<String> FIELDS = Set.of("source", "patient", "appointment");

  private final AccessStore accesses;
  private final KeyRotation rotation;
  private final PurgeStore purges;
  private final ErasureStore erasures;
  private final Function<Instant, PurgeLimits> limits;
  private final Map<String, String> groupsOfSources;
  private final Clock clock;

  /**
   * @param limits what is kept long enough at a time
   * @param groupsOfSources one that is not in it is its own group
   */
  public Housekeeping(
      Store store,
      Function<Instant, PurgeLimits> limits,
      Map<String, String> groupsOfSources,
      Clock clock) {
    this.accesses = store.accesses();
    this.rotation = store.rotation();
    this.purges = store.purges();
    this.erasures = store.erasures();
    this.limits = limits;
    this.groupsOfSources = Map.copyOf(groupsOfSources);
    this.clock = clock;
  }

  /** Lets something be seen, if there is something, when it is on disk who saw it. */
  <T> Optional<T> seen(Parameters asked, AccessStore.What what, String which, Optional<T> found) {
    if (found.isPresent()) {
      accesses.note(clock.instant(), asked.user(), what, which, null).join();
    }
    return found;
  }

  /**
   * Lets a page of a list be seen, if anybody is on it, when it is on disk who saw whom: a row for
   * the page.
   *
   * @param by the names of what was searched by, never what was searched for
   */
  <T> Page<T> seen(
      Parameters asked,
      AccessStore.What what,
      List<String> by,
      Page<T> page,
      Function<T, String> which) {
    seen(asked.user(), what, by, "", page.items().stream().map(which).toList());
    return page;
  }

  /** As {@link #seen}: recipients have no ids, and not even masked is one written down here. */
  <T> Page<T> seenOptOuts(Parameters asked, Page<T> page) {
    if (!page.items().isEmpty()) {
      String shown = page.items().size() + " shown";
      accesses.note(clock.instant(), asked.user(), AccessStore.What.OPT_OUTS, "all", shown).join();
    }
    return page;
  }

  /** As {@link #seen}, of what was asked in FHIR; one that was read by its id is one. */
  void seenInFhir(String user, List<String> by, boolean isSearch, List<String> visits) {
    if (isSearch) {
      seen(user, AccessStore.What.APPOINTMENTS, by, FHIR + ", ", visits);
    } else {
      visits.forEach(
          one ->
              accesses.note(clock.instant(), user, AccessStore.What.APPOINTMENT, one, FHIR).join());
    }
  }

  private void seen(
      String user, AccessStore.What what, List<String> by, String form, List<String> which) {
    if (!which.isEmpty()) {
      String searched = by.isEmpty() ? "all" : "by " + String.join(", ", by);
      String shown = form + which.size() + " shown: " + String.join(", ", which);
      accesses.note(clock.instant(), user, what, searched, shown).join();
    }
  }

  KeyRotation.Step rotate(Parameters asked) {
    if (!rotation.isPossible()) {
      throw Refusal.conflict(
          "Only with a key can be sealed; relay.store.key is unset. Nothing was changed; set it, and start again.");
    }
    return rotation.step(asked.text("after"));
  }

  PurgeStore.Step purge(Parameters asked) {
    return purges.step(limits.apply(clock.instant()), !asked.isConfirmed(), asked.text("after"));
  }

  Erased erase(Parameters asked) {
    Map<String, String> fields = asked.fields(FIELDS);
    ErasureStore.Subject subject =
        subject(
            groupsOfSources,
            fields.get("source"),
            fields.get("patient"),
            fields.get("appointment"));
    if (subject == null) {
      throw Refusal.wrong(
          "Expected a source, and beside it either a patient or an appointment; found another set."
              + " Nothing was changed; correct it.");
    }
    return asked.isConfirmed()
        ? erasures.erase(subject, asked.user(), clock.instant())
        : erasures.look(subject);
  }

  /**
   * Whom a source means; absent: it is not said, or said twice.
   *
   * @param groupsOfSources one that is not in it is its own group
   */
  public static ErasureStore.@Nullable Subject subject(
      Map<String, String> groupsOfSources,
      @Nullable String source,
      @Nullable String patient,
      @Nullable String appointment) {
    boolean isOne = (patient == null) != (appointment == null);
    String which = patient == null ? appointment : patient;
    if (source == null || source.isBlank() || !isOne || which == null || which.isBlank()) {
      return null;
    }
    String group = groupsOfSources.getOrDefault(source, source);
    Set<String> sources = new HashSet<>(Set.of(source));
    groupsOfSources.forEach(
        (name, of) -> {
          if (of.equals(group)) {
            sources.add(name);
          }
        });
    return new ErasureStore.Subject(group, sources, patient, appointment);
  }
}
