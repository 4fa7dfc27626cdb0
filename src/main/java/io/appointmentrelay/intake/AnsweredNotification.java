package io.appointmentrelay.intake;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.appointmentrelay.appointment.AnswerNotice;
import io.appointmentrelay.appointment.Writeback;
import io.appointmentrelay.intake.json.Json;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What somebody answered to an appointment, as a notification of our own. No sender can send one:
 * it is told by its source, which has no door.
 */
public final class AnsweredNotification implements NotificationReader {

  /** The source that such notifications are kept for, and its kind. */
  public static final String SOURCE = "answered";

  private static final String ANSWER = "answer";
  private static final String GROUP = "group";
  private static final String IDENTIFIER = "identifier";
  private static final String VERSION = "version";

  /**
   * Writes one.
   *
   * @param version the version that was answered; absent: the one known when it is taken up
   */
  public static byte[] of(
      Writeback answer, String group, String identifier, @Nullable Integer version) {
    ObjectNode body = JsonNodeFactory.instance.objectNode();
    body.put(ANSWER, answer.word()).put(GROUP, group).put(IDENTIFIER, identifier);
    if (version != null) {
      body.put(VERSION, version);
    }
    return body.toString().getBytes(StandardCharsets.UTF_8);
  }

  @Override
  public List<Part> glance(byte[] body) {
    JsonNode answer = Json.object(body);
    return answer == null || !isWhole(answer)
        ? List.of(Part.UNREADABLE)
        : List.of(
            new Part(answer.path(ANSWER).textValue(), answer.path(IDENTIFIER).textValue(), null));
  }

  @Override
  public AnswerNotice read(byte[] body, int part, ReadingContext context)
      throws UnreadableNotification {
    JsonNode answer = Json.object(body);
    if (answer == null || !isWhole(answer)) {
      throw new UnreadableNotification(
          "An answer names itself and its appointment",
          "this one does not",
          "It is parked; answer again.");
    }
    return new AnswerNotice(
        answer.path(ANSWER).textValue(),
        answer.path(GROUP).textValue(),
        answer.path(IDENTIFIER).textValue(),
        Json.integer(answer.path(VERSION)));
  }

  private static boolean isWhole(JsonNode answer) {
    return Writeback.of(answer.path(ANSWER).asText()).isPresent()
        && answer.path(GROUP).isTextual()
        && answer.path(IDENTIFIER).isTextual();
  }
}
