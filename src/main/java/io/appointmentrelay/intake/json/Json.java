package io.appointmentrelay.intake.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Parses strictly and looks leniently: a body is one whole JSON object or nothing, while its
 * scalars may be numbers, strings or booleans as the sender pleases.
 */
public final class Json {

  /** Real notifications are some twenty levels deep. */
  private static final int DEEPEST = 200;

  /**
   * A token costs some 50 bytes of memory: 16 MB of <code>{},</code> would be 600 MB. Real
   * notifications have one in 8 bytes, so that 10 MB of them stay readable.
   */
  private static final long MOST_TOKENS = 1_500_000;

  private static final ObjectReader READER =
      JsonMapper.builder(
              JsonFactory.builder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder()
                          .maxNestingDepth(DEEPEST)
                          .maxTokenCount(MOST_TOKENS)
                          .build())
                  .build())
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          // A key given twice says two things, and we would believe one of them by accident.
          .enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY)
          .build()
          .reader();

  private Json() {}

  /** The body as one JSON object, or null if it is anything else. Never throws. */
  public static @Nullable JsonNode object(byte[] body) {
    try {
      JsonNode root = READER.readTree(body);
      return root.isObject() ? root : null;
    } catch (IOException | RuntimeException unreadable) {
      // Jackson's message quotes the body, so it goes no further.
      return null;
    }
  }

  /** A scalar as clean text; null if absent, null, blank, overlong, an object or an array. */
  public static @Nullable String text(JsonNode node) {
    if (node.isTextual()) {
      return SafeText.clean(node.textValue());
    }
    if (node.isFloatingPointNumber()) {
      return withoutEmptyFraction(node.doubleValue());
    }
    return node.isNumber() || node.isBoolean() ? SafeText.clean(node.asText()) : null;
  }

  /** The field as {@link #text(JsonNode)}. */
  public static @Nullable String text(JsonNode node, String field) {
    return text(node.path(field));
  }

  /** True or false, also as a string or as 1 or 0; null if it is neither. */
  public static @Nullable Boolean flag(JsonNode node) {
    String text = text(node);
    if (text == null) {
      return null;
    }
    if (text.equalsIgnoreCase("true") || text.equals("1")) {
      return Boolean.TRUE;
    }
    boolean saysNo = text.equalsIgnoreCase("false") || text.equals("0");
    return saysNo ? Boolean.FALSE : null;
  }

  /** A whole number, also as a string; null if it is none or does not fit. */
  public static @Nullable Integer integer(JsonNode node) {
    String text = text(node);
    if (text == null || text.length() > 11) {
      return null;
    }
    try {
      return Integer.valueOf(text);
    } catch (NumberFormatException notANumber) {
      return null;
    }
  }

  /** The elements of an array; a lone object stands for a list of one; anything else is empty. */
  public static Iterable<JsonNode> items(JsonNode node) {
    if (node instanceof ArrayNode array) {
      return array;
    }
    return node.isObject() ? List.of(node) : List.of();
  }

  /** 321654654.0 is how some senders write the number 321654654. */
  private static String withoutEmptyFraction(double number) {
    boolean whole = Math.rint(number) == number && Math.abs(number) < 1e15;
    return whole ? Long.toString((long) number) : Double.toString(number);
  }
}
