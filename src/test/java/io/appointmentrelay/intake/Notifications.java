package io.appointmentrelay.intake;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneId;
import java.util.function.Consumer;

/** The fixtures under notifications/, as they are or edited. */
public final class Notifications {

  /** A clinic in Chicago that received everything in 2026. */
  public static final ReadingContext CONTEXT =
      new ReadingContext(ZoneId.of("America/Chicago"), Instant.parse("2026-01-01T00:00:00Z"));

  public static final ObjectMapper MAPPER = new ObjectMapper();

  private Notifications() {}

  public static byte[] bytes(String name) {
    try (InputStream in =
        Notifications.class.getResourceAsStream("/notifications/" + name + ".json")) {
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public static byte[] edited(String name, Consumer<ObjectNode> edit) {
    try {
      ObjectNode root = (ObjectNode) MAPPER.readTree(bytes(name));
      edit.accept(root);
      return MAPPER.writeValueAsBytes(root);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** JSON with single quotes, to be readable in a test. */
  public static byte[] json(String text) {
    return text.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
  }

  public static JsonNode tree(String text) {
    try {
      return MAPPER.readTree(json(text));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
