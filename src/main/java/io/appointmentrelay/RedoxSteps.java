package io.appointmentrelay;

import com.fasterxml.jackson.databind.JsonNode;
import io.appointmentrelay.appointment.EhrAnswer;
import io.appointmentrelay.appointment.EhrQuestion;
import io.appointmentrelay.appointment.UnusableAnswer;
import io.appointmentrelay.intake.json.Json;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.function.Function;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.spi.Registry;
import org.jspecify.annotations.Nullable;

/**
 * The steps of routes/query: the body is a question, and becomes the answer. A question is an
 * {@link EhrQuestion}, or JSON with {@code source} and perhaps {@code from}, {@code to}, {@code
 * provider}, {@code location} and {@code patient}; times are ISO 8601, or a duration from now such
 * as {@code P14D}.
 */
final class RedoxSteps {

  private static final Duration USUAL = Duration.ofDays(14);

  private final Clock clock;

  RedoxSteps(Clock clock) {
    this.clock = clock;
  }

  void bind(RedoxQueries queries, Registry registry) {
    registry.bind("askRedoxForSlots", step(queries::slots));
    registry.bind("askRedoxForVisits", step(queries::booked));
    registry.bind("pushSlotsToRedox", step(queries::push));
  }

  private Processor step(Function<EhrQuestion, EhrAnswer> ask) {
    return exchange -> exchange.getMessage().setBody(ask.apply(question(exchange)));
  }

  private EhrQuestion question(Exchange exchange) {
    Object body = exchange.getMessage().getBody();
    if (body instanceof EhrQuestion question) {
      return question;
    }
    String text = exchange.getMessage().getBody(String.class);
    JsonNode json = text == null ? null : Json.object(text.getBytes(StandardCharsets.UTF_8));
    String source = json == null ? null : Json.text(json, "source");
    if (json == null || source == null) {
      throw new UnusableAnswer(
          "The body is expected to be a question as JSON, such as {\"source\":\"redox-scheduling\",\"to\":\"P14D\"};"
              + " found something else. Set it before the step");
    }
    Instant from = time(Json.text(json, "from"), clock.instant());
    return new EhrQuestion(
        source,
        from,
        time(Json.text(json, "to"), from.plus(USUAL)),
        Json.text(json, "provider"),
        Json.text(json, "location"),
        Json.text(json, "patient"));
  }

  private Instant time(@Nullable String said, Instant unsaid) {
    if (said == null) {
      return unsaid;
    }
    try {
      return said.startsWith("P") || said.startsWith("-P")
          ? clock.instant().plus(Duration.parse(said))
          : OffsetDateTime.parse(said).toInstant();
    } catch (DateTimeException | ArithmeticException e) {
      throw new UnusableAnswer(
          "A question's times are expected in ISO 8601 with an offset, or as a duration from now such as P14D;"
              + " found something else. Correct it");
    }
  }
}
