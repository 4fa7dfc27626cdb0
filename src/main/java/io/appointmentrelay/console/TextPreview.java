package io.appointmentrelay.console;

import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A text as it would be sent, for a visit that is invented.
 *
 * @param language that it is in: English, if there is no such text in the language asked for
 * @param subject e-mail only
 * @param html e-mail only
 * @param segments how many a text message is sent and paid for as; SMS only
 * @param encoding {@code GSM-7} or {@code UCS-2}; SMS only
 */
public record TextPreview(
    String text,
    String language,
    String channel,
    @Nullable String subject,
    String body,
    @Nullable String html,
    @Nullable Integer segments,
    @Nullable String encoding) {

  /** What there is to preview. */
  public interface Source {

    /** The texts that a channel has; empty for what is no channel to people. */
    Set<String> names(String channel);

    /** One of them, in the language nearest to the one wanted. */
    TextPreview preview(String text, String language, String channel);
  }

  private static final Pattern LANGUAGE = Pattern.compile("[a-zA-Z]{2,3}(-[a-zA-Z0-9]{2,8}){0,4}");

  /** A question that cannot be answered is refused with what to ask instead. */
  static TextPreview of(
      Source source, @Nullable String text, @Nullable String language, @Nullable String channel) {
    String wantedText = required("text", text, "the name of a text, such as booked");
    String wantedChannel = required("channel", channel, "a channel to people, such as sms");
    String wantedLanguage = Optional.ofNullable(language).orElse("en");
    if (!LANGUAGE.matcher(wantedLanguage).matches()) {
      throw Refusal.wrong(
          "language= expects a language such as en or es-MX; found something else."
              + " Correct it, and ask again.");
    }
    Set<String> names = source.names(wantedChannel);
    if (names.isEmpty()) {
      throw Refusal.notFound(
          "channel= expects a channel that has texts, such as email or sms; found another."
              + " The texts are in routes/channel/texts.");
    }
    if (!names.contains(wantedText)) {
      throw Refusal.notFound(
          "text= expects one of " + names + "; found another. Correct it, and ask again.");
    }
    return source.preview(wantedText, wantedLanguage, wantedChannel);
  }

  private static String required(String name, @Nullable String value, String expected) {
    if (value == null) {
      throw Refusal.wrong(name + "= expects " + expected + "; found nothing. Add it to the query.");
    }
    return value;
  }
}
