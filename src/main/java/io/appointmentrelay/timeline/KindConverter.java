package io.appointmentrelay.timeline;

import io.appointmentrelay.appointment.EventKind;
import java.util.Locale;
import org.apache.camel.Exchange;
import org.apache.camel.support.SimpleTypeConverter;

/**
 * Reads what a route compares a kind of event with, as Camel does by itself: {@code 'NO_SHOW'} or
 * {@code 'no-show'}. Without it Camel asks all its converters at each comparison whether one of
 * them knows the kind, an eighth of all work from the inbox to a webhook.
 */
final class KindConverter extends SimpleTypeConverter {

  KindConverter() {
    super(false, KindConverter::kind);
  }

  private static Object kind(Class<?> type, Exchange exchange, Object value) {
    return EventKind.valueOf(value.toString().trim().replace('-', '_').toUpperCase(Locale.ROOT));
  }
}
