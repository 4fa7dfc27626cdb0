package io.appointmentrelay.outbox;

import io.appointmentrelay.appointment.Delivery;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.apache.camel.AsyncCallback;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.support.AsyncProcessorSupport;

/**
 * Sends one delivery at a time and by hand, for tests that own the time: the product's own way from
 * due to sent, without the timer that looks for what is due and without the queues before it.
 */
public final class Postman implements AutoCloseable {

  /** What happens at the other end, and to us meanwhile. */
  public interface End {
    /**
     * Takes a message.
     *
     * @return false: the process dies now and never hears that it was taken
     */
    boolean takes(Delivery delivery, OutgoingMessage message);
  }

  private final Sending sending;
  private final Map<String, OutboxConsumer> consumers = new HashMap<>();
  private final ExecutorService worker = Executors.newSingleThreadExecutor(Postman::daemon);
  private CompletableFuture<Boolean> survives = new CompletableFuture<>();
  private Delivery inHand;
  private End end = (delivery, message) -> true;

  public Postman(CamelContext context, Sending sending, Set<String> channels) throws Exception {
    this.sending = sending;
    for (String channel : channels) {
      consumers.put(
          channel,
          (OutboxConsumer)
              context.getEndpoint("outbox:" + channel).createConsumer(new EndAsProcessor()));
    }
  }

  private static Thread daemon(Runnable task) {
    Thread thread = new Thread(task, "postman");
    thread.setDaemon(true);
    return thread;
  }

  /**
   * One turn of a delivery: sent, put off or ended.
   *
   * @return false: the process died in it
   */
  public boolean turn(Delivery delivery, End at) {
    survives = new CompletableFuture<>();
    inHand = delivery;
    end = at;
    CompletableFuture<Boolean> over = survives;
    worker.execute(
        () ->
            sending.send(
                delivery,
                consumers.get(delivery.channel()),
                worker,
                new Sending.Turn() {
                  @Override
                  public void waits() {}

                  @Override
                  public boolean leaves() {
                    return true;
                  }

                  @Override
                  public void ended(Sending.Outcome outcome) {
                    over.complete(true);
                  }
                }));
    return over.orTimeout(30, TimeUnit.SECONDS).join();
  }

  private final class EndAsProcessor extends AsyncProcessorSupport {
    @Override
    public boolean process(Exchange exchange, AsyncCallback callback) {
      if (end.takes(inHand, exchange.getMessage().getBody(OutgoingMessage.class))) {
        callback.done(true);
        return true;
      }
      survives.complete(false);
      return false;
    }
  }

  @Override
  public void close() {
    worker.shutdownNow();
  }
}
