package io.appointmentrelay.reply;

import io.appointmentrelay.appointment.OptOutChoice;
import io.appointmentrelay.appointment.ReplyNotice;
import io.appointmentrelay.appointment.Run;
import io.appointmentrelay.messaging.Masked;
import java.util.Objects;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;

/**
 * A step in {@code routes/reply}: who wrote STOP is put on the list of those who are not written
 * to, or after START taken off it, in the commit of the run.
 */
public final class ChooseToBeTexted implements Processor {

  private final boolean out;
  private final String region;

  /**
   * @param out whether they want no more messages
   */
  public ChooseToBeTexted(boolean out, String region) {
    this.out = out;
    this.region = region;
  }

  @Override
  public void process(Exchange exchange) {
    ReplyNotice notice = exchange.getMessage().getBody(ReplyNotice.class);
    Run run = exchange.getProperty(Run.PROPERTY, Run.class);
    String number = Objects.requireNonNullElse(notice.from(), "");
    String key = UnderstandReply.key(number, region);
    run.plan().add(new OptOutChoice(key, Masked.of(key), out));
    run.plan()
        .note(
            out
                ? "Asked for no more text messages; the opt-out list says so."
                : "Asked for text messages again; the opt-out list has no such entry any more.");
  }
}
