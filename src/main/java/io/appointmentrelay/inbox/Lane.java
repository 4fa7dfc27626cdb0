package io.appointmentrelay.inbox;

import io.appointmentrelay.store.WaitingPart;
import java.util.Comparator;
import java.util.HashSet;
import java.util.Set;
import java.util.TreeSet;

/**
 * The waiting parts of one ordering key, or of several where one appointment takes the place of
 * another, in the order of their arrival; the first runs, the others wait for it.
 */
final class Lane {

  private final TreeSet<WaitingPart> parts =
      new TreeSet<>(Comparator.comparing(WaitingPart::position));
  private final Set<String> keys = new HashSet<>(2);
  private boolean busy;

  void serves(String key) {
    keys.add(key);
  }

  Set<String> keys() {
    return keys;
  }

  boolean add(WaitingPart part) {
    return parts.add(part);
  }

  WaitingPart head() {
    return parts.first();
  }

  void removeHead(WaitingPart part) {
    parts.remove(part);
  }

  void replace(WaitingPart part) {
    parts.remove(part);
    parts.add(part);
  }

  boolean isEmpty() {
    return parts.isEmpty();
  }

  boolean isBusy() {
    return busy;
  }

  void busy(boolean nowBusy) {
    busy = nowBusy;
  }
}
