package io.appointmentrelay.enrichment;

import ca.uhn.fhir.rest.api.MethodOutcome;
import com.fasterxml.jackson.databind.JsonNode;
import io.appointmentrelay.intake.fhir.LenientTime;
import io.appointmentrelay.intake.json.Json;
import io.appointmentrelay.intake.json.SafeText;
import io.appointmentrelay.settings.Settings;
import io.appointmentrelay.settings.Settings.Source;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Objects;
import org.hl7.fhir.instance.model.api.IBaseResource;
import org.hl7.fhir.instance.model.api.IIdType;
import org.hl7.fhir.r4.model.CodeType;
import org.hl7.fhir.r4.model.Subscription;
import org.hl7.fhir.r4.model.Subscription.SubscriptionChannelComponent;
import org.hl7.fhir.r4.model.Subscription.SubscriptionChannelType;
import org.hl7.fhir.r4.model.Subscription.SubscriptionStatus;
import org.hl7.fhir.r4.model.UnsignedIntType;
import org.jspecify.annotations.Nullable;

/**
 * The Subscription of a source on its FHIR server, by which that tells us of appointments: made,
 * prolonged and looked at. Waits for the server; fails as look-ups do.
 */
public final class SubscriptionAtServer implements AutoCloseable {

  private static final String BACKPORT =
      "http://hl7.org/fhir/uv/subscriptions-backport/StructureDefinition/backport-";
  private static final int HEARTBEAT_SECONDS = 300;
  private static final String CRITERIA = "Appointment?";

  /**
   * What is wanted.
   *
   * @param topic canonical URL of a topic; absent: all appointments, in the way of plain R4
   * @param content {@code empty}, {@code id-only} or {@code full-resource}
   */
  public record Wish(URI endpoint, @Nullable String topic, String content, Duration lasting) {}

  /**
   * One that the server has.
   *
   * @param status FHIR's word
   * @param end when the server forgets it; absent: it does not say
   */
  public record Known(String id, @Nullable String status, @Nullable Instant end) {}

  private final FhirServer server;
  private final String secret;
  private final Clock clock;

  /** For a source that has a FHIR server; nothing is asked yet. */
  public SubscriptionAtServer(Source source, Clock clock) {
    Settings.Fhir fhir = Objects.requireNonNull(source.fhir(), "a source with a FHIR server");
    this.server =
        new FhirServer(source, fhir, FhirServers.CIRCUIT, new SimpleMeterRegistry(), clock);
    this.secret = source.tokens().get(0);
    this.clock = clock;
  }

  /** Those that tell to this address. */
  public List<Known> telling(URI endpoint) {
    Question question = Question.of("Subscription").with("url", endpoint.toString()).whole();
    return server.search(question).stream()
        .filter(one -> endpoint.toString().equals(Json.text(one.path("channel"), "endpoint")))
        .map(SubscriptionAtServer::known)
        .toList();
  }

  /** Has one made; the server makes itself known to the address before it is active. */
  public Known create(Wish wish) {
    return server.ask(
        "create Subscription",
        () -> written(server.client().create().resource(resource(wish)).execute()));
  }

  /** Has one prolonged, with the token in force now. */
  public Known renew(String id, Wish wish) {
    Subscription renewed = resource(wish);
    renewed.setId(id);
    return server.ask(
        "update Subscription",
        () -> written(server.client().update().resource(renewed).withId(id).execute()));
  }

  private Subscription resource(Wish wish) {
    Subscription subscription = new Subscription();
    subscription.setStatus(SubscriptionStatus.REQUESTED);
    subscription.setReason("Tells Appointment Relay of appointments");
    subscription.setEnd(Date.from(clock.instant().plus(wish.lasting())));
    SubscriptionChannelComponent channel = subscription.getChannel();
    channel.setType(SubscriptionChannelType.RESTHOOK);
    channel.setEndpoint(wish.endpoint().toString());
    channel.addHeader("Authorization: Bearer " + secret);
    boolean isEmpty = wish.content().equals("empty");
    if (wish.topic() == null) {
      subscription.setCriteria(CRITERIA);
      if (!isEmpty) {
        channel.setPayload(Answers.FHIR_JSON);
      }
      return subscription;
    }
    subscription.getMeta().addProfile(BACKPORT + "subscription");
    subscription.setCriteria(wish.topic());
    channel.setPayload(Answers.FHIR_JSON);
    channel
        .getPayloadElement()
        .addExtension(BACKPORT + "payload-content", new CodeType(wish.content()));
    channel.addExtension(BACKPORT + "heartbeat-period", new UnsignedIntType(HEARTBEAT_SECONDS));
    return subscription;
  }

  private Known written(MethodOutcome outcome) {
    // A server that does not say where it made it shows it, with its id.
    IBaseResource shown = outcome.getResource();
    IIdType name =
        outcome.getId() == null && shown != null ? shown.getIdElement() : outcome.getId();
    String id = name == null ? null : name.getIdPart();
    JsonNode now = id == null ? null : server.read("Subscription", id);
    return now == null ? new Known(id == null ? "?" : id, null, null) : known(now);
  }

  private static Known known(JsonNode subscription) {
    String id = SafeText.label(Json.text(subscription, "id"));
    return new Known(
        id == null ? "?" : id,
        SafeText.label(Json.text(subscription, "status")),
        LenientTime.exact(Json.text(subscription, "end")));
  }

  @Override
  public void close() {
    server.close();
  }
}
