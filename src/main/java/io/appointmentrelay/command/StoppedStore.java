package io.appointmentrelay.command;

import io.appointmentrelay.store.Store;
import io.appointmentrelay.store.StoreAddress;
import io.appointmentrelay.store.StoreUnavailable;
import java.nio.file.Path;
import java.time.Clock;

/** The store of a relay that does not run. */
final class StoppedStore {

  private StoppedStore() {}

  /**
   * Opens it for a change.
   *
   * @throws StoreUnavailable if there is none, or if a relay serves from it after all
   */
  static Store open(StoreAddress address, Clock clock) {
    Path file = address.missingFile();
    if (file != null) {
      throw new StoreUnavailable(
          "Expected a running relay, or its store at "
              + file
              + "; found neither. Start the relay once, or correct relay.console.port, relay.data-dir or relay.store.url.");
    }
    return Store.openBeside(address.open(), clock);
  }
}
