package io.appointmentrelay.outbox;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;

/**
 * Picks from a list of Twilio's Messages resource the ids of those that a {@link SentQuestion},
 * kept as the exchange property {@value #QUESTION}, is about; whatever became of them later.
 * Refuses what is no such list.
 */
public final class TwilioMessages implements Processor {

  static final String QUESTION = "question";

  @Override
  public void process(Exchange exchange) {
    SentQuestion question = exchange.getProperty(QUESTION, SentQuestion.class);
    Map<?, ?> answer = exchange.getMessage().getBody(Map.class);
    if (question == null || answer == null || !(answer.get("messages") instanceof List<?> list)) {
      throw new IllegalStateException(
          "A gateway that is asked for its messages answers with a list of them; it did not. It is asked again later.");
    }
    List<String> ids = new ArrayList<>();
    for (Object one : list) {
      if (one instanceof Map<?, ?> message && isAbout(question, message)) {
        ids.add(String.valueOf(message.get("sid")));
      }
    }
    exchange.getMessage().setBody(ids);
  }

  private static boolean isAbout(SentQuestion question, Map<?, ?> message) {
    return message.get("sid") != null
        && message.get("to") instanceof String to
        && message.get("body") instanceof String body
        && question.isAbout(to, body);
  }
}
