package io.appointmentrelay.enrichment;

import java.time.Instant;
import java.util.Optional;

/**
 * Where appointments go that a search found, and how far searches have come. Waits until what it is
 * given is durable; safe for many threads.
 */
public interface Findings {

  /** For those who never search. */
  Findings NOWHERE =
      new Findings() {
        @Override
        public Optional<Instant> searchedUntil(String source) {
          return Optional.empty();
        }

        @Override
        public void searchedUntil(String source, Instant until) {
          // Nothing is searched.
        }

        @Override
        public void takeIn(String source, byte[] notification) {
          throw new IllegalStateException("Only a serving relay takes in what is found");
        }
      };

  /** Up to when, by the server's clock, all changes are known; empty: nothing was searched yet. */
  Optional<Instant> searchedUntil(String source);

  /** From now on searches begin there; an earlier time changes nothing. */
  void searchedUntil(String source, Instant until);

  /** A notification of our own, as if the source had sent it. */
  void takeIn(String source, byte[] notification);
}
