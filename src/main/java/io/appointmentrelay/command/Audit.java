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
import java.util.HexFormat;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Prints the ledger of a running or a stopped store and says whether it adds up. Changes nothing.
 */
public final class Audit {

  private static final int ADDS_UP = 0;
  private static final int DOES_NOT_ADD_UP = 1;
  private static final int NO_STORE = 2;

  /** As below, without a hash to be found again. */
  public int run(StoreAddress address, PrintWriter out) {
    return run(address, null, out);
  }

  /**
   * Opens the store for reading, and prints its ledger.
   *
   * @param head the hash that an earlier audit has printed, to be found again; absent: none
   * @return the exit status: 0, or 1 if it does not add up, or 2 if there is no store to read
   */
  public int run(StoreAddress address, @Nullable String head, PrintWriter out) {
    byte[] hash = head == null ? null : hash(head);
    if (head != null && hash == null) {
      out.println(
          "audit --head is followed by the hash that an earlier audit has printed, 64 hexadecimal digits;"
              + " found something else. Nothing was read.");
      out.flush();
      return NO_STORE;
    }
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
      return run(database, hash, out);
    }
  }

  /**
   * Prints the ledger of an opened store.
   *
   * @param head as above, its bytes
   * @return the exit status: 0, or 1 if it does not add up, or 2 if it cannot be read
   */
  public int run(Database database, byte @Nullable [] head, PrintWriter out) {
    try {
      AuditReport report = new Ledger(database).audit(head);
      print(report, out);
      return report.addsUp() ? ADDS_UP : DOES_NOT_ADD_UP;
    } catch (StoreUnavailable e) {
      out.println(e.getMessage());
      return NO_STORE;
    } finally {
      out.flush();
    }
  }

  private static byte @Nullable [] hash(String head) {
    return head.matches("[0-9a-fA-F]{64}") ? HexFormat.of().parseHex(head) : null;
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
    AuditReport.Accepted chain = report.chain();
    if (chain != null) {
      out.printf(
          Locale.ROOT,
          "Head of the chain of %d messages, to keep elsewhere for audit --head:%n%s%n",
          chain.messages(),
          chain.head());
    }
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
