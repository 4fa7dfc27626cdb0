package io.appointmentrelay.outbox;

import io.appointmentrelay.appointment.Delivery;
import io.appointmentrelay.appointment.Pace;
import io.appointmentrelay.appointment.Purpose;
import io.appointmentrelay.appointment.ReachLimits;
import io.appointmentrelay.messaging.Address;
import io.appointmentrelay.messaging.Remembered;
import io.appointmentrelay.settings.Settings.Restraint;
import io.appointmentrelay.store.BrakeStore;
import io.appointmentrelay.store.RecipientStore;
import io.appointmentrelay.store.Store;
import java.time.LocalDate;
import java.util.Optional;

/** What the store remembers of people and of what was sent, by the settings in force. */
public final class RememberedRecipients implements Remembered {

  private final RecipientStore recipients;
  private final BrakeStore brake;
  private final boolean hasBrake;
  private final ReachLimits limits;

  public RememberedRecipients(Store store, Restraint restraint) {
    this.recipients = store.recipients();
    this.brake = store.brake();
    this.hasBrake = Pace.parse(restraint.brake()).isPresent();
    this.limits = ReachLimits.parse(restraint.limit());
  }

  @Override
  public boolean isBraked(Delivery delivery) {
    return hasBrake && brake.holds(delivery);
  }

  @Override
  public boolean isOptedOut(String recipient, Purpose purpose) {
    return recipients.isOptedOut(Address.key(recipient), purpose);
  }

  @Override
  public Optional<ReachLimits.Each> exceeded(String recipient, LocalDate day, long delivery) {
    return recipients.exceeded(Address.key(recipient), day, limits, delivery);
  }
}
