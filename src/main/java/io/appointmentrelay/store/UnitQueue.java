package io.appointmentrelay.store;

import java.util.ArrayDeque;
import java.util.ArrayList;
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
  private boolean closed;

  UnitQueue() {
    for (Line line : Line.values()) {
      lines.put(line, new ArrayDeque<>());
    }
  }

  /** Takes a unit in; false if its line is full, or closed. */
  synchronized boolean offer(W unit, Line line) {
    ArrayDeque<W> units = Objects.requireNonNull(lines.get(line));
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

  /** Waits for something, and takes out what is to be written together; nothing once closed. */
  synchronized List<W> take() throws InterruptedException {
    while (size() == 0 && !closed) {
      wait();
    }
    List<W> batch = new ArrayList<>();
    for (Map.Entry<Line, ArrayDeque<W>> line : lines.entrySet()) {
      Line its = line.getKey();
      move(line.getValue(), batch, batch.isEmpty() ? its.alone : its.besideOthers);
    }
    return batch;
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
