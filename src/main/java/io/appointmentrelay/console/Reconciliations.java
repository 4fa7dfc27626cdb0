package io.appointmentrelay.console;

import io.appointmentrelay.console.Console.Reconciling;
import io.appointmentrelay.store.Page;
import io.appointmentrelay.store.PageRequest;
import io.appointmentrelay.store.ReconciliationStore.Difference;
import io.appointmentrelay.store.ReconciliationStore.Reconciliation;
import io.appointmentrelay.store.ReconciliationStore.Report;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Comparisons of sources' FHIR servers with what is known: the list, one, and asking for another.
 */
final class Reconciliations {

  private static final Set<String> FIELDS = Set.of("source", "from", "to");
  private static final int MOST_DAYS = 800;

  private final Reconciling reconciling;

  Reconciliations(Reconciling reconciling) {
    this.reconciling = reconciling;
  }

  /**
   * One as it is shown.
   *
   * @param cause {@code nightly} or {@code asked}
   * @param from the first day of visits that are compared
   * @param to the last one
   * @param status {@code waiting}, {@code running}, {@code done} or {@code failed}
   * @param reason why it failed, or waits
   * @param comparedTo visits of days before this were compared
   * @param compared how many visits the server had
   * @param unknown had been missed: nothing was known of them
   * @param differing were known otherwise, with the fields that differed
   * @param left are known to be over, though an older version on the server says otherwise
   * @param onlyKnownHere are known to be to come, and the server does not have them
   */
  record View(
      long id,
      String source,
      String cause,
      LocalDate from,
      LocalDate to,
      String status,
      @Nullable String reason,
      Instant askedAt,
      @Nullable Instant begunAt,
      @Nullable Instant endedAt,
      LocalDate comparedTo,
      int compared,
      List<String> unknown,
      List<Difference> differing,
      List<String> left,
      List<String> onlyKnownHere) {

    static View of(Reconciliation one) {
      Report report = one.report();
      return new View(
          one.id(),
          one.source(),
          one.night() == null ? "asked" : "nightly",
          one.from(),
          one.to(),
          status(one),
          one.trouble(),
          one.askedAt(),
          one.begunAt(),
          one.endedAt(),
          one.nextDay(),
          one.compared(),
          report.unknown(),
          report.differing(),
          report.left(),
          report.onlyKnownHere());
    }

    private static String status(Reconciliation one) {
      if (one.endedAt() != null) {
        return one.failed() ? "failed" : "done";
      }
      return one.begunAt() == null ? "waiting" : "running";
    }
  }

  Page<View> newest(PageRequest page) {
    long before = page.after() == null ? Long.MAX_VALUE : cursor(page.after());
    List<Reconciliation> found = reconciling.store().newest(before, page.limit() + 1);
    boolean more = found.size() > page.limit();
    List<Reconciliation> shown = more ? found.subList(0, page.limit()) : found;
    String next = more ? String.valueOf(shown.get(shown.size() - 1).id()) : null;
    return new Page<>(shown.stream().map(View::of).toList(), next);
  }

  private static long cursor(String text) {
    try {
      return Long.parseLong(text);
    } catch (NumberFormatException e) {
      throw Refusal.wrong(
          "after= expects the next of another page; found something else. Begin with the first page.");
    }
  }

  Optional<View> one(long id) {
    return reconciling.store().one(id).map(View::of);
  }

  /** Asks for one, which begins within a second or so. Waits for the store. */
  View ask(Parameters asked) {
    Map<String, String> fields = asked.fields(FIELDS);
    LocalDate from = day(fields, "from");
    LocalDate to = day(fields, "to");
    boolean isWindow =
        from == null
            || to == null
            || (!to.isBefore(from) && ChronoUnit.DAYS.between(from, to) <= MOST_DAYS);
    if (!isWindow) {
      throw Refusal.wrong(
          "to expects a day that is not before from, and at most "
              + MOST_DAYS
              + " days after it; found another. Nothing was begun; correct it.");
    }
    long id =
        reconciling
            .asking()
            .ask(fields.getOrDefault("source", ""), from, to)
            .orElseThrow(
                () ->
                    Refusal.wrong(
                        "source expects a configured source that has a FHIR server (relay.source.<name>.fhir.base-url);"
                            + " found another. Nothing was begun."));
    return one(id).orElseThrow();
  }

  private static @Nullable LocalDate day(Map<String, String> fields, String name) {
    String text = fields.get(name);
    try {
      return text == null ? null : LocalDate.parse(text);
    } catch (DateTimeException e) {
      throw Refusal.wrong(
          name + " expects a day such as 2026-03-01; found something else. Nothing was begun.");
    }
  }
}
