package io.appointmentrelay.console;

import io.appointmentrelay.appointment.Purpose;
import io.appointmentrelay.messaging.Address;
import io.appointmentrelay.messaging.Masked;
import io.appointmentrelay.store.Page;
import io.appointmentrelay.store.PageRequest;
import io.appointmentrelay.store.RecipientStore;
import io.appointmentrelay.store.RecipientStore.OptOut;
import java.time.Clock;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The list of those who do not want to be written to. Waits for the store. */
final class OptOuts {

  /** How many entries are gone. */
  record Removed(int removed) {}

  private static final Set<String> FIELDS = Set.of("recipient", "purpose");

  private final RecipientStore store;
  private final String region;
  private final Clock clock;

  OptOuts(RecipientStore store, String region, Clock clock) {
    this.store = store;
    this.region = region;
    this.clock = clock;
  }

  Page<OptOut> list(PageRequest page) {
    return store.optOuts(page);
  }

  OptOut add(Parameters asked) {
    Map<String, String> fields = asked.fields(FIELDS);
    String recipient = recipient(fields);
    Purpose purpose = purpose(fields);
    return store
        .optOut(
            Address.key(recipient),
            Masked.of(recipient),
            purpose == null ? Purpose.ALL : purpose,
            clock.instant())
        .join();
  }

  Removed remove(Parameters asked) {
    Map<String, String> fields = asked.fields(FIELDS);
    int removed = store.optIn(Address.key(recipient(fields)), purpose(fields)).join();
    if (removed == 0) {
      throw Refusal.notFound(
          "Expected a recipient and purpose that are on the list; found none. Look at /api/opt-outs.");
    }
    return new Removed(removed);
  }

  private String recipient(Map<String, String> fields) {
    return Address.read(fields.getOrDefault("recipient", ""), region)
        .orElseThrow(
            () ->
                Refusal.wrong(
                    "recipient expects an e-mail address or a telephone number that can be texted;"
                        + " found something else. Nothing was changed; correct it."));
  }

  private static @Nullable Purpose purpose(Map<String, String> fields) {
    String word = fields.get("purpose");
    return word == null
        ? null
        : Purpose.of(word)
            .orElseThrow(
                () ->
                    Refusal.wrong(
                        "purpose expects one of "
                            + String.join(", ", Purpose.words())
                            + "; found something else. Nothing was changed; correct it."));
  }
}
