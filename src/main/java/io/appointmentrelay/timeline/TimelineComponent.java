package io.appointmentrelay.timeline;

import io.appointmentrelay.appointment.Claim;
import io.appointmentrelay.appointment.EventKind;
import io.appointmentrelay.store.Store;
import java.util.Map;
import org.apache.camel.Endpoint;
import org.apache.camel.support.DefaultComponent;

/**
 * The component {@code timeline:}, to which routes send notices with a claim: {@code
 * timeline:booked}.
 */
public final class TimelineComponent extends DefaultComponent {

  /** The word for slots, which make no claim about an appointment. */
  private static final String SLOTS = "slots";

  /** The word for what somebody answered, which makes no claim about an appointment either. */
  private static final String ANSWERED = "answered";

  /** The word for what a patient says, which is no claim of a source. */
  private static final String REPLY = "reply";

  private final Store store;

  public TimelineComponent(Store store) {
    this.store = store;
  }

  @Override
  protected void doInit() throws Exception {
    super.doInit();
    getCamelContext()
        .getTypeConverterRegistry()
        .addTypeConverter(EventKind.class, String.class, new KindConverter());
  }

  @Override
  protected Endpoint createEndpoint(String uri, String word, Map<String, Object> parameters) {
    if (word.equals(ANSWERED)) {
      return new AnsweredEndpoint(uri, this, store);
    }
    if (word.equals(REPLY)) {
      return new ReplyEndpoint(uri, this, store);
    }
    return word.equals(SLOTS)
        ? new SlotsEndpoint(uri, this)
        : new ClaimEndpoint(uri, this, Claim.of(word), store);
  }
}
