package io.appointmentrelay.store;

import java.util.ArrayDeque;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * What waits for the writer, in lines. A sender never waits for a heap of other work, and what is
 * on its way out never for a heap of what has just come in: beside others, and where others may
 * come while it is written, a line is served in small portions only.
 */
final class UnitQueue<W> {

  /** Who goes first. */
  enum Line {
    /** Senders wait for their answer. */
    SENDERS(1_000, 1_000),
    /** What was begun is brought to its end. */
    USUAL(1_000, 100),
    /** The ends of runs: each begins something. */
    RUNS(50, 50);

    private final int alone;
    private final int besideOthers;

    Line(int alone, int besideOthers) {
      this.alone = alone;
      this.besideOthers = besideOthers;
    }
  }

  private static final int WAITING_AT_MOST = 20_000;

  private final Map<Line, ArrayDeque<W>> lines = new EnumMap<>(Line.class);

  UnitQueue() {
    for (Line line : Line.values()) {
      lines.put(line, new ArrayDeque<>());
    }
  }

  /** Takes a unit in; false if its line is full. */
  synchronized boolean offer(W unit, Line line) {
    ArrayDeque<W> units = Objects.requireNonNull(lines.get(line));
    if (units.size() >= WAITING_AT_MOST) {
      return false;
    }
    units.add(unit);
    notifyAll();
    return true;
  }

  /** Takes a unit out again; false if it is not there any more. */
  synchronized boolean remove(W unit) {
    return lines.values().stream().anyMatch(units -> units.remove(unit));
  }

  /** Moves what is to be written together into {@code batch}; nothing if nothing comes in time. */
  synchronized void drainTo(List<W> batch, long withinMillis) throws InterruptedException {
    long deadline = System.nanoTime() + withinMillis * 1_000_000;
    while (size() == 0) {
      long left = (deadline - System.nanoTime()) / 1_000_000;
      if (left <= 0) {
        return;
      }
      wait(left);
    }
    for (Map.Entry<Line, ArrayDeque<W>> line : lines.entrySet()) {
      Line its = line.getKey();
      move(line.getValue(), batch, batch.isEmpty() ? its.alone : its.besideOthers);
    }
  }

  private static <W> void move(ArrayDeque<W> units, List<W> batch, int atMost) {
    for (int i = 0; i < atMost && !units.isEmpty(); i++) {
      batch.add(units.remove());
    }
  }

  synchronized int size() {
    return lines.values().stream().mapToInt(ArrayDeque::size).sum();
  }
}
