package io.appointmentrelay.console;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Counts wrong passwords per user and per address: who has too many behind him is not heard for a
 * while, whether his next password is right or not. Users who do not exist are counted like others.
 */
final class LoginThrottle {

  static final Duration WINDOW = Duration.ofMinutes(5);

  private static final int WRONG_PER_USER = 10;
  private static final int WRONG_PER_ADDRESS = 20;
  private static final int REMEMBERED = 10_000;

  private final Clock clock;
  private final Map<String, Deque<Instant>> wrong =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Deque<Instant>> eldest) {
          return size() > REMEMBERED;
        }
      };

  LoginThrottle(Clock clock) {
    this.clock = clock;
  }

  /** Whether this one is not heard now. */
  synchronized boolean isShut(String user, String address) {
    return recent("user " + user).size() >= WRONG_PER_USER
        || recent("address " + address).size() >= WRONG_PER_ADDRESS;
  }

  synchronized void wrong(String user, String address) {
    for (String key : new String[] {"user " + user, "address " + address}) {
      Deque<Instant> times = recent(key);
      times.add(clock.instant());
      wrong.put(key, times);
    }
  }

  synchronized void right(String user) {
    wrong.remove("user " + user);
  }

  private Deque<Instant> recent(String key) {
    Deque<Instant> times = wrong.getOrDefault(key, new ArrayDeque<>());
    Instant since = clock.instant().minus(WINDOW);
    while (!times.isEmpty() && times.getFirst().isBefore(since)) {
      times.removeFirst();
    }
    return times;
  }
}
