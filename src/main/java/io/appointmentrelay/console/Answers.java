package io.appointmentrelay.console;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import io.appointmentrelay.appointment.OtherEndUnavailable;
import io.appointmentrelay.appointment.UnusableAnswer;
import io.appointmentrelay.fhir.FhirRefusal;
import io.appointmentrelay.store.StoreUnavailable;
import io.appointmentrelay.store.WrongCursor;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes answers as JSON; a failure becomes its status and a sentence. Logs nothing of a request.
 */
final class Answers {

  private static final Logger LOG = LoggerFactory.getLogger(Answers.class);

  private static final JsonMapper MAPPER =
      JsonMapper.builder()
          .addModule(new JavaTimeModule())
          .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
          .build();

  private Answers() {}

  /** A value, or 404 for an empty one. */
  static void found(RoutingContext context, Object value) {
    if (!(value instanceof Optional<?> optional)) {
      json(context, 200, value);
    } else if (optional.isPresent()) {
      json(context, 200, optional.get());
    } else {
      error(
          context,
          404,
          "Expected something that is known; found nothing of that name. Take it from the list.");
    }
  }

  static void json(RoutingContext context, int status, Object value) {
    bytes(context, status, "application/json", written(value));
  }

  static void bytes(RoutingContext context, int status, String type, Buffer body) {
    HttpServerResponse response = context.response();
    if (!response.ended() && !response.closed()) {
      response.setStatusCode(status).putHeader("Content-Type", type).end(body);
    }
  }

  static void error(RoutingContext context, int status, String sentence) {
    if (FhirPages.isIn(context.request().path())) {
      outcome(context, status, code(status), sentence);
    } else {
      json(context, status, Map.of("error", sentence));
    }
  }

  /** Who asks in FHIR is refused in FHIR. */
  private static void outcome(RoutingContext context, int status, String code, String sentence) {
    Map<String, String> issue = Map.of("severity", "error", "code", code, "diagnostics", sentence);
    bytes(
        context,
        status,
        "application/fhir+json; charset=utf-8",
        written(Map.of("resourceType", "OperationOutcome", "issue", List.of(issue))));
  }

  private static String code(int status) {
    return switch (status) {
      case 401 -> "login";
      case 403 -> "forbidden";
      case 404 -> "not-found";
      case 405, 415 -> "not-supported";
      case 413 -> "too-long";
      case 429 -> "throttled";
      case 500 -> "exception";
      case 503 -> "transient";
      default -> "invalid";
    };
  }

  /** What a failure means for who asked. */
  static void failure(RoutingContext context, Throwable failure) {
    Throwable cause = unwrapped(failure);
    if (cause instanceof FhirRefusal refusal) {
      outcome(context, refusal.status(), refusal.code(), refusal.sentence());
    } else if (cause instanceof Refusal refusal) {
      error(context, refusal.status(), refusal.sentence());
    } else if (cause instanceof WrongCursor wrong) {
      error(context, 400, String.valueOf(wrong.getMessage()));
    } else if (cause instanceof UnusableAnswer unusable) {
      error(context, 502, String.valueOf(unusable.getMessage()) + ".");
    } else if (cause instanceof OtherEndUnavailable unavailable) {
      context.response().putHeader("Retry-After", "30");
      error(context, 503, String.valueOf(unavailable.getMessage()) + ".");
    } else if (cause instanceof StoreUnavailable) {
      context.response().putHeader("Retry-After", "2");
      error(
          context,
          503,
          "Expected an answer of the store; found it unable to give one now. Look again in a moment, before you repeat a change.");
    } else {
      LOG.error("An address of the console failed at {}", where(cause));
      error(context, 500, "The console failed, which is a fault of its own; see the log.");
    }
  }

  private static Throwable unwrapped(Throwable failure) {
    Throwable cause = failure.getCause();
    return failure instanceof CompletionException && cause != null ? cause : failure;
  }

  /** A failure's message may quote what it failed on; its type and place do not. */
  private static String where(Throwable failure) {
    StackTraceElement[] trace = failure.getStackTrace();
    return failure.getClass().getName() + (trace.length == 0 ? "" : " in " + trace[0]);
  }

  private static Buffer written(Object value) {
    try {
      return Buffer.buffer(MAPPER.writeValueAsBytes(value));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("A " + value.getClass().getSimpleName() + " is always JSON");
    }
  }
}
