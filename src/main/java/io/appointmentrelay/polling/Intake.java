package io.appointmentrelay.polling;

import io.appointmentrelay.settings.Settings.Source;
import java.util.concurrent.CompletableFuture;

/** Where what was found goes: the inbox. */
public interface Intake {

  /** Keeps a notification of a source; completes when it is durable. */
  CompletableFuture<?> takeIn(Source source, byte[] notification);
}
