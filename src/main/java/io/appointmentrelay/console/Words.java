package io.appointmentrelay.console;

import io.appointmentrelay.appointment.DeliveryStatus;
import io.appointmentrelay.sandbox.SandboxMessage;
import java.util.List;
import java.util.stream.Stream;

/** The closed lists that filters choose from. */
final class Words {

  static final List<String> NOTIFICATION_STATUSES =
      List.of("received", "processed", "duplicate", "parked");

  static final List<String> DELIVERY_STATUSES =
      Stream.of(DeliveryStatus.values()).map(DeliveryStatus::word).toList();

  static final List<String> SANDBOX_CHANNELS =
      List.of(SandboxMessage.EMAIL, SandboxMessage.SMS, SandboxMessage.WEBHOOK);

  static final List<String> YES_OR_NO = List.of("true", "false");

  private Words() {}
}
