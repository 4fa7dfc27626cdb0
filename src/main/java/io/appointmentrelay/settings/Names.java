package io.appointmentrelay.settings;

import static java.util.Map.entry;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Every setting's name with its default; an empty default means unset. */
final class Names {

  /** What may follow {@code relay.source.<name>.}. */
  static final Set<String> OF_SOURCE =
      Set.of(
          "kind",
          "token",
          "rate",
          "zone",
          "region",
          "group",
          "writeback",
          "fhir.base-url",
          "fhir.token-url",
          "fhir.client-id",
          "fhir.private-key",
          "fhir.key-id",
          "fhir.client-secret",
          "fhir.scope",
          "fhir.bearer",
          "fhir.connections",
          "fhir.dialect",
          "poll.every",
          "poll.window",
          "reconcile.at",
          "silence",
          "query.base-url",
          "query.destination-id",
          "query.api-key",
          "query.secret");

  /** What may follow {@code relay.staff.<desk>.}. */
  static final Set<String> OF_DESK = Set.of("location", "email", "phone");

  /** What of a source's settings no route file may name, so that no log of a route can show it. */
  static final Set<String> SECRET_OF_SOURCE =
      Set.of(
          "fhir.private-key", "fhir.client-secret", "fhir.bearer", "query.api-key", "query.secret");

  /** What else no route file may name. */
  static final Set<String> SECRET =
      Set.of(
          "relay.store.key",
          "relay.http.tls.keystore-password",
          "relay.replies.key",
          "relay.console.users",
          "relay.console.login");

  /** The sources that are shipped: the sandbox has a FHIR server for each of them. */
  static final Set<String> SHIPPED_SOURCES =
      Set.of("redox-fhir", "redox-scheduling", "canvas", "fhir-subscription", "fhir-poll");

  /** The kind of source that is asked and tells nothing itself: it has no token to show. */
  static final String POLLED = "fhir-poll";

  /** The shipped source whose EHR the sandbox plays when it is asked by Redox's Data Model. */
  static final String ASKED = "redox-scheduling";

  static final Map<String, String> DEFAULTS;

  static {
    Map<String, String> d = new LinkedHashMap<>();
    d.put("relay.sandbox", "true");
    d.put("relay.routes.reload", "false");
    d.put("relay.data-dir", "data");
    d.put("relay.log.level", "INFO");
    d.put("relay.log.format", "text");
    d.put("relay.store.url", "");
    d.put("relay.store.user", "");
    d.put("relay.store.password", "");
    d.put("relay.store.key", "");
    d.put("relay.http.host", "0.0.0.0");
    d.put("relay.http.port", "8080");
    d.put("relay.http.max-body", "16MB");
    d.put("relay.http.tls.certificate", "");
    d.put("relay.http.tls.key", "");
    d.put("relay.http.tls.keystore", "");
    d.put("relay.http.tls.keystore-password", "");
    d.put("relay.http.tls.client-ca", "");
    d.put("relay.public-url", "");
    d.put("relay.replies", "auto");
    d.put("relay.replies.key", "");
    d.put("relay.replies.carrier-words", "carrier");
    d.put("relay.console.host", "127.0.0.1");
    d.put("relay.console.port", "9876");
    d.put("relay.console.users", "");
    d.put("relay.console.login", "");
    d.put("relay.clinic.name", "Good Health Clinic");
    d.put("relay.clinic.phone", "");
    d.put("relay.clinic.zone", "America/Chicago");
    d.put("relay.clinic.region", "US");
    d.put("relay.clinic.questionnaire-url", "");
    d.put("relay.staff.email", "");
    d.put("relay.staff.phone", "");
    d.put("relay.staff.language", "en");
    d.put("relay.enrichment.skip-when-complete", "true");
    d.put("relay.enrichment.max-age", "PT15M");
    d.put("relay.enrichment.catch-up", "PT60S");
    d.put("relay.channel.email.host", "");
    d.put("relay.channel.email.port", "");
    d.put("relay.channel.email.user", "");
    d.put("relay.channel.email.password", "");
    d.put("relay.channel.email.tls", "starttls");
    d.put("relay.channel.email.from", "");
    d.put("relay.channel.email.on-uncertain", "resend");
    d.put("relay.channel.email.phi", "full");
    d.put("relay.channel.sms.base-url", "");
    d.put("relay.channel.sms.account", "");
    d.put("relay.channel.sms.token", "");
    d.put("relay.channel.sms.from", "");
    d.put("relay.channel.sms.on-uncertain", "resend");
    d.put("relay.channel.sms.phi", "visit");
    d.put("relay.channel.webhook.url", "");
    d.put("relay.channel.webhook.secret", "");
    d.put("relay.channel.webhook.allow-private", "false");
    d.put("relay.channel.webhook.on-uncertain", "resend");
    d.put("relay.channel.ehr.on-uncertain", "resend");
    d.put("relay.messaging.quiet-hours", "21:00-08:00");
    d.put("relay.messaging.too-late", "PT4H");
    d.put("relay.messaging.settle", "PT60S");
    d.put("relay.messaging.rebook-window", "PT5M");
    d.put("relay.messaging.test-traffic", "record");
    d.put("relay.messaging.require-consent", "false");
    d.put("relay.messaging.allow", "");
    d.put("relay.messaging.contact-persons", "false");
    d.put("relay.messaging.limit", "1/P1D,3/P7D");
    d.put("relay.messaging.brake", "200/PT10M");
    d.put("relay.retry.inbox", "8 attempts, 1s..10m");
    d.put("relay.retry.outbox", "10 attempts, 2s..1h");
    d.put("relay.retry.give-up", "P7D");
    d.put("relay.retention.bodies", "P30D");
    d.put("relay.retention.deliveries", "P1Y");
    d.put("relay.retention.timeline", "P3Y");
    DEFAULTS = Collections.unmodifiableMap(d);
  }

  /** What the sandbox puts in the place of what is unset; the Application adds its ports. */
  static final Map<String, String> IN_SANDBOX =
      Map.ofEntries(
          entry("relay.replies.carrier-words", "relay"),
          entry("relay.enrichment.catch-up", "PT0S"),
          entry("relay.channel.email.host", "127.0.0.1"),
          entry("relay.channel.email.tls", "none"),
          entry("relay.channel.email.from", "Good Health Clinic <appointments@clinic.example.org>"),
          entry("relay.channel.sms.account", "ACsandbox"),
          entry("relay.channel.sms.token", "sandbox-sms-token"),
          entry("relay.channel.sms.from", "+13125550100"),
          entry("relay.channel.webhook.secret", "whsec_c2FuZGJveC1zZWNyZXQtb2YtdGhlLXJlbGF5"),
          entry("relay.channel.webhook.allow-private", "true"));

  /**
   * What lets a newcomer see messages at once; never where a real address could reach people at
   * night.
   */
  static final Map<String, String> WHERE_NOBODY_IS_REACHED =
      Map.of(
          "relay.messaging.quiet-hours", "none",
          "relay.messaging.limit", "none",
          "relay.messaging.brake", "none",
          "relay.messaging.settle", "PT0S",
          "relay.messaging.rebook-window", "PT0S");

  /** Channels that are off still have route files, whose placeholders must mean something. */
  static final List<String> NEEDED_BY_ROUTES =
      List.of(
          "relay.channel.email.host",
          "relay.channel.email.from",
          "relay.channel.sms.base-url",
          "relay.channel.sms.account",
          "relay.channel.sms.token",
          "relay.channel.webhook.url");

  private Names() {}
}
