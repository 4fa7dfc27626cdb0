package io.appointmentrelay.door;

/**
 * A request for the page behind a link: the body of a message in {@code routes/reply}.
 *
 * @param isPost the button was pressed; otherwise the page is asked for, by whomever
 */
public record ReplyRequest(boolean isPost, String token) {

  /** Prints no token: who has it can answer. */
  @Override
  public String toString() {
    return "ReplyRequest[" + (isPost ? "POST" : "GET") + "]";
  }
}
