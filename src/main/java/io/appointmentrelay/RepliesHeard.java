package io.appointmentrelay;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.appointmentrelay.intake.Doorkeeper;
import io.appointmentrelay.intake.SourceKinds;
import io.appointmentrelay.intake.reply.TwilioSignature;
import io.appointmentrelay.messaging.Clinic;
import io.appointmentrelay.messaging.ReplyLinks;
import io.appointmentrelay.messaging.Texts;
import io.appointmentrelay.outbox.ReplyOffers;
import io.appointmentrelay.reply.AnswerCarrier;
import io.appointmentrelay.reply.ChooseToBeTexted;
import io.appointmentrelay.reply.FollowLink;
import io.appointmentrelay.reply.UnderstandReply;
import io.appointmentrelay.settings.Settings;
import io.appointmentrelay.settings.Settings.Source;
import io.appointmentrelay.store.Store;
import java.net.URI;
import java.net.URLEncoder;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Supplier;

/**
 * Puts together what hears patients' replies. They come in as the notifications of two sources that
 * nobody configures: {@code sms}, and {@code link}, which has no address of its own below {@code
 * /webhooks/}.
 */
final class RepliesHeard {

  static final String SMS = "sms";
  private static final String LINK = "link";

  private final Settings settings;
  private final Store store;
  private final Supplier<URI> publicUrl;
  private final ReplyLinks links;

  RepliesHeard(Settings settings, Store store, Supplier<URI> publicUrl) {
    this.settings = settings;
    this.store = store;
    this.publicUrl = publicUrl;
    List<String> keys = settings.replies().keys();
    this.links = new ReplyLinks(keys.isEmpty() ? List.of(store.replyKey()) : keys);
  }

  /** By name; none where replies are off. */
  Map<String, Source> sources() {
    Map<String, Source> sources = new LinkedHashMap<>();
    if (settings.replies().on()) {
      sources.put(SMS, source(SMS, SourceKinds.SMS_REPLY));
      sources.put(LINK, source(LINK, SourceKinds.LINK_REPLY));
    }
    return sources;
  }

  private Source source(String name, String kind) {
    Settings.Clinic clinic = settings.clinic();
    return new Source(name, kind, List.of(), clinic.zone(), clinic.region(), name, null);
  }

  /** Who may speak as the gateway; nobody where replies are off. */
  Map<String, Doorkeeper> doorkeepers() {
    return settings.replies().on()
        ? Map.of(
            SMS,
            Doorkeeper.ofSigned(
                new TwilioSignature(settings.replies().smsTokens(), publicUrl, "/webhooks/sms")))
        : Map.of();
  }

  /** What the gateway would send for a text message, each time another one. */
  static byte[] textMessage(String from, String to, String words) {
    return ("MessageSid=SM"
            + UUID.randomUUID().toString().replace("-", "")
            + "&From="
            + URLEncoder.encode(from, UTF_8)
            + "&To="
            + URLEncoder.encode(to, UTF_8)
            + "&NumMedia=0&Body="
            + URLEncoder.encode(words, UTF_8))
        .getBytes(UTF_8);
  }

  ReplyOffers offers() {
    return new ReplyOffers(links, publicUrl);
  }

  /** What {@code routes/reply} names, by name. */
  Map<String, Object> beans(Texts texts, Clinic clinic, Clock clock) {
    FollowLink followLink = new FollowLink(links, store, texts, clinic, clock);
    String region = settings.clinic().region();
    return Map.of(
        "understandReply", new UnderstandReply(store, texts, region),
        "optOut", new ChooseToBeTexted(true, region),
        "optIn", new ChooseToBeTexted(false, region),
        "answerCarrier", new AnswerCarrier(texts, clinic, settings.replies().answersCarrierWords()),
        "followLink", followLink,
        "thankForReply", followLink.thanks());
  }
}
