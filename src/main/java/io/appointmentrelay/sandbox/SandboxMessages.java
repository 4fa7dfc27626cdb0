package io.appointmentrelay.sandbox;

import java.time.Clock;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/**
 * What the make-believe ends received, in memory: the newest {@value #KEPT}, gone with the process.
 * Safe for many threads.
 */
public final class SandboxMessages {

  /** How many are kept; older ones make room. */
  public static final int KEPT = 500;

  private final Clock clock;
  private final Deque<SandboxMessage> newestFirst = new ArrayDeque<>();
  private long last;
  private volatile @Nullable Phones phones;

  public SandboxMessages(Clock clock) {
    this.clock = clock;
  }

  /** Keeps the message made from the next number and the present time, and returns it. */
  public synchronized SandboxMessage add(BiFunction<Long, Instant, SandboxMessage> message) {
    SandboxMessage received = message.apply(last + 1, clock.instant());
    last++;
    newestFirst.addFirst(received);
    if (newestFirst.size() > KEPT) {
      newestFirst.removeLast();
    }
    return received;
  }

  /** Those of one channel, or of all for null; the newest first. */
  public synchronized List<SandboxMessage> all(@Nullable String channel) {
    return newestFirst.stream()
        .filter(message -> channel == null || message.channel().equals(channel))
        .toList();
  }

  /** Who hands on what the make-believe telephones write back; until then nobody does. */
  public void phones(Phones hear) {
    phones = hear;
  }

  /** Hands on text messages as a gateway does. */
  public interface Phones {
    /**
     * Hands one on, and waits until it is kept.
     *
     * @param from the number that writes
     * @param to the number that it had a message from
     */
    void write(String from, String to, String words);
  }

  /** Writes back to a text message; false: there is none of that number, or nobody hears it. */
  public boolean writeBack(long number, String words) {
    Phones hear = phones;
    Optional<SandboxMessage> answered =
        all(SandboxMessage.SMS).stream().filter(one -> one.number() == number).findFirst();
    if (hear == null || answered.isEmpty()) {
      return false;
    }
    hear.write(answered.get().to(), answered.get().from(), words);
    return true;
  }

  /** Forgets all; numbers go on counting, so that a number never means two messages. */
  public synchronized void clear() {
    newestFirst.clear();
  }
}
