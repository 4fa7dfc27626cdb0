package io.appointmentrelay.intake.reply;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.appointmentrelay.appointment.Notice;
import io.appointmentrelay.appointment.ReplyNotice;
import io.appointmentrelay.intake.NotificationReader;
import io.appointmentrelay.intake.Part;
import io.appointmentrelay.intake.ReadingContext;
import io.appointmentrelay.intake.UnreadableNotification;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a tap on a link has said, as the door writes it down once it has checked the link: {@code
 * confirm 17 2 email}, the answer, the message, the version that this spoke of, and its channel.
 * The same tap is a repeat.
 */
public final class LinkReplyReader implements NotificationReader {

  private static final Pattern FORM =
      Pattern.compile("(confirm|decline|call) (\\d{1,18}) (\\d{1,9}) ([a-z][a-z0-9-]{0,30})");

  /** Writes it down. */
  public static byte[] bytes(String meaning, ReplyNotice.Asked asked, String channel) {
    return String.join(
            " ",
            meaning,
            Long.toString(asked.delivery()),
            Integer.toString(asked.version()),
            channel)
        .getBytes(US_ASCII);
  }

  @Override
  public List<Part> glance(byte[] body) {
    return List.of(
        matched(body)
            .map(said -> new Part(said.group(1), null, said.group()).inLane(said.group(2)))
            .orElse(Part.UNREADABLE));
  }

  @Override
  public Notice read(byte[] body, int part, ReadingContext context) throws UnreadableNotification {
    Matcher said =
        matched(body)
            .orElseThrow(
                () ->
                    new UnreadableNotification(
                        "A link's answer is as the door writes it down",
                        "this one is something else",
                        "It is parked; nothing comes of it."));
    ReplyNotice.Asked asked =
        new ReplyNotice.Asked(Long.parseLong(said.group(2)), Integer.parseInt(said.group(3)));
    return new ReplyNotice(said.group(1), said.group(4), null, null, asked);
  }

  private static Optional<Matcher> matched(byte[] body) {
    if (body.length > 100) {
      return Optional.empty();
    }
    Matcher said = FORM.matcher(new String(body, US_ASCII));
    return said.matches() ? Optional.of(said) : Optional.empty();
  }
}
