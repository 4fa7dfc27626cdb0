package io.appointmentrelay.command;

import io.appointmentrelay.appointment.OtherEndUnavailable;
import io.appointmentrelay.appointment.UnusableAnswer;
import io.appointmentrelay.enrichment.SubscriptionAtServer;
import io.appointmentrelay.enrichment.SubscriptionAtServer.Known;
import io.appointmentrelay.enrichment.SubscriptionAtServer.Wish;
import io.appointmentrelay.settings.Settings.Source;
import java.io.PrintWriter;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Has a source's FHIR server make, prolong or show the Subscription by which it tells us. Never
 * prints a token; changes nothing on the server unless all that was asked for is in order.
 */
public final class Subscribe {

  private static final int DONE = 0;
  private static final int NOT_DONE = 1;
  private static final int WRONG_USE = 2;
  private static final Set<String> ACTIONS = Set.of("create", "renew", "check");
  private static final Set<String> CONTENTS = Set.of("empty", "id-only", "full-resource");

  /**
   * What was asked for.
   *
   * @param url where the server reaches the relay, without {@code /webhooks/…}
   * @param topic of the R5 backport; absent: plain R4
   * @param content absent: what suits
   */
  public record Request(
      String action,
      String source,
      @Nullable URI url,
      @Nullable String topic,
      @Nullable String content,
      int days) {}

  private final Clock clock;

  public Subscribe(Clock clock) {
    this.clock = clock;
  }

  /**
   * Does it, and prints what came of it.
   *
   * @param source absent: none of that name is configured
   * @return the exit status: 0, or 1 if it is not done or not in order, or 2 if it is not
   *     understood
   */
  public int run(Request request, @Nullable Source source, PrintWriter out) {
    try {
      String objection = objection(request, source);
      URI url = request.url();
      if (objection != null || source == null || url == null) {
        out.println(objection);
        return WRONG_USE;
      }
      URI endpoint =
          URI.create(url.toString().replaceAll("/+$", "") + "/webhooks/" + source.name());
      try (SubscriptionAtServer server = new SubscriptionAtServer(source, clock)) {
        return act(request, server, endpoint, out);
      }
    } catch (OtherEndUnavailable | UnusableAnswer e) {
      out.println(e.getMessage());
      return NOT_DONE;
    } finally {
      out.flush();
    }
  }

  private static @Nullable String objection(Request request, @Nullable Source source) {
    if (!ACTIONS.contains(request.action())) {
      return "subscription expects create, renew or check; found another word. Nothing was done.";
    }
    if (source == null || source.fhir() == null) {
      return "subscription expects a configured source that has a FHIR server; found none of that"
          + " name. Set relay.source.<name>.kind, .token and .fhir.base-url.";
    }
    if (!source.kind().equals("fhir-subscription")) {
      return "subscription expects a source of kind fhir-subscription; found one of kind "
          + source.kind()
          + ". Nothing was done.";
    }
    if (request.url() == null || request.url().getHost() == null) {
      return "subscription expects --url, the address at which the FHIR server reaches the relay;"
          + " found none. Give it without /webhooks, as https://relay.example.org.";
    }
    if (!mayCarryAToken(request.url())) {
      return "subscription expects an https address, because a token is sent to it; found another."
          + " Put a reverse proxy with TLS before the relay.";
    }
    String content = request.content();
    if (content != null && !CONTENTS.contains(content)) {
      return "subscription expects --content empty, id-only or full-resource; found another word."
          + " Nothing was done.";
    }
    if ("id-only".equals(content) && request.topic() == null) {
      return "subscription expects --topic with --content id-only, which plain R4 does not have;"
          + " found none. Give a topic, or take empty.";
    }
    return request.days() < 1
        ? "subscription expects --days of at least 1; found less. Nothing was done."
        : null;
  }

  private static boolean mayCarryAToken(URI url) {
    String host = url.getHost();
    boolean isHere = host.equals("localhost") || host.startsWith("127.") || host.equals("[::1]");
    return "https".equals(url.getScheme()) || (isHere && "http".equals(url.getScheme()));
  }

  private int act(Request request, SubscriptionAtServer server, URI endpoint, PrintWriter out) {
    List<Known> known = server.telling(endpoint);
    known.forEach(one -> print("Found", one, out));
    return switch (request.action()) {
      case "check" -> check(known, endpoint, out);
      case "renew" -> renew(request, server, known, endpoint, out);
      default -> create(request, server, known, endpoint, out);
    };
  }

  private static int renew(
      Request request,
      SubscriptionAtServer server,
      List<Known> known,
      URI endpoint,
      PrintWriter out) {
    if (known.size() != 1) {
      out.println(
          "One Subscription that tells to "
              + endpoint
              + " was expected; found "
              + known.size()
              + ". Create one, or delete those too many on the server.");
      return NOT_DONE;
    }
    print("Renewed", server.renew(known.get(0).id(), wish(request, endpoint)), out);
    return DONE;
  }

  private static int create(
      Request request,
      SubscriptionAtServer server,
      List<Known> known,
      URI endpoint,
      PrintWriter out) {
    if (!known.isEmpty()) {
      out.println(
          "No Subscription that tells to "
              + endpoint
              + " was expected; found "
              + known.size()
              + ". Renew it: a second one would tell everything twice.");
      return NOT_DONE;
    }
    print("Created", server.create(wish(request, endpoint)), out);
    out.println("A handshake comes next: /api/notifications?source=" + request.source());
    return DONE;
  }

  private int check(List<Known> known, URI endpoint, PrintWriter out) {
    boolean isOne = known.size() == 1;
    boolean isActive = isOne && "active".equals(known.get(0).status());
    Instant end = isOne ? known.get(0).end() : null;
    boolean isOver = end != null && end.isBefore(clock.instant());
    if (isActive && !isOver) {
      out.println("In order.");
      return DONE;
    }
    out.println(
        "One active Subscription that tells to "
            + endpoint
            + " was expected; found "
            + (isOne ? "one that is not active, or over" : known.size() + " of any status")
            + ". "
            + (known.isEmpty() ? "Create it." : "Renew it, or see on the server why."));
    return NOT_DONE;
  }

  private static Wish wish(Request request, URI endpoint) {
    String usual = request.topic() == null ? "empty" : "id-only";
    String content = request.content() == null ? usual : request.content();
    return new Wish(endpoint, request.topic(), content, Duration.ofDays(request.days()));
  }

  private static void print(String what, Known known, PrintWriter out) {
    out.println(
        what
            + " Subscription/"
            + known.id()
            + ": "
            + (known.status() == null ? "status not said" : known.status())
            + (known.end() == null ? ", without end" : ", until " + known.end()));
  }
}
