package io.appointmentrelay.console;

import io.appointmentrelay.store.PageRequest;
import io.appointmentrelay.store.Position;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.Json;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.HttpException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** What a request asks for, read strictly: what cannot be understood is refused, never guessed. */
final class Parameters {

  /** Under what a request keeps who asks. */
  static final String USER = "console-user";

  private static final String NOBODY_ASKED = "loopback";
  private static final int SHOWN_AT_MOST = 60;
  private static final String VERSION = "version";

  private final RoutingContext context;

  Parameters(RoutingContext context) {
    this.context = context;
  }

  /** Who asks: a console user, or whoever is on this machine. */
  String user() {
    String user = context.get(USER);
    return user == null ? NOBODY_ASKED : user;
  }

  /** A piece of the path, decoded. */
  String path(String name) {
    String piece = Objects.requireNonNull(context.pathParam(name), name);
    if (piece.indexOf('\0') >= 0) {
      // No name has it, and PostgreSQL takes no question with it.
      throw Refusal.notFound(
          "Expected something that is known; found a name that nothing has. Take it from the list.");
    }
    return piece;
  }

  /** A parameter of the query; null if absent or empty. */
  @Nullable String text(String name) {
    List<String> values = values(name);
    if (values.size() > 1) {
      throw Refusal.wrong(
          name + "= is expected once; found " + values.size() + " of them. Ask for one at a time.");
    }
    return values.isEmpty() || values.get(0).isBlank() ? null : values.get(0);
  }

  private List<String> values(String name) {
    try {
      return context.queryParam(name);
    } catch (HttpException | IllegalArgumentException e) {
      throw Refusal.wrong(
          "Expected a query whose % signs are each followed by two digits; found another."
              + " Correct it, and ask again.");
    }
  }

  /** Which of these are given, for who must not know more of a search than its kind. */
  List<String> given(List<String> names) {
    return names.stream().filter(name -> text(name) != null).toList();
  }

  /** One of a closed list of words; null if absent. */
  @Nullable String oneOf(String name, List<String> words) {
    String text = text(name);
    if (text != null && !words.contains(text)) {
      throw wrong(name, "one of " + String.join(", ", words), text);
    }
    return text;
  }

  /** Whether it is to be done, and not only looked at. */
  boolean isConfirmed() {
    return "true".equals(oneOf("confirm", Words.YES_OR_NO));
  }

  /** A time with offset, or a day, which begins at midnight UTC; null if absent. */
  @Nullable Instant time(String name) {
    String text = text(name);
    if (text == null) {
      return null;
    }
    try {
      // A plus sign that was not encoded arrives as a space.
      String time = text.replace(' ', '+');
      return time.length() == "2026-03-01".length()
          ? LocalDate.parse(time).atStartOfDay(ZoneOffset.UTC).toInstant()
          : inRange(OffsetDateTime.parse(time));
    } catch (DateTimeException | ArithmeticException e) {
      throw wrong(
          name, "a time such as 2026-03-01T08:00:00-06:00 or a day such as 2026-03-01", text);
    }
  }

  /** Times are kept in milliseconds, which reach less far than a year of nine digits. */
  private static Instant inRange(OffsetDateTime time) {
    return Instant.ofEpochMilli(time.toInstant().toEpochMilli());
  }

  /**
   * The body's fields, all of them texts; a name that is not expected is refused, so that a slip of
   * the pen does not mean something wider.
   */
  Map<String, String> fields(Set<String> expected) {
    Map<String, String> fields = new HashMap<>();
    if (!(body() instanceof JsonObject body) || !expected.containsAll(body.fieldNames())) {
      throw wrongFields(expected);
    }
    for (String name : body.fieldNames()) {
      if (!(body.getValue(name) instanceof String text)) {
        throw wrongFields(expected);
      }
      fields.put(name, text);
    }
    return fields;
  }

  /**
   * The one field that a body may have, <code>{"version": 3}</code>, or the parameter; null if
   * neither is there.
   */
  @Nullable Integer version() {
    String inQuery = text(VERSION);
    String text = context.body().asString();
    boolean hasBody = text != null && !text.isBlank();
    if (!hasBody) {
      return inQuery == null ? null : version(inQuery);
    }
    boolean isUnderstood =
        body() instanceof JsonObject fields && Set.of(VERSION).containsAll(fields.fieldNames());
    if (!isUnderstood) {
      throw wrongVersion();
    }
    Object inBody = ((JsonObject) Objects.requireNonNull(body())).getValue(VERSION);
    if (inBody != null && inQuery != null) {
      throw wrongVersion();
    }
    if (inBody == null) {
      return inQuery == null ? null : version(inQuery);
    }
    return version(inBody.toString());
  }

  private static int version(String text) {
    try {
      return Integer.parseInt(text);
    } catch (NumberFormatException e) {
      throw wrongVersion();
    }
  }

  private static Refusal wrongVersion() {
    return Refusal.wrong(
        "A JSON object such as {\"version\": 3} is expected, or nothing; found something else."
            + " Nothing was changed; correct it, and send it again.");
  }

  private @Nullable Object body() {
    String text = context.body().asString();
    try {
      return text == null ? null : Json.decodeValue(text);
    } catch (DecodeException e) {
      return null;
    }
  }

  private static Refusal wrongFields(Set<String> expected) {
    return Refusal.wrong(
        "A JSON object is expected with texts called "
            + String.join(", ", new TreeSet<>(expected))
            + "; found something else. Nothing was changed; correct it, and send it again.");
  }

  PageRequest page() {
    String limit = text("limit");
    return new PageRequest(limit == null ? PageRequest.USUAL : limit(limit), text("after"));
  }

  private static int limit(String text) {
    try {
      int limit = Integer.parseInt(text);
      if (limit >= 1 && limit <= PageRequest.AT_MOST) {
        return limit;
      }
    } catch (NumberFormatException e) {
      throw wrongLimit(text);
    }
    throw wrongLimit(text);
  }

  private static Refusal wrongLimit(String text) {
    return wrong("limit", "a number from 1 to " + PageRequest.AT_MOST, text);
  }

  /** The notification in the path. */
  Position notification() {
    try {
      return Position.of(path("id"));
    } catch (IllegalArgumentException e) {
      throw Refusal.wrong(
          "A notification is expected by two numbers, such as 17-1; found something else."
              + " Take one from /api/notifications.");
    }
  }

  /** A number in the path. */
  long number(String name) {
    try {
      return Long.parseLong(path(name));
    } catch (NumberFormatException e) {
      throw Refusal.wrong(
          "A number is expected in the address, such as 17; found something else. Take one from the list.");
    }
  }

  /** The delivery in the path. */
  long delivery() {
    try {
      return Long.parseLong(path("id"));
    } catch (NumberFormatException e) {
      throw Refusal.wrong(
          "A delivery is expected by its number, such as 17; found something else. Take one from /api/deliveries.");
    }
  }

  private static Refusal wrong(String name, String expected, String found) {
    String shown =
        found.length() <= SHOWN_AT_MOST ? found : found.substring(0, SHOWN_AT_MOST) + "…";
    return Refusal.wrong(
        name + "= expects " + expected + "; found \"" + shown + "\". Correct it, and ask again.");
  }
}
