package io.appointmentrelay.outbox;

import io.appointmentrelay.appointment.Purpose;
import io.appointmentrelay.appointment.ReachLimits;
import io.appointmentrelay.messaging.Address;
import io.appointmentrelay.messaging.Remembered;
import io.appointmentrelay.store.RecipientStore;
import java.time.LocalDate;
import java.util.Optional;

/** What the store remembers of people, by the limits in force. */
public final class RememberedRecipients implements Remembered {

  private final RecipientStore store;
  private final ReachLimits limits;

  public RememberedRecipients(RecipientStore store, ReachLimits limits) {
    this.store = store;
    this.limits = limits;
  }

  @Override
  public boolean isOptedOut(String recipient, Purpose purpose) {
    return store.isOptedOut(Address.key(recipient), purpose);
  }

  @Override
  public Optional<ReachLimits.Each> exceeded(String recipient, LocalDate day, long delivery) {
    return store.exceeded(Address.key(recipient), day, limits, delivery);
  }
}
