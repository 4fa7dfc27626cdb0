package io.appointmentrelay.bench;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Posts a fixed number of notifications and waits until a webhook told of each. */
final class EndToEnd {

  private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(30);

  /**
   * What came out.
   *
   * @param seconds from the first post to the last webhook
   * @param acceptedPerSecond while posting
   * @param repeated webhooks that came more than once
   * @param furtherEvents other webhooks about the same appointments
   */
  record Result(
      int notifications,
      int arrived,
      double seconds,
      double acceptedPerSecond,
      int repeated,
      int furtherEvents,
      Map<Integer, Integer> others) {
    double perSecond() {
      return arrived / seconds;
    }

    int missing() {
      return notifications - arrived;
    }
  }

  private EndToEnd() {}

  /** Gives up when no webhook came for 30 s after the last notification was accepted. */
  static Result run(
      InetSocketAddress address,
      Bookings bookings,
      WebhookReceiver receiver,
      int connections,
      int notifications)
      throws IOException, InterruptedException {
    ClosedLoop.Result posted =
        ClosedLoop.run(
            address, bookings, connections, ClosedLoop.Limit.notifications(notifications));
    long postedAt = System.nanoTime();
    while (receiver.arrived() < notifications
        && System.nanoTime() - Math.max(postedAt, receiver.lastNanos()) < PATIENCE_NANOS) {
      TimeUnit.MILLISECONDS.sleep(20);
    }
    return new Result(
        notifications,
        receiver.arrived(),
        (receiver.lastNanos() - posted.startedNanos()) / 1e9,
        posted.perSecond(),
        receiver.repeated(),
        receiver.furtherEvents(),
        posted.others());
  }
}
