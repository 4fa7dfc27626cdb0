package io.appointmentrelay.process;

import java.time.Instant;
import java.util.List;

/**
 * An appointment from its booking to its end, as one sender tells it: one notification after
 * another, each until it is taken.
 *
 * @param email of the patient, nobody else's; null if the sender does not say
 * @param events what each notification must turn out to be; empty if that depends on what runs
 *     first
 * @param end the last claim's state: booked, cancelled or noshow
 * @param start when the visit is in the end
 */
public record Life(String email, List<Post> posts, List<String> events, String end, Instant start) {

  /** Short enough for a failure's message. */
  public String summary() {
    return posts.get(0).source() + " " + events + " " + end;
  }

  /** One notification. */
  public record Post(String source, String body) {
    /** Redox repeats under the same id, which makes repeats recognisable; Canvas has none. */
    public boolean hasId() {
      return !source.equals("canvas");
    }
  }
}
