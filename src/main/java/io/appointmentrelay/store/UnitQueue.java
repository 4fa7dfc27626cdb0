package io.appointmentrelay.store;

import java.util.ArrayDeque;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * What waits for the writer, in lines. A sender never waits for a heap of other work, not even for
 * one that is just being written: it joins it, and brings it to its commit. What is on its way out
 * never waits for a heap of what has just come in.
 */
final class UnitQueue<W> {

  /** Who goes first, and how many of them in one transaction. */
  enum Line {
    /** Senders wait for their answer. */
    SENDERS(1_000),
    /** What was begun is brought to its end. */
    USUAL(1_000),
    /** The ends of runs: each begins something. */
    RUNS(50);

    private final int atMost;

    Line(int atMost) {
      this.atMost = atMost;
    }
  }

  private static final int WAITING_AT_MOST = 20_000;

  /**
   * So long others are still taken into a transaction that senders wait for; one of each line
   * always.
   */
  private static final long BESIDE_SENDERS_NANOS = TimeUnit.MILLISECONDS.toNanos(2);

  private final Map<Line, ArrayDeque<W>> lines = new EnumMap<>(Line.class);
  private final LongSupplier nanoTime;
  private boolean closed;

  UnitQueue() {
    this(System::nanoTime);
  }

  UnitQueue(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
    for (Line line : Line.values()) {
      lines.put(line, new ArrayDeque<>());
    }
  }

  /** Takes a unit in; false if its line is full, or closed. */
  synchronized boolean offer(W unit, Line line) {
    ArrayDeque<W> units = waiting(line);
    if (closed || units.size() >= WAITING_AT_MOST) {
      return false;
    }
    units.add(unit);
    notifyAll();
    return true;
  }

  /** Nothing comes any more: who waits for something need not. */
  synchronized void close() {
    closed = true;
    notifyAll();
  }

  /** Waits for something to be written together; null once closed and empty. */
  synchronized @Nullable Portion await() throws InterruptedException {
    while (size() == 0 && !closed) {
      wait();
    }
    return size() == 0 ? null : new Portion();
  }

  synchronized int size() {
    return lines.values().stream().mapToInt(ArrayDeque::size).sum();
  }

  private ArrayDeque<W> waiting(Line line) {
    return Objects.requireNonNull(lines.get(line));
  }

  /**
   * What is written together: what waited when it was begun, and senders that come while it is
   * written. For the writer's thread.
   */
  final class Portion {
    private final Map<Line, Integer> room = new EnumMap<>(Line.class);
    private final Set<Line> served = EnumSet.noneOf(Line.class);
    private long besideSenders;
    private long otherSince;
    private boolean otherRuns;

    private Portion() {
      for (Line line : Line.values()) {
        int waits = line == Line.SENDERS ? line.atMost : waiting(line).size();
        room.put(line, Math.min(line.atMost, waits));
      }
    }

    /** The next one, once the one before it has run; null: it is time to commit. */
    @Nullable W next() {
      synchronized (UnitQueue.this) {
        if (otherRuns && served.contains(Line.SENDERS)) {
          besideSenders += nanoTime.getAsLong() - otherSince;
        }
        otherRuns = false;
        for (Line line : Line.values()) {
          W unit = mayTake(line) ? waiting(line).poll() : null;
          if (unit != null) {
            took(line);
            return unit;
          }
        }
        return null;
      }
    }

    private boolean mayTake(Line line) {
      boolean isTime =
          line == Line.SENDERS
              || !served.contains(Line.SENDERS)
              || !served.contains(line)
              || besideSenders < BESIDE_SENDERS_NANOS;
      return isTime && room.getOrDefault(line, 0) > 0;
    }

    private void took(Line line) {
      room.merge(line, -1, Integer::sum);
      served.add(line);
      if (line != Line.SENDERS) {
        otherRuns = true;
        otherSince = nanoTime.getAsLong();
      }
    }
  }
}
