package io.appointmentrelay.outbox;

import io.appointmentrelay.appointment.KnownPreparation;
import io.appointmentrelay.appointment.Replan.Difference;
import io.appointmentrelay.appointment.Replan.Move;
import io.appointmentrelay.appointment.Replan.Wanted;
import io.appointmentrelay.appointment.ReplanReport;
import io.appointmentrelay.appointment.ReplanReport.Item;
import io.appointmentrelay.store.ReplanStore.Visit;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Counts what re-planning finds, and keeps the first of each kind. */
final class ReplanTally {

  private static final class Kind {
    private final List<Item> items = new ArrayList<>();
    private int count;

    void add(Item item) {
      count++;
      if (items.size() < ReplanReport.LISTED_AT_MOST) {
        items.add(item);
      }
    }

    ReplanReport.Kind report() {
      return new ReplanReport.Kind(count, items);
    }
  }

  private final Kind added = new Kind();
  private final Kind dropped = new Kind();
  private final Kind retimed = new Kind();
  private final Kind kept = new Kind();
  private final Kind failed = new Kind();
  private int appointments;
  private int changedMeanwhile;

  void lookedAt() {
    appointments++;
  }

  void changedMeanwhile() {
    changedMeanwhile++;
  }

  void failed(Visit visit) {
    failed.add(item(visit, null, null, null, null));
  }

  int failures() {
    return failed.count;
  }

  void found(Visit visit, Difference difference) {
    for (Wanted one : difference.added()) {
      added.add(item(visit, one.text(), one.channel(), null, one));
    }
    for (KnownPreparation one : difference.dropped()) {
      dropped.add(item(visit, one.text(), one.channel(), one, null));
    }
    for (Move one : difference.retimed()) {
      retimed.add(item(visit, one));
    }
    for (Move one : difference.kept()) {
      kept.add(item(visit, one));
    }
  }

  private static Item item(Visit visit, Move move) {
    KnownPreparation was = move.was();
    return item(visit, was.text(), was.channel(), was, move.becomes());
  }

  private static Item item(
      Visit visit,
      @Nullable String text,
      @Nullable String channel,
      @Nullable KnownPreparation was,
      @Nullable Wanted becomes) {
    return new Item(
        visit.record().source(),
        visit.record().identifier(),
        visit.record().details().start(),
        text,
        channel,
        was == null ? null : was.offset(),
        becomes == null ? null : becomes.offset(),
        was == null ? null : was.due(),
        becomes == null ? null : becomes.due());
  }

  ReplanReport report(boolean confirmed, @Nullable String next) {
    return new ReplanReport(
        confirmed,
        appointments,
        added.report(),
        dropped.report(),
        retimed.report(),
        kept.report(),
        changedMeanwhile,
        failed.report(),
        next);
  }
}
