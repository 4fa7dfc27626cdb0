package io.appointmentrelay;

import io.appointmentrelay.enrichment.Findings;
import io.appointmentrelay.inbox.Reception;
import io.appointmentrelay.settings.Settings.Source;
import io.appointmentrelay.store.SubscriptionStore;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** What searches find goes into the inbox, and how far they have come into the store. */
final class FoundNotifications implements Findings {

  private final Map<String, Source> sources;
  private final Reception reception;
  private final SubscriptionStore store;

  FoundNotifications(Map<String, Source> sources, Reception reception, SubscriptionStore store) {
    this.sources = sources;
    this.reception = reception;
    this.store = store;
  }

  @Override
  public Optional<Instant> searchedUntil(String source) {
    return store.searchedUntil(source);
  }

  @Override
  public void searchedUntil(String source, Instant until) {
    store.searchedUntil(source, until).join();
  }

  @Override
  public void takeIn(String source, byte[] notification) {
    reception.accept(Objects.requireNonNull(sources.get(source)), notification).join();
  }
}
