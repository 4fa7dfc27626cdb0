package io.appointmentrelay.console;

import io.appointmentrelay.store.BrakeStore;
import java.time.Clock;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** The brake as an operator sees and releases it. Waits for the store. */
public final class BrakeLever {

  private final BrakeStore store;
  private final String setting;
  private final Clock clock;

  /**
   * @param setting {@code relay.messaging.brake} as it is in force
   */
  public BrakeLever(BrakeStore store, String setting, Clock clock) {
    this.store = store;
    this.setting = setting;
    this.clock = clock;
  }

  /**
   * How it is.
   *
   * @param brake the setting in force
   * @param since absent: it does not hold
   * @param held how many messages wait for its release
   */
  record View(String brake, boolean pulled, @Nullable Instant since, long held) {}

  View view() {
    BrakeStore.Status status = store.status();
    return new View(setting, status.isPulled(), status.pulled(), status.held());
  }

  View release() {
    if (!store.release(clock.instant()).join()) {
      throw Refusal.conflict(
          "Only a brake that holds is released; this one does not. Nothing was changed; look at it again.");
    }
    return view();
  }
}
