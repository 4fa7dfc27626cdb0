package io.appointmentrelay.command;

/**
 * One shipped notification.
 *
 * @param name {@code source/what-happened}
 * @param about what it tells, in a sentence
 * @param body the bytes, as the source would send them
 */
@SuppressWarnings(
    "ArrayRecordComponent") // bytes on their way to a socket; samples are not compared
public record Sample(String name, String about, byte[] body) {

  /** The source of patients' text messages. */
  static final String SMS = "sms";

  /** Whether it is a text message that a patient sends, as a gateway hands it on. */
  public boolean isReply() {
    return source().equals(SMS);
  }

  /** The source that would send it: where it is posted, and whose token it needs. */
  public String source() {
    return name.substring(0, name.indexOf('/'));
  }
}
