package io.appointmentrelay.acceptance;

import static io.appointmentrelay.acceptance.RunningRelay.encoded;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.appointmentrelay.intake.reply.TwilioSignature;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.UUID;
import java.util.regex.Pattern;

/** A patient's telephone: texts back through the gateway, and opens and presses what it is sent. */
final class Phone {

  static final String TOKEN = "sandbox-sms-token";

  private static final Pattern LINK = Pattern.compile("https?://\\S+/reply/[A-Za-z0-9_-]+");

  private final RunningRelay relay;
  private final String number;

  Phone(RunningRelay relay, String number) {
    this.relay = relay;
    this.number = number;
  }

  /** What a gateway sends on for a text message. */
  byte[] form(String sid, String words) {
    return ("ToCountry=US&MessageSid="
            + encoded(sid)
            + "&From="
            + encoded(number)
            + "&To=%2B13125550100&NumMedia=0&Body="
            + encoded(words))
        .getBytes(UTF_8);
  }

  HttpResponse<String> send(byte[] form, String... signatures) {
    URI address = relay.webhook("sms");
    HttpRequest.Builder request =
        RunningRelay.request(address)
            .header("Content-Type", "application/x-www-form-urlencoded")
            .POST(BodyPublishers.ofByteArray(form));
    for (String signature : signatures) {
      request.header("X-Twilio-Signature", signature);
    }
    return RunningRelay.ask(request.build());
  }

  String signed(byte[] form) {
    return TwilioSignature.of(TOKEN, relay.webhook("sms").toString(), form).orElseThrow();
  }

  /** Texts, and waits for what comes of it. */
  HttpResponse<String> text(String words) {
    byte[] form = form("SM" + UUID.randomUUID(), words);
    HttpResponse<String> answer = send(form, signed(form));
    relay.awaitIdleInbox();
    relay.awaitIdleOutbox();
    return answer;
  }

  /** The links of the last e-mail: to confirm, to cancel, to be called. */
  List<URI> lastLinks() {
    // Staff are written to beside the patient, and have none.
    List<List<URI>> all =
        relay.messages("email").stream()
            .map(mail -> links(mail.path("text").asText()))
            .filter(links -> !links.isEmpty())
            .toList();
    return all.isEmpty() ? List.of() : all.get(all.size() - 1);
  }

  private static List<URI> links(String text) {
    return LINK.matcher(text).results().map(found -> URI.create(found.group())).toList();
  }

  static HttpResponse<String> open(URI link) {
    return RunningRelay.ask(RunningRelay.request(link).GET().build());
  }

  HttpResponse<String> press(URI link) {
    HttpResponse<String> page =
        RunningRelay.ask(
            RunningRelay.request(link)
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(BodyPublishers.noBody())
                .build());
    relay.awaitIdleInbox();
    relay.awaitIdleOutbox();
    return page;
  }
}
