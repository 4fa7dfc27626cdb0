package io.appointmentrelay.console;

import io.appointmentrelay.sandbox.SandboxMessages;
import org.jspecify.annotations.Nullable;

/** Writes back to a text message of the sandbox, as the telephone that got it. */
final class SandboxReply {

  /** That it is kept; what comes of it is among the notifications. */
  record Written(String status) {}

  private static final int LONGEST = 1_600;

  private final SandboxMessages messages;

  SandboxReply(SandboxMessages messages) {
    this.messages = messages;
  }

  Written write(Parameters asked) {
    String words = asked.text("text");
    if (isUnusable(words)) {
      throw Refusal.wrong(
          "text expects what is written back, of at most "
              + LONGEST
              + " characters; found something else. Nothing was sent; correct it.");
    }
    if (!messages.writeBack(number(asked.path("number")), String.valueOf(words))) {
      throw Refusal.notFound(
          "Expected the number of a text message in the sandbox, and relay.replies on; found another."
              + " Look at /api/sandbox/messages?channel=sms.");
    }
    return new Written("written back");
  }

  private static boolean isUnusable(@Nullable String words) {
    return words == null || words.length() > LONGEST;
  }

  private static long number(String text) {
    try {
      return Long.parseLong(text);
    } catch (NumberFormatException none) {
      return -1;
    }
  }
}
