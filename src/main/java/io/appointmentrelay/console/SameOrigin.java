package io.appointmentrelay.console;

import io.vertx.core.Handler;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.HostAndPort;
import io.vertx.ext.web.RoutingContext;
import java.net.URI;
import java.util.Locale;
import java.util.Set;

/**
 * Lets no page of another site change anything, though a browser may send the user's login with it:
 * changes are JSON, which another page may not send without asking first, which is never granted;
 * and what a browser says of where they come from must be here.
 */
final class SameOrigin implements Handler<RoutingContext> {

  private static final Set<HttpMethod> READS =
      Set.of(HttpMethod.GET, HttpMethod.HEAD, HttpMethod.OPTIONS);
  private static final String JSON = "application/json";

  /** FHIR's search by POST, which changes nothing. */
  private static final String FORM = "application/x-www-form-urlencoded";

  private static final Set<String> NO_OTHER_SITE = Set.of("same-origin", "none");

  @Override
  public void handle(RoutingContext context) {
    HttpServerRequest request = context.request();
    if (!READS.contains(request.method())) {
      mustBeHere(request);
    }
    boolean isSearch = FhirPages.isSearch(request.path());
    // Nothing else of FHIR takes a POST, which is for the router to say.
    if (request.method().equals(HttpMethod.POST) && (isSearch || !FhirPages.isIn(request.path()))) {
      mustBe(isSearch ? FORM : JSON, request);
    }
    context.next();
  }

  /** Refuses what a page of another site has a browser send. */
  static void mustBeHere(HttpServerRequest request) {
    if (isFromElsewhere(request)) {
      throw Refusal.forbidden(
          "A change expects to come from the console's own page or from a program; it came from another page."
              + " Nothing was changed; make it on the console.");
    }
  }

  private static boolean isFromElsewhere(HttpServerRequest request) {
    String site = request.getHeader("Sec-Fetch-Site");
    String origin = request.getHeader("Origin");
    boolean otherSite = site != null && !NO_OTHER_SITE.contains(site.toLowerCase(Locale.ROOT));
    return otherSite || (origin != null && !isHere(origin, request.authority()));
  }

  /** Compares host and port alone: a proxy before the console may have ended TLS. */
  private static boolean isHere(String origin, HostAndPort authority) {
    try {
      String there = URI.create(origin).getRawAuthority();
      String here = authority == null ? "" : authority.toString();
      return there != null && there.equalsIgnoreCase(here);
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  private static void mustBe(String expected, HttpServerRequest request) {
    if (!expected.equals(type(request))) {
      throw Refusal.wrongType(
          "A change expects Content-Type: "
              + expected
              + "; found something else. Nothing was changed; send it again with it.");
    }
  }

  private static String type(HttpServerRequest request) {
    String type = request.getHeader("Content-Type");
    return type == null ? "" : type.split(";", -1)[0].strip().toLowerCase(Locale.ROOT);
  }
}
