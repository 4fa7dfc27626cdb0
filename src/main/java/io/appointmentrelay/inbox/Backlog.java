package io.appointmentrelay.inbox;

import io.appointmentrelay.store.InboxStore;
import io.appointmentrelay.store.Position;
import io.appointmentrelay.store.WaitingPart;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The waiting parts that are in memory, by lane. It holds so many and no more: what comes while it
 * is full stays in the store and is fetched from there, in order, when there is room again. Every
 * method is atomic.
 */
final class Backlog {

  private static final int PARTS_AT_MOST = 20_000;
  private static final long BODIES_AT_MOST = 64L << 20;

  private final InboxStore store;
  private final Map<String, Lane> lanes = new HashMap<>();
  private final Map<Position, Integer> held = new HashMap<>();
  private long heldBytes;

  /** Some waiting parts are in the store alone. */
  private boolean spilled;

  /** What was offered while a fetch is under way: it is younger than what the fetch brings. */
  private @Nullable List<WaitingPart> offeredMeanwhile;

  /** Something else may be in the store that the fetch under way has missed. */
  private boolean againBehindFetch;

  Backlog(InboxStore store) {
    this.store = store;
  }

  /** Takes parts in; returns the keys of lanes that can start. */
  synchronized List<String> offer(List<WaitingPart> parts) {
    if (offeredMeanwhile != null) {
      offeredMeanwhile.addAll(parts);
      return List.of();
    }
    List<String> ready = new ArrayList<>(parts.size());
    for (WaitingPart part : parts) {
      if (spilled || held.size() >= PARTS_AT_MOST) {
        spilled = true;
      } else {
        add(part, ready);
      }
    }
    return ready;
  }

  /** Takes a part in that is older than those that wait, whether there is room or not. */
  synchronized List<String> offerReplayed(WaitingPart part) {
    List<String> ready = new ArrayList<>(1);
    add(part, ready);
    return ready;
  }

  private void add(WaitingPart part, List<String> ready) {
    if (held.containsKey(part.position())) {
      return;
    }
    int bytes = part.body() == null ? 0 : part.body().length;
    WaitingPart kept = part;
    if (heldBytes + bytes > BODIES_AT_MOST) {
      kept = withoutBody(part);
      bytes = 0;
    }
    held.put(part.position(), bytes);
    heldBytes += bytes;
    Lane lane = laneOf(part);
    lane.add(kept);
    if (!lane.isBusy()) {
      ready.add(part.orderingKey());
    }
  }

  /** What replaces another appointment shares its lane for as long as anything waits there. */
  private Lane laneOf(WaitingPart part) {
    Lane lane = lanes.get(part.orderingKey());
    if (lane == null && part.behind() != null) {
      lane = lanes.get(part.behind());
    }
    if (lane == null) {
      lane = new Lane();
    }
    lane.serves(part.orderingKey());
    lanes.put(part.orderingKey(), lane);
    return lane;
  }

  private static WaitingPart withoutBody(WaitingPart part) {
    return new WaitingPart(
        part.position(),
        part.source(),
        part.orderingKey(),
        part.behind(),
        part.receivedAt(),
        part.attempts(),
        part.failures(),
        part.due(),
        null);
  }

  /** The first part of a lane, now busy with it; null if the lane is busy or empty. */
  synchronized @Nullable WaitingPart start(String key) {
    Lane lane = lanes.get(key);
    if (lane == null || lane.isBusy() || lane.isEmpty()) {
      return null;
    }
    lane.busy(true);
    return lane.head();
  }

  /** The part is settled; true if its lane has another one. */
  synchronized boolean settled(WaitingPart part) {
    Integer bytes = held.remove(part.position());
    heldBytes -= bytes == null ? 0 : bytes;
    Lane lane = lanes.get(part.orderingKey());
    if (lane == null) {
      return false;
    }
    lane.removeHead(part);
    lane.busy(false);
    if (lane.isEmpty()) {
      lane.keys().forEach(lanes::remove);
      return false;
    }
    return true;
  }

  /** The part is to run again later; its lane waits for it. */
  synchronized void again(WaitingPart part) {
    Lane lane = lanes.get(part.orderingKey());
    if (lane != null) {
      lane.replace(part);
      lane.busy(false);
    }
  }

  /**
   * Fetches from the store what did not fit, once half of the room is free; returns keys of lanes
   * that can start.
   */
  List<String> refill() {
    synchronized (this) {
      if (!spilled || offeredMeanwhile != null || held.size() > PARTS_AT_MOST / 2) {
        return List.of();
      }
      offeredMeanwhile = new ArrayList<>();
      againBehindFetch = false;
    }
    List<WaitingPart> fetched = List.of();
    boolean whole = false;
    try {
      fetched = store.waitingAfter(Position.BEFORE_ALL, PARTS_AT_MOST);
      whole = fetched.size() < PARTS_AT_MOST;
    } finally {
      merge(fetched, whole);
    }
    return readyLanes();
  }

  private synchronized void merge(List<WaitingPart> fetched, boolean whole) {
    List<String> ready = new ArrayList<>();
    fetched.forEach(part -> add(part, ready));
    List<WaitingPart> younger = offeredMeanwhile == null ? List.of() : offeredMeanwhile;
    offeredMeanwhile = null;
    spilled = !whole || againBehindFetch;
    if (whole) {
      younger.forEach(part -> add(part, ready));
    }
  }

  private synchronized List<String> readyLanes() {
    return lanes.entrySet().stream()
        .filter(lane -> !lane.getValue().isBusy())
        .map(Map.Entry::getKey)
        .toList();
  }

  /** Marks the store as the place where waiting parts are: the next refill brings them. */
  synchronized void startFromStore() {
    spilled = true;
    againBehindFetch = true;
  }

  synchronized int size() {
    return held.size();
  }
}
