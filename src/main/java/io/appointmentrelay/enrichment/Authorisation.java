package io.appointmentrelay.enrichment;

import org.jspecify.annotations.Nullable;

/** What lets us ask a FHIR server. Implementations are safe for many threads. */
interface Authorisation {

  /** Nobody asks who we are. */
  Authorisation NONE = always(null);

  /**
   * The bearer token to show now; null: none is needed.
   *
   * @throws io.appointmentrelay.appointment.OtherEndUnavailable if none can be had now
   */
  @Nullable String token();

  /** A token was answered 401; returns whether another one can be had. */
  boolean refused(String token);

  /** The same token for ever. */
  static Authorisation always(@Nullable String token) {
    return new Authorisation() {
      @Override
      public @Nullable String token() {
        return token;
      }

      @Override
      public boolean refused(String refused) {
        return false;
      }
    };
  }
}
