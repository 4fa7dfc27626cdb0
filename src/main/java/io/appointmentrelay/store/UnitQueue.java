package io.appointmentrelay.store;

import java.util.ArrayDeque;
import java.util.List;

/**
 * What waits for the writer, in two lines: senders who wait for their answer go first, and while
 * any of them waits the other line is served in small portions only, so that a sender never waits
 * for a heap of other work.
 */
final class UnitQueue<W> {

  private static final int WAITING_AT_MOST = 20_000;
  private static final int TOGETHER_AT_MOST = 1_000;
  private static final int BESIDE_SENDERS_AT_MOST = 100;

  private final ArrayDeque<W> first = new ArrayDeque<>();
  private final ArrayDeque<W> others = new ArrayDeque<>();

  /** Takes a unit in; false if its line is full. */
  synchronized boolean offer(W unit, boolean goesFirst) {
    ArrayDeque<W> line = goesFirst ? first : others;
    if (line.size() >= WAITING_AT_MOST) {
      return false;
    }
    line.add(unit);
    notifyAll();
    return true;
  }

  /** Takes a unit out again; false if it is not there any more. */
  synchronized boolean remove(W unit) {
    return first.remove(unit) || others.remove(unit);
  }

  /** Moves what is to be written together into {@code batch}; nothing if nothing comes in time. */
  synchronized void drainTo(List<W> batch, long withinMillis) throws InterruptedException {
    long deadline = System.nanoTime() + withinMillis * 1_000_000;
    while (first.isEmpty() && others.isEmpty()) {
      long left = (deadline - System.nanoTime()) / 1_000_000;
      if (left <= 0) {
        return;
      }
      wait(left);
    }
    move(first, batch, TOGETHER_AT_MOST);
    move(others, batch, batch.isEmpty() ? TOGETHER_AT_MOST : BESIDE_SENDERS_AT_MOST);
  }

  private static <W> void move(ArrayDeque<W> line, List<W> batch, int atMost) {
    for (int i = 0; i < atMost && !line.isEmpty(); i++) {
      batch.add(line.remove());
    }
  }

  synchronized int size() {
    return first.size() + others.size();
  }
}
