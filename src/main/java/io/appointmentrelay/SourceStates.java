package io.appointmentrelay;

import io.appointmentrelay.console.SourceState;
import io.appointmentrelay.settings.Settings.Source;
import io.appointmentrelay.store.SilenceStore.Silence;
import io.appointmentrelay.store.Store;
import io.appointmentrelay.store.SubscriptionStore.Gap;
import java.util.Collection;
import java.util.List;
import java.util.function.Supplier;

/** Looks in the store how the configured sources are. */
final class SourceStates implements Supplier<List<SourceState>> {

  private final Collection<Source> sources;
  private final Store store;

  SourceStates(Collection<Source> sources, Store store) {
    this.sources = sources;
    this.store = store;
  }

  @Override
  public List<SourceState> get() {
    List<Silence> lasting = store.silences().lasting();
    List<Gap> gaps = store.subscriptions().openGaps();
    return sources.stream()
        .sorted(java.util.Comparator.comparing(Source::name))
        .map(source -> state(source, lasting, gaps))
        .toList();
  }

  private SourceState state(Source source, List<Silence> lasting, List<Gap> gaps) {
    return new SourceState(
        source.name(),
        source.kind(),
        source.group(),
        store.silences().lastHeard(source.name()).orElse(null),
        source.watch().silence(),
        lasting.stream()
            .filter(one -> one.source().equals(source.name()))
            .map(Silence::since)
            .findFirst()
            .orElse(null),
        gaps.stream().filter(gap -> gap.source().equals(source.name())).count(),
        source.fhir() != null,
        source.query() != null,
        source.writeback().stream().sorted().toList());
  }
}
