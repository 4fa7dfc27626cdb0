package io.appointmentrelay.faults;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.mapping;
import static java.util.stream.Collectors.toMap;
import static java.util.stream.Collectors.toSet;

import io.appointmentrelay.process.Arrival;
import io.appointmentrelay.process.Life;
import io.appointmentrelay.process.Life.Post;
import io.appointmentrelay.process.StoreView;
import io.appointmentrelay.process.StoreView.Delivered;
import io.appointmentrelay.process.StoreView.Kept;
import io.appointmentrelay.process.Webhooks;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Compares what senders were told with what the other ends got: what was accepted is told once, or
 * not, with a reason. Every discrepancy is a sentence.
 */
final class Reckoning {

  private static final Set<String> NOT_TOLD = Set.of("UNCHANGED", "STALE");
  private static final Pattern DELIVERY = Pattern.compile("delivery-(\\d+)\\.");

  /** What a process has written to a socket arrives, though it was killed. */
  private static final long ON_ITS_WAY_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

  private final List<Life> lives;
  private final Set<String> taken;
  private final FaultyMail mail;
  private final FaultyHttp http;
  private final StoreView store;
  private final List<Kept> kept;
  private final List<Delivered> deliveries;
  private final List<Long> ends;
  private final Tally tally;
  private final List<String> wrong = new ArrayList<>();

  /**
   * @param taken the bodies whose senders were answered 200
   * @param ends when processes ended
   */
  Reckoning(
      List<Life> lives,
      Set<String> taken,
      FaultyMail mail,
      FaultyHttp http,
      StoreView store,
      List<Long> ends,
      Tally tally)
      throws Exception {
    this.lives = lives;
    this.taken = taken;
    this.mail = mail;
    this.http = http;
    this.store = store;
    this.kept = store.notifications();
    this.deliveries = store.deliveries();
    this.ends = new ArrayList<>(ends);
    this.ends.addAll(mail.cuts());
    this.tally = tally;
  }

  List<String> discrepancies() {
    everyBodyIsKeptOnce();
    everyLifeIsWhatItWas();
    everyEventIsTold();
    everyMailIsAccountedFor();
    everyTextIsAccountedFor();
    nothingIsRepeatedWithoutCause();
    nothingIsSaidTwiceInOtherWords();
    whatAPersonReadsLastIsTrue();
    everyEndHasAReason();
    return wrong;
  }

  private void everyBodyIsKeptOnce() {
    Map<String, List<Kept>> byBody = kept.stream().collect(groupingBy(Kept::body));
    for (Life life : lives) {
      for (Post post : life.posts()) {
        List<Kept> rows = byBody.getOrDefault(post.body(), List.of());
        long once = rows.stream().filter(row -> !row.status().equals("duplicate")).count();
        if (taken.contains(post.body()) && rows.isEmpty()) {
          wrong.add("accepted and not kept: " + post.body());
        }
        if (post.hasId() && once > 1) {
          wrong.add("kept " + once + " times: " + post.body());
        }
        tally.add("notifications: kept", once);
        tally.add("notifications: repeats known as such", rows.size() - once);
      }
    }
    kept.stream()
        .filter(row -> Set.of("received", "parked").contains(row.status()))
        .forEach(row -> wrong.add("notification " + row.id() + " is " + row.status()));
  }

  private void everyLifeIsWhatItWas() {
    Map<String, String> eventOf = new LinkedHashMap<>();
    for (Kept row : kept) {
      if (row.event() != null) {
        eventOf.putIfAbsent(row.body(), row.event());
      }
    }
    for (Life life : lives) {
      List<String> events =
          life.posts().stream().map(post -> String.valueOf(eventOf.get(post.body()))).toList();
      if (!life.events().isEmpty() && !events.equals(life.events())) {
        wrong.add("a life told as " + life.events() + " came out as " + events);
      }
    }
  }

  /** By the events that the generator meant, and by those in the store. */
  private void everyEventIsTold() {
    List<Arrival> webhooks = http.webhooks().stream().map(Taken::arrival).toList();
    Map<String, Integer> told = new HashMap<>();
    webhooks.stream()
        .collect(toMap(Arrival::key, Webhooks::appointment, (first, again) -> first))
        .values()
        .forEach(appointment -> told.merge(appointment, 1, Integer::sum));
    for (Life life : lives) {
      String name = name(life);
      long meant = life.events().stream().filter(event -> !NOT_TOLD.contains(event)).count();
      long found = told.getOrDefault(name, 0);
      if (!life.events().isEmpty() && meant != found) {
        wrong.add(name + " has " + meant + " events; its system heard of " + found);
      }
      tally.add("webhooks: events meant to be told", meant);
    }
    tally.add("webhooks: events told", webhooks.stream().map(Arrival::key).distinct().count());
    try {
      Webhooks.assertCompleteAndInOrder(webhooks, kept);
    } catch (AssertionError e) {
      wrong.add("webhooks: " + e.getMessage());
    }
  }

  private static String name(Life life) {
    Matcher name =
        Pattern.compile("\"((?:life|canvas)-\\d+)\"").matcher(life.posts().get(0).body());
    return name.find() ? name.group(1) : "";
  }

  private void everyMailIsAccountedFor() {
    Map<Long, List<Taken>> arrived =
        mail.taken().stream().collect(groupingBy(one -> delivery(one.key())));
    for (Delivered delivery : of("email")) {
      List<Taken> mails = arrived.getOrDefault(delivery.id(), List.of());
      boolean isSent = delivery.status().equals("sent");
      boolean wasAnswered = mails.stream().anyMatch(Taken::answered);
      if (isSent && mails.isEmpty()) {
        wrong.add("mail " + delivery.id() + " is sent, says the store; it never arrived");
      }
      if (!isSent && wasAnswered && !delivery.interrupted()) {
        wrong.add("mail " + delivery.id() + " arrived; the store says " + delivery.status());
      }
    }
    tally.add("mails: arrived", arrived.size());
    tally.add("mails: arrived again under the same id", mail.taken().size() - arrived.size());
  }

  private static long delivery(String messageId) {
    Matcher matcher = DELIVERY.matcher(messageId);
    return matcher.find() ? Long.parseLong(matcher.group(1)) : -1;
  }

  private void everyTextIsAccountedFor() {
    Map<String, Taken> bySid = http.texts().stream().collect(toMap(Taken::key, one -> one));
    Set<String> known = new HashSet<>();
    for (Delivered delivery : of("sms")) {
      if (delivery.status().equals("sent")) {
        if (!bySid.containsKey(delivery.providerId())) {
          wrong.add("text " + delivery.id() + " is sent, says the store; it never arrived");
        } else if (!known.add(delivery.providerId())) {
          wrong.add("text " + delivery.id() + " is sent by what was another's");
        }
      }
    }
    long overtaken =
        of("sms").stream()
            .filter(one -> one.interrupted() && one.status().equals("superseded"))
            .count();
    if (http.texts().size() - known.size() > overtaken) {
      wrong.add(
          (http.texts().size() - known.size())
              + " texts arrived that no delivery knows; "
              + overtaken
              + " were overtaken while in doubt");
    }
    tally.add("texts: arrived", http.texts().size());
    tally.add("texts: known by the gateway's id", known.size());
  }

  private List<Delivered> of(String channel) {
    return deliveries.stream().filter(one -> one.channel().equals(channel)).toList();
  }

  private void nothingIsRepeatedWithoutCause() {
    tally.add("mails: came again after a kill or without an answer", repeats(mail.taken(), "mail"));
    tally.add(
        "webhooks: came again after a kill or without an answer",
        repeats(http.webhooks(), "webhook"));
  }

  private long repeats(List<Taken> all, String what) {
    Map<String, Taken> before = new HashMap<>();
    long repeats = 0;
    for (Taken one : all) {
      Taken earlier = before.put(one.key() + one.arrival().recipient(), one);
      if (earlier != null) {
        repeats++;
        if (earlier.answered() && !endedBetween(earlier.nanos(), one.nanos())) {
          wrong.add(what + " " + one.key() + " came again, though nothing had happened");
        }
      }
    }
    return repeats;
  }

  private boolean endedBetween(long before, long after) {
    return ends.stream().anyMatch(end -> before - ON_ITS_WAY_NANOS < end && end < after);
  }

  /** No life says the same twice with good reason. */
  private void nothingIsSaidTwiceInOtherWords() {
    Set<Long> perhapsTold =
        deliveries.stream().filter(Delivered::interrupted).map(Delivered::id).collect(toSet());
    mail.taken().stream()
        .filter(one -> !perhapsTold.contains(delivery(one.key())))
        .map(Taken::arrival)
        .collect(
            groupingBy(
                one -> one.recipient() + "\n" + one.subject() + "\n" + one.content(),
                mapping(Arrival::key, toSet())))
        .forEach(
            (said, ids) -> {
              if (ids.size() > 1) {
                wrong.add("said in several mails " + ids + ": " + said.replace("\n", " / "));
              }
            });
    Map<String, List<Taken>> texts =
        http.texts().stream()
            .collect(groupingBy(one -> one.arrival().recipient() + "\n" + one.arrival().content()));
    texts.values().stream().filter(all -> all.size() > 1).forEach(this::isTextRepeatedWithCause);
  }

  /**
   * A text that was in doubt when newer news took its place is not asked for any more; if that news
   * says the same, it is said again.
   */
  private void isTextRepeatedWithCause(List<Taken> all) {
    List<String> sent =
        of("sms").stream()
            .filter(one -> one.status().equals("sent"))
            .map(Delivered::providerId)
            .toList();
    tally.add("texts: came again, overtaken while in doubt", all.size() - 1L);
    if (all.stream().filter(one -> sent.contains(one.key())).count() > 1) {
      wrong.add(
          "said in several texts "
              + all.stream().map(one -> one.key() + (one.answered() ? "" : " unanswered")).toList()
              + ": "
              + all.get(0).arrival().content()
              + "\n"
              + String.join("\n", store.around(all.stream().map(Taken::key).toList())));
    }
  }

  private void whatAPersonReadsLastIsTrue() {
    DateTimeFormatter time = DateTimeFormatter.ofPattern("d MMMM 'at' h:mm a", Locale.ENGLISH);
    Map<String, Arrival> last = new HashMap<>();
    mail.taken().forEach(one -> last.put(one.arrival().recipient(), one.arrival()));
    for (Life life : lives) {
      Arrival read = life.email() == null ? null : last.get(life.email());
      if (read == null || mail.rejected().contains(life.email())) {
        continue;
      }
      boolean isTrue =
          switch (life.end()) {
            case "cancelled" -> read.subject().contains("is cancelled");
            case "noshow" -> read.subject().contains("We missed you");
            default ->
                read.content()
                    .contains(time.format(life.start().atZone(ZoneId.of("America/Chicago"))));
          };
      tally.add("people: read last what is true", isTrue ? 1 : 0);
      if (!isTrue) {
        wrong.add(
            life.email() + " read last '" + read.subject() + "'; the truth is " + life.summary());
      }
    }
  }

  private void everyEndHasAReason() {
    Set<String> withReason = Set.of("suppressed", "dead");
    for (Delivered delivery : deliveries) {
      String reason = delivery.reason() == null ? "" : " (" + delivery.reason() + ")";
      boolean tells = withReason.contains(delivery.status());
      tally.add(
          "deliveries: " + delivery.channel() + " " + delivery.status() + (tells ? reason : ""));
      if (tells && delivery.reason() == null) {
        wrong.add("delivery " + delivery.id() + " is " + delivery.status() + " without a reason");
      }
      boolean isRejected = delivery.reason() != null && delivery.reason().startsWith("SMTP 55");
      if (delivery.status().equals("dead") && !isRejected) {
        wrong.add("delivery " + delivery.id() + " is dead by " + delivery.reason());
      }
    }
  }
}
