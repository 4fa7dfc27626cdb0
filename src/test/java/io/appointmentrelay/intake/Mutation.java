package io.appointmentrelay.intake;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Makes of a notification what no sender would send; the same seed makes the same. */
public final class Mutation {

  private static final List<String> ODD =
      List.of(
          "",
          " ",
          "\u0000",
          "\ud800",
          "\u202e",
          "9999999999999999999999",
          "-0",
          "1e400",
          "NaN",
          "2024-02-30T25:61:00",
          "+99999-01-01T00:00:00Z",
          "2024-03-10T02:30:00",
          "0000-00-00",
          "urn:uuid:",
          "Patient/",
          "Patient?identifier=|",
          "../../etc/passwd",
          "http://[::1",
          "%00%ff",
          "${jndi:ldap://x}",
          "{{ 1 }}",
          "';--",
          "<x/>",
          "AppointmentBooked",
          "Reschedule",
          "true",
          "null");

  private static final String PUNCTUATION = "{}[],:\"\\0123456789.eE+-tfn \n\u0000";

  private final Random random;
  private final List<byte[]> corpus;

  /**
   * @param corpus what parts are also taken from
   */
  public Mutation(long seed, List<byte[]> corpus) {
    this.random = new Random(seed);
    this.corpus = corpus;
  }

  /** One to eight changes, in the tree or in the bytes. */
  public byte[] of(byte[] original) {
    byte[] body = original;
    for (int changes = 1 + random.nextInt(8); changes > 0; changes--) {
      JsonNode tree = random.nextInt(4) == 0 ? null : tree(body);
      body = tree == null ? inBytes(body) : inTree(tree);
    }
    return body;
  }

  private byte[] inBytes(byte[] body) {
    int at = body.length == 0 ? 0 : random.nextInt(body.length);
    int length = Math.min(body.length - at, 1 + random.nextInt(16));
    byte[] inserted =
        switch (random.nextInt(5)) {
          case 0 -> new byte[0];
          case 1 -> randomBytes();
          case 2 -> odd().getBytes(StandardCharsets.UTF_8);
          case 3 ->
              String.valueOf(PUNCTUATION.charAt(random.nextInt(PUNCTUATION.length())))
                  .getBytes(StandardCharsets.UTF_8);
          default -> piece(corpus.get(random.nextInt(corpus.size())));
        };
    byte[] changed = new byte[body.length - length + inserted.length];
    System.arraycopy(body, 0, changed, 0, at);
    System.arraycopy(inserted, 0, changed, at, inserted.length);
    int rest = body.length - at - length;
    System.arraycopy(body, at + length, changed, at + inserted.length, rest);
    return changed;
  }

  private byte[] randomBytes() {
    byte[] bytes = new byte[1 + random.nextInt(8)];
    random.nextBytes(bytes);
    return bytes;
  }

  private byte[] piece(byte[] other) {
    int from = random.nextInt(other.length);
    int to = from + random.nextInt(Math.min(64, other.length - from) + 1);
    return java.util.Arrays.copyOfRange(other, from, to);
  }

  private byte[] inTree(JsonNode tree) {
    List<JsonNode> inner = new ArrayList<>();
    collect(tree, inner);
    if (inner.isEmpty()) {
      return write(value(tree));
    }
    JsonNode place = inner.get(random.nextInt(inner.size()));
    if (place instanceof ObjectNode object) {
      List<String> names = new ArrayList<>();
      object.fieldNames().forEachRemaining(names::add);
      String name = names.isEmpty() ? odd() : names.get(random.nextInt(names.size()));
      switch (random.nextInt(4)) {
        case 0 -> object.remove(name);
        case 1 -> object.set(odd(), object.remove(name));
        default -> object.set(name, value(tree));
      }
    } else if (place instanceof ArrayNode array) {
      int at = array.isEmpty() ? 0 : random.nextInt(array.size());
      switch (random.nextInt(4)) {
        case 0 -> array.remove(at);
        case 1 -> array.insert(at, array.isEmpty() ? value(tree) : array.get(at).deepCopy());
        case 2 -> array.insert(at, value(tree));
        default -> array.removeAll();
      }
    }
    return write(tree);
  }

  private JsonNode value(JsonNode own) {
    JsonNodeFactory nodes = JsonNodeFactory.instance;
    return switch (random.nextInt(9)) {
      case 0 -> nodes.nullNode();
      case 1 -> nodes.booleanNode(random.nextBoolean());
      case 2 -> nodes.numberNode(random.nextLong());
      case 3 -> nodes.numberNode(random.nextGaussian() * 1e300);
      case 4 -> nodes.arrayNode();
      case 5 -> nodes.objectNode();
      case 6 -> some(own).deepCopy();
      case 7 -> {
        JsonNode other = tree(corpus.get(random.nextInt(corpus.size())));
        yield other == null ? nodes.nullNode() : some(other);
      }
      default -> nodes.textNode(odd());
    };
  }

  private JsonNode some(JsonNode tree) {
    List<JsonNode> all = new ArrayList<>();
    everything(tree, all);
    return all.get(random.nextInt(all.size()));
  }

  private String odd() {
    String odd = ODD.get(random.nextInt(ODD.size()));
    return random.nextInt(20) == 0 ? odd.repeat(200) : odd;
  }

  private static void collect(JsonNode node, List<JsonNode> inner) {
    if (node.isContainerNode()) {
      inner.add(node);
      node.forEach(child -> collect(child, inner));
    }
  }

  private static void everything(JsonNode node, List<JsonNode> all) {
    all.add(node);
    node.forEach(child -> everything(child, all));
  }

  private static JsonNode tree(byte[] body) {
    try {
      JsonNode tree = Notifications.MAPPER.readTree(body);
      return tree == null || tree.isMissingNode() ? null : tree;
    } catch (IOException | RuntimeException notJsonAnyMore) {
      return null;
    }
  }

  private static byte[] write(JsonNode tree) {
    try {
      return Notifications.MAPPER.writeValueAsBytes(tree);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
