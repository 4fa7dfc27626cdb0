package io.appointmentrelay.routes;

/** The name of an endpoint as route files have it: Camel writes it in more than one way. */
public final class EndpointUri {

  private EndpointUri() {}

  /** {@code direct:a}, for {@code direct://a?timeout=1} too. */
  public static String name(String uri) {
    return uri.replace("://", ":").split("\\?", 2)[0];
  }
}
