package io.appointmentrelay.process;

import static java.util.stream.Collectors.counting;
import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.mapping;
import static java.util.stream.Collectors.toSet;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.appointmentrelay.process.Life.Post;
import io.appointmentrelay.process.StoreView.Kept;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * kill -9 at random moments under load, again and again; then everything must be as if nothing had
 * happened, but for repeats of what was in flight. One run, looked at from all sides.
 */
class KillIT {

  private static final int KILLS = 9;
  private static final int LIVES_BETWEEN_KILLS = 40;
  private static final int CONNECTIONS = 16;

  /** Sixteen webhooks, four mails and four texts are sent at once, and as many written down. */
  private static final int REPEATS_PER_KILL = 48;

  /** No process can send so soon after it was started; what an earlier one sent has arrived. */
  private static final long BOUNDARY_NANOS = TimeUnit.MILLISECONDS.toNanos(300);

  @TempDir private static Path directory;

  private static final List<Life> lives = new ArrayList<>();
  private static final List<Long> boundaries = new ArrayList<>();
  private static final Receiver receiver = new Receiver();
  private static final Mailbox mailbox = new Mailbox();
  private static Installation installation;
  private static StoreView store;
  private static List<Kept> kept;
  private static int unanswered;

  @BeforeAll
  static void killItAgainAndAgain() throws Exception {
    long seed = Long.getLong("seed", System.nanoTime());
    System.out.println("KillIT: repeat this run's lives and moments with -Dseed=" + seed);
    Random random = new Random(seed);
    LifeGenerator generator = new LifeGenerator(seed);
    installation = Installation.in(directory).sendingTo(mailbox.port(), receiver.port());
    store = new StoreView(installation.store());
    AtomicReference<URI> address = new AtomicReference<>();
    RelayProcess relay = installation.start().awaitReady();
    address.set(relay.senders());
    try (Senders senders = new Senders(CONNECTIONS, address::get)) {
      for (int kill = 0; kill < KILLS; kill++) {
        List<Life> portion = generator.next(LIVES_BETWEEN_KILLS);
        lives.addAll(portion);
        int posts = portion.stream().mapToInt(life -> life.posts().size()).sum();
        CountDownLatch moment = new CountDownLatch(1);
        int last = senders.answered() + 1 + random.nextInt(posts * 3 / 4);
        senders.onAnswer(
            count -> {
              if (count >= last) {
                moment.countDown();
              }
            });
        senders.tell(portion);
        assertThat(moment.await(60, TimeUnit.SECONDS)).as("senders are answered").isTrue();
        relay.kill();
        if (kill % 4 == 3) {
          relay = installation.start();
          killWhileStarting(relay, random);
        }
        relay = installation.start();
        boundaries.add(relay.spawnedNanos() + BOUNDARY_NANOS);
        relay.awaitReady();
        address.set(relay.senders());
      }
      await("all lives are told")
          .atMost(Duration.ofSeconds(60))
          .until(() -> senders.told() == lives.size());
      unanswered = senders.unanswered();
    }
    await("nothing waits").atMost(Duration.ofSeconds(60)).until(() -> store.waiting() == 0);
    assertThat(relay.stop(Duration.ofSeconds(35))).isIn(0, 143);
    kept = store.notifications();
    System.out.printf(
        "KillIT: %d kills, %d lives, %d notifications, %d posted again; %d webhooks (%d repeated), %d mails (%d), %d texts (%d)%n",
        KILLS + KILLS / 4,
        lives.size(),
        posts().size(),
        unanswered,
        receiver.webhooks().size(),
        repeats(receiver.webhooks()),
        mailbox.mails().size(),
        repeats(mailbox.mails()),
        receiver.texts().size(),
        repeats(receiver.texts()));
  }

  private static void killWhileStarting(RelayProcess relay, Random random) {
    long moment = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(200 + random.nextInt(2_500));
    boundaries.add(relay.spawnedNanos() + BOUNDARY_NANOS);
    await("a moment of its start")
        .pollInterval(Duration.ofMillis(5))
        .until(() -> System.nanoTime() > moment);
    relay.kill();
  }

  @AfterAll
  static void close() {
    receiver.close();
    mailbox.close();
  }

  @Test
  void everyNotificationThatWasAnswered200IsKeptOnce() {
    Map<String, List<Kept>> byBody = kept.stream().collect(groupingBy(Kept::body));
    SoftAssertions softly = new SoftAssertions();
    for (Post post : posts()) {
      List<Kept> rows = byBody.getOrDefault(post.body(), List.of());
      if (post.hasId()) {
        softly
            .assertThat(rows.stream().filter(row -> !row.status().equals("duplicate")).count())
            .as("kept copies of %s", post.body())
            .isEqualTo(1);
      } else {
        softly.assertThat(rows).as("kept copies of %s", post.body()).isNotEmpty();
        softly
            .assertThat(rows.stream().skip(1).map(Kept::event))
            .as("repeats of %s", post.body())
            .allMatch("UNCHANGED"::equals);
      }
    }
    softly.assertAll();
    assertThat(byBody.keySet()).hasSameSizeAs(posts());
  }

  @Test
  void everyNotificationTurnsOutToBeWhatItIs() {
    Map<String, String> eventOf = new LinkedHashMap<>();
    kept.stream()
        .filter(row -> row.event() != null)
        .forEach(row -> eventOf.putIfAbsent(row.body(), row.event()));
    SoftAssertions softly = new SoftAssertions();
    for (Life life : lives) {
      if (!life.events().isEmpty()) {
        softly
            .assertThat(life.posts().stream().map(post -> eventOf.get(post.body())).toList())
            .isEqualTo(life.events());
      }
    }
    softly.assertAll();
  }

  @Test
  void everyDeliveryEndsOrLiesInTheFuture() throws Exception {
    assertThat(store.waiting()).isZero();
    assertThat(store.deliveries("dead")).isZero();
    assertThat(store.deliveries("sent")).isPositive();
  }

  @Test
  void theAuditAddsUp() throws Exception {
    Finished audit = installation.run("audit");

    assertThat(audit.status()).as(audit.printed()).isZero();
    assertThat(audit.printed()).contains("It adds up");
  }

  @Test
  void everyEventReachesTheClinicsSystemInOrderUnderOneIdWithOneContent() {
    Map<String, Set<String>> contents =
        receiver.webhooks().stream()
            .collect(groupingBy(Arrival::key, mapping(Arrival::content, toSet())));
    assertThat(contents.values()).allSatisfy(same -> assertThat(same).hasSize(1));

    Webhooks.assertCompleteAndInOrder(receiver.webhooks(), kept);
  }

  @Test
  void eventsOfOneLifeArriveInTheirOrderAlsoWhenItGetsAnotherNumber() {
    Map<String, Long> arrivedAt = new LinkedHashMap<>();
    for (Arrival webhook : receiver.webhooks()) {
      arrivedAt.putIfAbsent(Webhooks.notification(webhook), webhook.nanos());
    }
    Map<String, Kept> applied = new LinkedHashMap<>();
    kept.stream()
        .filter(row -> arrivedAt.containsKey(row.id()))
        .forEach(row -> applied.put(row.body(), row));
    SoftAssertions softly = new SoftAssertions();
    for (Life life : lives) {
      List<Long> arrivals =
          life.posts().stream()
              .map(post -> applied.get(post.body()))
              .filter(Objects::nonNull)
              .map(row -> arrivedAt.get(row.id()))
              .toList();
      softly.assertThat(arrivals).as("%s %s", life.email(), life.summary()).isSorted();
    }
    softly.assertAll();
  }

  @Test
  void onlyWhatWasInFlightAtAKillIsRepeated() {
    for (List<Arrival> channel : List.of(receiver.webhooks(), mailbox.mails())) {
      List<String> unexplained = new ArrayList<>();
      Map<String, Arrival> before = new LinkedHashMap<>();
      for (Arrival arrival : channel) {
        Arrival earlier = before.put(arrival.key(), arrival);
        if (earlier != null && !isAKillBetween(earlier.nanos(), arrival.nanos())) {
          unexplained.add(arrival.key() + " at " + earlier.nanos() + " and " + arrival.nanos());
        }
      }
      assertThat(unexplained)
          .as("repeated with no kill in between; kills at %s", boundaries)
          .isEmpty();
      assertThat(repeats(channel)).isLessThanOrEqualTo(boundaries.size() * REPEATS_PER_KILL);
    }
  }

  /**
   * But for what was in flight at a kill and then overtaken: when it becomes true again, as by
   * booked, cancelled and restored, nobody knows whether it was told.
   */
  @Test
  void whatIsSaidTwiceToAPersonCarriesTheSameMessageId() throws Exception {
    Set<String> perhapsTold =
        store.perhapsTold().stream().map(id -> "<delivery-" + id + ".").collect(Collectors.toSet());
    Map<String, Set<String>> ids =
        mailbox.mails().stream()
            .filter(mail -> perhapsTold.stream().noneMatch(mail.key()::startsWith))
            .collect(
                groupingBy(
                    mail -> mail.recipient() + "\n" + mail.subject() + "\n" + mail.content(),
                    mapping(Arrival::key, toSet())));
    assertThat(ids.values()).allSatisfy(same -> assertThat(same).hasSize(1));
  }

  @Test
  void oneMessageIdNeverSaysTwoThings() {
    Map<String, Set<String>> contents =
        mailbox.mails().stream()
            .collect(
                groupingBy(
                    Arrival::key,
                    mapping(mail -> mail.subject() + "\n" + mail.content(), toSet())));
    assertThat(contents.values()).allSatisfy(same -> assertThat(same).hasSize(1));
  }

  @Test
  void whatAPersonReadsLastIsTrue() {
    DateTimeFormatter time = DateTimeFormatter.ofPattern("d MMMM 'at' h:mm a", Locale.ENGLISH);
    Map<String, Arrival> last = new TreeMap<>();
    mailbox.mails().forEach(mail -> last.put(mail.recipient(), mail));
    SoftAssertions softly = new SoftAssertions();
    for (Life life : lives) {
      Arrival mail = life.email() == null ? null : last.get(life.email());
      if (mail == null) {
        continue;
      }
      String ending = mail.subject();
      switch (life.end()) {
        case "cancelled" ->
            softly
                .assertThat(ending)
                .as("%s %s", life.email(), life.summary())
                .contains("is cancelled");
        case "noshow" ->
            softly
                .assertThat(ending)
                .as("%s %s", life.email(), life.summary())
                .contains("We missed you");
        default ->
            softly
                .assertThat(mail.content())
                .as("%s %s", life.email(), life.summary())
                .contains(time.format(life.start().atZone(ZoneId.of("America/Chicago"))));
      }
    }
    softly.assertAll();
  }

  private static boolean isAKillBetween(long before, long after) {
    return boundaries.stream().anyMatch(kill -> before < kill && kill < after);
  }

  private static List<Post> posts() {
    return lives.stream().flatMap(life -> life.posts().stream()).toList();
  }

  private static long repeats(List<Arrival> arrivals) {
    return arrivals.stream()
        .collect(groupingBy(arrival -> arrival.key() + arrival.recipient(), counting()))
        .values()
        .stream()
        .mapToLong(times -> times - 1)
        .sum();
  }
}
