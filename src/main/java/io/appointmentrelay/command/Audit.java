package io.appointmentrelay.command;

import io.appointmentrelay.store.AuditReport;
import io.appointmentrelay.store.AuditReport.ChannelCounts;
import io.appointmentrelay.store.AuditReport.SourceCounts;
import io.appointmentrelay.store.Database;
import io.appointmentrelay.store.Ledger;
import io.appointmentrelay.store.StoreAddress;
import io.appointmentrelay.store.StoreUnavailable;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Locale;

/**
 * Prints the ledger of a running or a stopped store and says whether it adds up. Changes nothing.
 */
public final class Audit {

  private static final int ADDS_UP = 0;
  private static final int DOES_NOT_ADD_UP = 1;
  private static final int NO_STORE = 2;

  /**
   * Opens the store for reading, and prints its ledger.
   *
   * @return the exit status: 0, or 1 if it does not add up, or 2 if there is no store to read
   */
  public int run(StoreAddress address, PrintWriter out) {
    // SQLite would make the missing file, and an empty ledger adds up.
    Path missing = address.missingFile();
    if (missing != null) {
      out.println(
          "audit expects a store at "
              + missing
              + "; there is no such file. Start the relay once, or correct relay.data-dir or relay.store.url.");
      out.flush();
      return NO_STORE;
    }
    try (Database database = address.openForReading()) {
      return run(database, out);
    }
  }

  /**
   * Prints the ledger of an opened store.
   *
   * @return the exit status: 0, or 1 if it does not add up, or 2 if it cannot be read
   */
  public int run(Database database, PrintWriter out) {
    try {
      AuditReport report = new Ledger(database).audit();
      print(report, out);
      return report.addsUp() ? ADDS_UP : DOES_NOT_ADD_UP;
    } catch (StoreUnavailable e) {
      out.println(e.getMessage());
      return NO_STORE;
    } finally {
      out.flush();
    }
  }

  private static void print(AuditReport report, PrintWriter out) {
    out.printf(
        Locale.ROOT,
        "%-20s %10s %10s %10s %10s %10s%n",
        "source",
        "received",
        "duplicate",
        "processed",
        "parked",
        "waiting");
    for (SourceCounts source : report.sources()) {
      out.printf(
          Locale.ROOT,
          "%-20s %10d %10d %10d %10d %10d%n",
          source.source(),
          source.received(),
          source.duplicate(),
          source.processed(),
          source.parked(),
          source.waiting());
    }
    out.println();
    out.printf(
        Locale.ROOT,
        "%-20s %10s %10s %10s %10s %10s %10s %10s%n",
        "channel",
        "planned",
        "sent",
        "dead",
        "superseded",
        "suppressed",
        "cancelled",
        "waiting");
    for (ChannelCounts channel : report.channels()) {
      out.printf(
          Locale.ROOT,
          "%-20s %10d %10d %10d %10d %10d %10d %10d%n",
          channel.channel(),
          channel.planned(),
          channel.sent(),
          channel.dead(),
          channel.superseded(),
          channel.suppressed(),
          channel.cancelled(),
          channel.waiting());
    }
    out.println();
    printVerdict(report, out);
  }

  private static void printVerdict(AuditReport report, PrintWriter out) {
    if (report.addsUp()) {
      out.println(
          "It adds up: received = duplicate + processed + parked + waiting;"
              + " planned = sent + dead + superseded + suppressed + cancelled + waiting.");
      return;
    }
    out.println("It does not add up:");
    report.problems().forEach(problem -> out.println("  " + problem));
    out.println("Keep a copy of the store as it is, and compare it with the last backup.");
  }
}
