package io.appointmentrelay;

import io.appointmentrelay.console.TextPreview;
import io.appointmentrelay.messaging.Clinic;
import io.appointmentrelay.messaging.SmsLength;
import io.appointmentrelay.messaging.Texts;
import io.appointmentrelay.messaging.WordedMessage;
import java.util.Set;

/** Shows the console the texts in force, as this clinic's patients would read them. */
public record TextPreviews(Texts texts, Clinic clinic) implements TextPreview.Source {

  private static final String SMS = "sms";

  @Override
  public Set<String> names(String channel) {
    return texts.names(channel);
  }

  @Override
  public TextPreview preview(String text, String language, String channel) {
    WordedMessage worded = texts.preview(text, channel, language, clinic);
    SmsLength length = channel.equals(SMS) ? SmsLength.of(worded.text()) : null;
    return new TextPreview(
        text,
        worded.language(),
        channel,
        worded.subject(),
        worded.text(),
        worded.html(),
        length == null ? null : length.segments(),
        length == null ? null : length.encoding());
  }
}
